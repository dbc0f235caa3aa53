/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/fill.h"

#include "core/rules/quota.h"
#include "core/rules/window.h"

static void
fill_one(struct pc_fill *fill, enum pt_counted counted,
    const struct pt_window *window, const struct pt_activity *activity,
    int64_t now)
{
	const struct pt_window_log *log = &activity->log[counted];

	fill->counted = counted;
	fill->window = *window;
	fill->used = pt_window_used(log, window->seconds, now);
	fill->left =
	    fill->used < window->limit ? window->limit - fill->used : 0;
	fill->free_at = pt_window_free_at(log, window, 1, now);
	if (fill->free_at == now)
		fill->free_at = 0;
}

size_t
pc_fill_all(const struct pt_plan *plan, const struct pt_activity *activity,
    int64_t now, struct pc_fill *out)
{
	const struct pt_windows *windows;
	unsigned counted;
	size_t n = 0;
	size_t i;

	for (counted = 0; counted < PT_COUNTED; counted++) {
		windows = pt_quota_windows(plan, (enum pt_counted)counted);
		for (i = 0; i < windows->count; i++)
			fill_one(&out[n++], (enum pt_counted)counted,
			    &windows->at[i], activity, now);
	}
	return n;
}
