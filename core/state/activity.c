/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/activity.h"

#include "core/state/settle.h"

void
pt_activity_init(struct pt_activity *activity, const struct pt_login *login)
{
	activity->login = *login;
	activity->exists = false;
	activity->block = (struct pt_pending_block){0};
	activity->notice = (struct pt_pending_notice){0};
	activity->penalty = (struct pt_penalty_term){0};
	activity->limit_told_at = 0;
	activity->refused.count = 0;
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

/* The term keeps its length; 0 is no end. */
static bool
settle_term(int64_t *since, int64_t *until, int64_t now)
{
	int64_t length = *until - *since;

	if (!pt_settle_stamp(since, now))
		return false;
	if (*until != 0)
		*until = now + (length > 0 ? length : 0);
	return true;
}

bool
pt_activity_settle(struct pt_activity *activity, int64_t now)
{
	struct pt_pending_notice *notice = &activity->notice;
	struct pt_penalty_term *penalty = &activity->penalty;
	bool changed = pt_settle_stamp(&activity->block.at, now);

	changed |= settle_term(&notice->at, &notice->until, now);
	changed |= settle_term(&penalty->since, &penalty->until, now);
	changed |= pt_settle_stamp(&activity->limit_told_at, now);
	changed |= pt_settle_log(&activity->refused, now);
	for (int i = 0; i < PT_COUNTED; i++)
		changed |= pt_settle_log(&activity->log[i], now);
	for (unsigned i = activity->recent_count; i-- > 0;) {
		if (!pt_settle_stamp(&activity->recent[i].at, now))
			break;
		changed = true;
	}
	changed |= pt_settle_stamp(&activity->last_sent_at, now);
	changed |= pt_settle_stamp(&activity->refusals.last_at, now);
	return changed;
}
