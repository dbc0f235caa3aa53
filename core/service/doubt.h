/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Doubt of the clock.  What housekeeping does cannot be undone, and the clock
 * may be wrong.  So it is doubted where it lies before what the state was last
 * stamped with by more than a day, or more than PT_DOUBT_GAP_SECONDS behind it
 * or behind the last walk; that nobody looked after the accounts for so long is
 * the same, because maybe nobody could use them.  Stamps are those of the last
 * step of a walk (core/service/sweep.h), and of the lives of policyd and the
 * keeper, unless they ended in good order.
 *
 * From then on disuse counts anew, and for PT_DOUBT_SECONDS walks do nothing,
 * and no notice is given up because it is too old (outbox_entry.h).
 */
#ifndef PT_SERVICE_DOUBT_H
#define PT_SERVICE_DOUBT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/state/store.h"

/* A walk each month is often enough. */
#define PT_DOUBT_GAP_SECONDS ((int64_t)35 * 86400)
#define PT_DOUBT_SECONDS     ((int64_t)7 * 86400)

/* Is "now" odd after "last" (0: there was none)? */
bool
pt_doubt_is_odd(int64_t last, int64_t now);

/* Does a doubt of before go on? */
bool
pt_doubt_goes_on(const struct pt_swept *swept, int64_t now);

/*
 * Is the clock doubted, or to be?  *since_out is when the doubt began, or
 * "now".  1, 0 or -1; waits for no disk and no lock.
 */
int
pt_doubt_look(struct pt_store *store, int64_t now, int64_t *since_out,
    struct pt_err *err);

/*
 * At the start of who keeps house, before it stamps anything: a doubt that is
 * new is put down, for which it waits for the writer's lock.  As
 * pt_doubt_look() else.
 */
int
pt_doubt_begin(struct pt_store *store, int64_t now, int64_t *since_out,
    struct pt_err *err);

#endif
