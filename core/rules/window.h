/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Rolling windows over a short log of (time, amount).
 *
 * A window of S seconds and limit L promises: in no period of S seconds does
 * more than L pass.  Stamps are whole seconds, so an entry of second t may
 * stand for anything before t + 1 and counts until t + S inclusive; it is
 * free from t + S + 1 on.
 *
 * The log holds at most 32 entries and serves all windows of one kind.
 * While they fit it is exact.  When it is full, two neighbours become one at
 * the later time: the window never admits more than its limit, and refuses a
 * little longer.  The pair is chosen whose span is the smallest part of the
 * shortest window that it still counts in.  With k windows on a log, a unit
 * is held at most 2 / (ceil(31 / k) - 1) of a window longer than exact: 6.7 %
 * for one window, 13.4 % for two, 20 % for three.  (Among the pairs that count
 * in the same windows all but the oldest lie inside the window and cover each
 * moment at most twice, so the shortest of n is at most 2 / (n - 1) of it.)
 *
 * All functions are pure and expect a settled log: no stamp after now.
 */
#ifndef PT_RULES_WINDOW_H
#define PT_RULES_WINDOW_H

#include <stdint.h>

#include "core/config/limit.h"
#include "core/state/activity.h"

/* What counts in a window of that length at "now"; saturates. */
uint64_t
pt_window_used(const struct pt_window_log *log, int64_t seconds, int64_t now);

/*
 * The first time, not before now, at which "amount" more fits if nothing
 * else passes meanwhile; -1 if it never does (amount > limit).
 */
int64_t
pt_window_free_at(const struct pt_window_log *log,
    const struct pt_window *window, uint64_t amount, int64_t now);

/*
 * Of the windows that do not admit "amount" now the one that admits it last,
 * with that time (-1: never) in free_at_out; NULL if all admit it.
 */
const struct pt_window *
pt_window_full(const struct pt_window_log *log,
    const struct pt_windows *windows, uint64_t amount, int64_t now,
    int64_t *free_at_out);

/*
 * Notes that "amount" passed now.  Entries that count in none of the windows
 * go; without windows nothing is kept at all.
 */
void
pt_window_add(struct pt_window_log *log, const struct pt_windows *windows,
    uint64_t amount, int64_t now);

/*
 * Takes back up to "amount" of what passed at "at".  Exact while that moment
 * has an entry of its own.  From an entry that stands for several moments it
 * takes the amount, and what remains goes on counting at the last of them: the
 * window still never admits more than its limit.  What counts no longer is not
 * there any more, and nothing is taken.
 */
void
pt_window_take(struct pt_window_log *log, uint64_t amount, int64_t at);

#endif
