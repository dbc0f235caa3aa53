/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* How full the windows of a login are: for quota, explain, top and report. */
#ifndef PC_FILL_H
#define PC_FILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/config/plan.h"
#include "core/state/activity.h"

#define PC_FILLS_MAX ((size_t)PT_COUNTED * PT_WINDOWS_MAX)

struct pc_fill {
	enum pt_counted counted;
	struct pt_window window;
	uint64_t used;
	uint64_t left;
	/* When one more fits; 0: now; -1: never, the limit is 0. */
	int64_t free_at;
};

/* One window; counted is not filled. */
void
pc_fill_window(const struct pt_window *window, const struct pt_window_log *log,
    int64_t now, struct pc_fill *out);

/* "out" has room for PC_FILLS_MAX; the number of fills. */
size_t
pc_fill_all(const struct pt_plan *plan, const struct pt_activity *activity,
    int64_t now, struct pc_fill *out);

/* All that the log holds, of whichever window. */
uint64_t
pc_fill_sum(const struct pt_window_log *log);

/* Does anything count in a window of sending? */
bool
pc_fill_is_any(const struct pt_activity *activity);

#endif
