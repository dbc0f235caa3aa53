/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/quota.h"

#include <string.h>

#include "core/base/hash.h"
#include "core/rules/penalty.h"
#include "core/rules/window.h"

/*
 * Queue ids come from our own MTA, so nobody can choose them to collide; by
 * chance a new one meets one of 32 once in a hundred million messages, and
 * then that message is not counted.
 */
uint32_t
pt_charge_hash(const char *id, size_t len)
{
	return (uint32_t)pt_hash(id, len);
}

const struct pt_windows *
pt_quota_windows(const struct pt_plan *plan, enum pt_counted counted)
{
	switch (counted) {
	case PT_COUNT_RECIPIENTS:
		return &plan->recipients;
	case PT_COUNT_BYTES:
		return &plan->bytes;
	case PT_COUNT_MESSAGES:
	case PT_COUNTED:
		break;
	}
	return &plan->messages;
}

/* Its place among the recent charges, counted from 1; 0 if there is none. */
static unsigned
find_recent(const struct pt_activity *activity, uint32_t hash, int64_t now)
{
	const struct pt_recent *first = activity->recent;
	const struct pt_recent *behind = first + activity->recent_count;

	/* Most messages are new: all hashes are looked at, and no time. */
	while (behind > first && behind[-1].hash != hash)
		behind--;
	if (behind > first && now - behind[-1].at > PT_RECENT_SECONDS)
		return 0;
	return (unsigned)(behind - first);
}

static void
note_recent(struct pt_activity *activity, const struct pt_charge *charge,
    bool granted, int64_t now)
{
	struct pt_recent *recent;
	unsigned gone = 0;

	while (gone < activity->recent_count &&
	       now - activity->recent[gone].at > PT_RECENT_SECONDS)
		gone++;
	if (activity->recent_count - gone == PT_RECENT_MAX)
		gone++;
	activity->recent_count -= gone;
	memmove(activity->recent, activity->recent + gone,
	    activity->recent_count * sizeof(activity->recent[0]));
	recent = &activity->recent[activity->recent_count++];
	recent->at = now;
	recent->hash = charge->hash;
	recent->granted = granted;
	recent->recipients = charge->amount[PT_COUNT_RECIPIENTS];
	recent->bytes = charge->amount[PT_COUNT_BYTES];
}

/*
 * Holds the window that is free last, because that one decides when the
 * message will be accepted; a window that never will be decides at once.
 */
static void
hold_against(struct pt_verdict *verdict, enum pt_counted counted,
    const struct pt_window_log *log, const struct pt_window *window,
    uint64_t amount, int64_t now)
{
	int64_t free_at = pt_window_free_at(log, window, amount, now);

	if (free_at == now || verdict->reason == PT_REASON_QUOTA_NEVER)
		return;
	if (free_at >= 0 && verdict->reason == PT_REASON_QUOTA &&
	    free_at <= verdict->until)
		return;
	verdict->counted = counted;
	verdict->used = pt_window_used(log, window->seconds, now);
	verdict->limit = window->limit;
	verdict->amount = amount;
	verdict->seconds = window->seconds;
	if (free_at < 0) {
		verdict->code = PT_VERDICT_REFUSE;
		verdict->reason = PT_REASON_QUOTA_NEVER;
		verdict->until = 0;
	} else {
		verdict->code = PT_VERDICT_DEFER;
		verdict->reason = PT_REASON_QUOTA;
		verdict->until = free_at;
	}
}

static void
hold_against_windows(struct pt_verdict *verdict, const struct pt_plan *plan,
    const struct pt_activity *activity, const struct pt_charge *charge,
    int64_t now)
{
	const struct pt_windows *windows;
	unsigned counted;
	size_t i;

	for (counted = 0; counted < PT_COUNTED; counted++) {
		windows = pt_quota_windows(plan, (enum pt_counted)counted);
		for (i = 0; i < windows->count; i++)
			hold_against(verdict, (enum pt_counted)counted,
			    &activity->log[counted], &windows->at[i],
			    charge->amount[counted], now);
	}
}

/* The penalty decides if it is free later than the windows of the plan. */
static void
hold_against_penalty(struct pt_verdict *verdict, const struct pt_plan *plan,
    const struct pt_activity *activity, int64_t now)
{
	struct pt_verdict penalty;

	if (!pt_penalty_runs(plan, activity, now) ||
	    (plan->observe & PT_OBSERVE_PENALTY) != 0 ||
	    verdict->reason == PT_REASON_QUOTA_NEVER)
		return;
	penalty = pt_penalty_look(plan, activity, now);
	if (penalty.code != PT_VERDICT_PERMIT &&
	    (verdict->code == PT_VERDICT_PERMIT ||
		penalty.until >= verdict->until))
		*verdict = penalty;
}

bool
pt_quota_knows(const struct pt_activity *activity, uint32_t hash, int64_t now)
{
	return find_recent(activity, hash, now) != 0;
}

uint64_t
pt_quota_grant_left(const struct pt_account *account,
    const struct pt_activity *activity, int64_t now)
{
	uint64_t used = 0;

	if (account->grant.until <= now)
		return 0;
	if (activity->grant_id == account->grant.id)
		used = activity->grant_used;
	return used < account->grant.amount ? account->grant.amount - used : 0;
}

struct pt_verdict
pt_quota_look(const struct pt_plan *plan, const struct pt_account *account,
    const struct pt_activity *activity, const struct pt_charge *charge,
    int64_t now)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};

	if (find_recent(activity, charge->hash, now) != 0) {
		verdict.repeated = true;
		return verdict;
	}
	hold_against_windows(&verdict, plan, activity, charge, now);
	hold_against_penalty(&verdict, plan, activity, now);
	if (verdict.code != PT_VERDICT_PERMIT &&
	    pt_quota_grant_left(account, activity, now) >=
		charge->amount[PT_COUNT_MESSAGES]) {
		memset(&verdict, 0, sizeof(verdict));
		verdict.code = PT_VERDICT_PERMIT;
		verdict.granted = true;
	}
	return verdict;
}

static void
take_grant(const struct pt_account *account, struct pt_activity *activity,
    uint64_t amount)
{
	if (activity->grant_id != account->grant.id) {
		activity->grant_id = account->grant.id;
		activity->grant_used = 0;
	}
	activity->grant_used += amount;
}

static void
note_in_windows(const struct pt_plan *plan, struct pt_activity *activity,
    const struct pt_charge *charge, int64_t now)
{
	const struct pt_windows *windows;
	struct pt_windows room;
	unsigned counted;

	for (counted = 0; counted < PT_COUNTED; counted++) {
		windows = pt_quota_windows(plan, (enum pt_counted)counted);
		if (counted == PT_COUNT_MESSAGES)
			windows = pt_penalty_kept(plan, &room);
		pt_window_add(&activity->log[counted], windows,
		    charge->amount[counted], now);
	}
}

struct pt_verdict
pt_quota_charge(const struct pt_plan *plan, const struct pt_account *account,
    struct pt_activity *activity, const struct pt_charge *charge, int64_t now)
{
	struct pt_verdict verdict;
	unsigned counted;

	verdict = pt_quota_look(plan, account, activity, charge, now);
	if (verdict.code != PT_VERDICT_PERMIT || verdict.repeated)
		return verdict;
	if (verdict.granted)
		take_grant(
		    account, activity, charge->amount[PT_COUNT_MESSAGES]);
	else
		note_in_windows(plan, activity, charge, now);
	for (counted = 0; counted < PT_COUNTED; counted++)
		activity->total[counted] += charge->amount[counted];
	note_recent(activity, charge, verdict.granted, now);
	activity->last_sent_at = now;
	return verdict;
}

static uint64_t
subtract(uint64_t from, uint64_t amount)
{
	return from > amount ? from - amount : 0;
}

static void
take_back(struct pt_activity *activity, const struct pt_recent *charged)
{
	const uint64_t amount[PT_COUNTED] = {
	    [PT_COUNT_MESSAGES] = 1,
	    [PT_COUNT_RECIPIENTS] = charged->recipients,
	    [PT_COUNT_BYTES] = charged->bytes,
	};

	for (unsigned i = 0; i < PT_COUNTED; i++) {
		activity->total[i] = subtract(activity->total[i], amount[i]);
		if (!charged->granted && amount[i] > 0)
			pt_window_take(
			    &activity->log[i], amount[i], charged->at);
	}
	if (charged->granted)
		activity->grant_used =
		    subtract(activity->grant_used, amount[PT_COUNT_MESSAGES]);
}

bool
pt_quota_refund(struct pt_activity *activity, uint32_t hash, int64_t now)
{
	unsigned place = find_recent(activity, hash, now);
	struct pt_recent *recent;

	if (place == 0)
		return false;
	recent = &activity->recent[place - 1];
	take_back(activity, recent);
	activity->recent_count--;
	memmove(recent, recent + 1,
	    (activity->recent_count - (place - 1)) * sizeof(*recent));
	return true;
}
