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
	pt_activity_forget_observed(activity);
}

void
pt_activity_forget_observed(struct pt_activity *activity)
{
	struct pt_observed *observed = &activity->observed;

	observed->count = 0;
	observed->hash_count = 0;
	for (int i = 0; i < PT_COUNTED; i++)
		observed->passed[i].count = 0;
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

/* Entries keep their order. */
static bool
forget_old(struct pt_observed *observed, int64_t now)
{
	unsigned kept = 0;
	bool changed;

	for (unsigned i = 0; i < observed->count; i++) {
		if (now - observed->entry[i].last_at > PT_WOULD_KEEP_SECONDS)
			continue;
		if (kept != i)
			observed->entry[kept] = observed->entry[i];
		kept++;
	}
	changed = kept != observed->count;
	observed->count = kept;
	return changed;
}

static bool
settle_observed(struct pt_activity *activity, int64_t now)
{
	struct pt_observed *observed = &activity->observed;
	bool changed = false;

	for (unsigned i = 0; i < observed->count; i++) {
		changed |= pt_settle_stamp(&observed->entry[i].first_at, now);
		changed |= pt_settle_stamp(&observed->entry[i].last_at, now);
	}
	for (int i = 0; i < PT_COUNTED; i++)
		changed |= pt_settle_log(&observed->passed[i], now);
	changed |= forget_old(observed, now);
	if (observed->count == 0)
		pt_activity_forget_observed(activity);
	return changed;
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
	if (activity->observed.count > 0)
		changed |= settle_observed(activity, now);
	return changed;
}
