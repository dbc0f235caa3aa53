/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What becomes of single entries of the outbox: when a notice that failed is
 * tried again, when it is given up, and when that is forgotten.
 */
#ifndef PT_SERVICE_OUTBOX_ENTRY_H
#define PT_SERVICE_OUTBOX_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/config/plan.h"
#include "core/state/store.h"

#define PT_OUTBOX_TRIES_MIN    5
#define PT_OUTBOX_KEEP_SECONDS ((int64_t)30 * 86400) /* what is given up */
#define PT_OUTBOX_LATE_SECONDS ((int64_t)14 * 86400)

/*
 * Is it to be tried now?  One that is to wait longer than any does comes from
 * a clock that was set back, and is due, too.
 */
bool
pt_outbox_is_due(const struct pt_outbox_entry *entry, int64_t now);

/*
 * Was it not looked at for more than PT_OUTBOX_LATE_SECONDS after it was due,
 * and is it older than give_up_after?  So it is in a backup that was restored,
 * or when notices were off for long: nobody wants to read it any more.
 */
bool
pt_outbox_is_too_old(const struct pt_outbox_entry *entry,
    const struct pt_limit *give_up_after, int64_t now);

void
pt_outbox_give_up(struct pt_outbox_entry *entry, const char *why, int64_t now);

/* After a try that failed; "why" may be any text, and is cut. */
void
pt_outbox_fail(struct pt_outbox_entry *entry,
    const struct pt_limit *give_up_after, const char *why, int64_t now);

/* It is due at once again, as if it were new. */
void
pt_outbox_retry(const struct pt_outbox_entry *entry, int64_t now,
    struct pt_outbox_change *change_out);

/* It goes. */
void
pt_outbox_drop(
    const struct pt_outbox_entry *entry, struct pt_outbox_change *change_out);

/*
 * Deletes given-up entries whose time is over.  What a clock that was ahead
 * put too far into the future is brought back: what waits is due, what was
 * given up is kept from now on.  A batch of them.  1: there may be more, 0:
 * done, -1.
 */
int
pt_outbox_tidy(struct pt_store *store, int64_t now, struct pt_err *err);

#endif
