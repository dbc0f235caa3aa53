/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Limits as they stand in a plan.
 *
 * A window "15/1h" lets 15 pass in any period of one hour; a rate such as
 * block_after_refusals is a single window.  An empty list of windows is no
 * limit at all; a scalar limit has "on" false then.
 */
#ifndef PT_CONFIG_LIMIT_H
#define PT_CONFIG_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

#define PT_WINDOWS_MAX 8

struct pt_window {
	uint64_t limit;  /* 0 is allowed: nothing may pass */
	int64_t seconds; /* > 0 */
};

/* Sorted by length, the shortest first; no two of the same length. */
struct pt_windows {
	size_t count;
	struct pt_window at[PT_WINDOWS_MAX];
};

/* "15/1h"; with sizes "2500M/1d". */
int
pt_window_parse(
    const char *s, bool is_size, struct pt_window *out, struct pt_err *err);

/* cap >= 64 */
void
pt_window_format(
    const struct pt_window *window, bool is_size, char *buf, size_t cap);

/*
 * Adds a window at its place.  PT_ERR_CONFIG if the list is full, has that
 * length already, or contradicts: a longer window with a smaller or equal
 * limit makes the shorter one useless.
 */
int
pt_windows_add(struct pt_windows *list, const struct pt_window *window,
    struct pt_err *err);

#endif
