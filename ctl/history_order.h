/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The history by time.  It lies by login, and the numbers of its entries tell
 * their order no more once a dump was loaded; so it is looked through once for
 * each PC_HISTORY_ORDER_PART entries that are shown, and no more than these are
 * in memory.
 */
#ifndef PC_HISTORY_ORDER_H
#define PC_HISTORY_ORDER_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/state/store.h"

/* About 100 bytes each, 1 kB at the most. */
#define PC_HISTORY_ORDER_PART 131072

/*
 * Calls the function for every entry of that login (NULL: of all), the oldest
 * first; of the same second, in the order in which they were written.  What is
 * written meanwhile may be among them.  "part" is PC_HISTORY_ORDER_PART.
 */
int
pc_history_order_each(struct pt_store *store, const struct pt_login *login,
    size_t part, pt_history_fn *fn, void *arg, struct pt_err *err);

/* For the newest "count" entries alone, which are all in memory. */
int
pc_history_order_last(struct pt_store *store, const struct pt_login *login,
    size_t count, pt_history_fn *fn, void *arg, struct pt_err *err);

#endif
