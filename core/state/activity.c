/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/activity.h"

void
pt_activity_init(struct pt_activity *activity, const struct pt_login *login)
{
	activity->login = *login;
	activity->exists = false;
	for (int i = 0; i < PT_COUNTED; i++) {
		activity->log[i].count = 0;
		activity->total[i] = 0;
	}
	activity->recent_count = 0;
	activity->grant_id = 0;
	activity->grant_used = 0;
	activity->last_sent_at = 0;
	activity->refusals.total = 0;
	activity->refusals.last_at = 0;
	activity->refusals.last_reason = 0;
	activity->refusals.attempt_count = 0;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/*
 * All entries of now and later become one of now, because two entries never
 * share a second.
 */
static bool
settle_log(struct pt_window_log *log, int64_t now)
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

static bool
settle_stamp(int64_t *at, int64_t now)
{
	if (*at <= now)
		return false;
	*at = now;
	return true;
}

bool
pt_activity_settle(struct pt_activity *activity, int64_t now)
{
	bool changed = false;

	for (int i = 0; i < PT_COUNTED; i++)
		changed |= settle_log(&activity->log[i], now);
	for (unsigned i = activity->recent_count; i-- > 0;) {
		if (!settle_stamp(&activity->recent[i].at, now))
			break;
		changed = true;
	}
	changed |= settle_stamp(&activity->last_sent_at, now);
	changed |= settle_stamp(&activity->refusals.last_at, now);
	return changed;
}
