/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Which history entries are there already, so that loading a dump twice does
 * not write them twice.  Two equal entries count as two.
 */
#ifndef PC_LOAD_HISTORY_H
#define PC_LOAD_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/state/history.h"
#include "core/state/store.h"

struct pc_load_history {
	uint64_t *hashes; /* owned, sorted */
	bool *taken;      /* owned */
	size_t count;
	size_t room;
	bool failed;
};

/* Reads the whole history: 9 bytes of memory an entry. */
int
pc_load_history_read(
    struct pc_load_history *known, struct pt_store *store, struct pt_err *err);

/* Is it there, and not yet taken for another? */
bool
pc_load_history_take(
    struct pc_load_history *known, const struct pt_history *entry);

void
pc_load_history_clear(struct pc_load_history *known);

#endif
