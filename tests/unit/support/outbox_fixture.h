/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Notices for tests of the outbox; whatever goes wrong fails the test.
 */
#ifndef PT_TESTS_OUTBOX_FIXTURE_H
#define PT_TESTS_OUTBOX_FIXTURE_H

#include "core/state/store.h"
#include "tests/unit/support/testing.h"

/* An update function: leaves the notice at arg (struct pt_notice). */
void
outbox_leave(struct pt_records *records, void *arg);

/* A notice alone, with neither a change nor an entry in the history. */
void
outbox_leave_for(struct pt_store *store, const char *name, int64_t at);

#define OUTBOX_SEEN_MAX 64

struct outbox_seen {
	size_t count;
	size_t max; /* where the walk stops */
	size_t damaged;
	struct pt_outbox_entry entry[OUTBOX_SEEN_MAX];
};

/* A walk function; arg is a struct outbox_seen. */
bool
outbox_see(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg);

/* All of it; holds until the next call. */
const struct outbox_seen *
outbox_look(struct pt_store *store);

/* A change of that entry in which nothing is changed yet. */
struct pt_outbox_change
outbox_change_of(const struct pt_outbox_entry *entry);

void
outbox_change(struct pt_store *store, const struct pt_outbox_change *to);

#endif
