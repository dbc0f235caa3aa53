/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/fill.h"

#include "core/rules/quota.h"
#include "core/rules/window.h"

void
pc_fill_window(const struct pt_window *window, const struct pt_window_log *log,
    int64_t now, struct pc_fill *out)
{
	out->window = *window;
	out->used = pt_window_used(log, window->seconds, now);
	out->left = out->used < window->limit ? window->limit - out->used : 0;
	out->free_at = pt_window_free_at(log, window, 1, now);
	if (out->free_at == now)
		out->free_at = 0;
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
		for (i = 0; i < windows->count; i++) {
			pc_fill_window(&windows->at[i], &activity->log[counted],
			    now, &out[n]);
			out[n++].counted = (enum pt_counted)counted;
		}
	}
	return n;
}

uint64_t
pc_fill_sum(const struct pt_window_log *log)
{
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; i < log->count; i++)
		sum += log->entry[i].amount;
	return sum;
}

bool
pc_fill_is_any(const struct pt_activity *activity)
{
	unsigned i;

	for (i = 0; i < PT_COUNTED; i++) {
		if (activity->log[i].count > 0)
			return true;
	}
	return false;
}
