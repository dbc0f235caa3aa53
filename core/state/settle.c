/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/settle.h"

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

bool
pt_settle_log(struct pt_window_log *log, int64_t now)
{
	struct pt_window_entry *first;
	unsigned keep = log->count;

	if (keep == 0 || log->entry[keep - 1].at <= now)
		return false;
	while (keep > 0 && log->entry[keep - 1].at >= now)
		keep--;
	first = &log->entry[keep];
	for (unsigned i = keep + 1; i < log->count; i++) {
		uint64_t room = UINT64_MAX - first->amount;
		uint64_t amount = log->entry[i].amount;

		first->amount += amount < room ? amount : room;
	}
	first->at = now;
	first->since = earlier(first->since, now);
	log->count = keep + 1;
	return true;
}
