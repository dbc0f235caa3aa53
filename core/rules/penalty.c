/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/penalty.h"

#include <string.h>

#include "core/rules/window.h"

bool
pt_penalty_runs(
    const struct pt_plan *plan, const struct pt_activity *activity, int64_t now)
{
	return plan->penalty.on && activity->penalty.until > now;
}

struct pt_verdict
pt_penalty_look(
    const struct pt_plan *plan, const struct pt_activity *activity, int64_t now)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};
	const struct pt_window_log *log = &activity->log[PT_COUNT_MESSAGES];
	const struct pt_window *window = &plan->penalty.window;
	int64_t free_at;

	if (!pt_penalty_runs(plan, activity, now))
		return verdict;
	free_at = pt_window_free_at(log, window, 1, now);
	if (free_at == now)
		return verdict;
	if (free_at < 0 || free_at > activity->penalty.until)
		free_at = activity->penalty.until;
	return (struct pt_verdict){
	    .code = PT_VERDICT_DEFER,
	    .reason = PT_REASON_PENALTY,
	    .counted = PT_COUNT_MESSAGES,
	    .used = pt_window_used(log, window->seconds, now),
	    .limit = window->limit,
	    .amount = 1,
	    .seconds = window->seconds,
	    .until = free_at,
	    .term_until = activity->penalty.until,
	};
}

uint64_t
pt_penalty_used(
    const struct pt_plan *plan, const struct pt_activity *activity, int64_t now)
{
	return pt_window_used(&activity->log[PT_COUNT_MESSAGES],
	    plan->penalty.after.seconds, now);
}

bool
pt_penalty_begin(
    const struct pt_plan *plan, struct pt_activity *activity, int64_t now)
{
	if (!plan->penalty.on || pt_penalty_runs(plan, activity, now) ||
	    pt_penalty_used(plan, activity, now) < plan->penalty.after.limit)
		return false;
	activity->penalty.since = now;
	activity->penalty.until = now + plan->penalty.seconds;
	return true;
}

bool
pt_penalty_extend(
    const struct pt_plan *plan, struct pt_activity *activity, int64_t now)
{
	int64_t until = now + plan->penalty.seconds;

	if (!plan->penalty_extend || !pt_penalty_runs(plan, activity, now) ||
	    activity->penalty.until >= until)
		return false;
	/* Both, so that it is no longer when the clock is set back. */
	activity->penalty.since = now;
	activity->penalty.until = until;
	return true;
}

/*
 * Only the lengths matter to a log, so limits may contradict here.  Where
 * there is no room, the longest gives way to a longer one: then entries are
 * kept long enough, and are only joined a little sooner.
 */
static void
keep(struct pt_windows *list, const struct pt_window *window)
{
	size_t place = 0;

	while (place < list->count && list->at[place].seconds < window->seconds)
		place++;
	if (place < list->count && list->at[place].seconds == window->seconds)
		return;
	if (list->count == PT_WINDOWS_MAX) {
		if (place == list->count)
			list->at[place - 1] = *window;
		return;
	}
	memmove(&list->at[place + 1], &list->at[place],
	    (list->count - place) * sizeof(list->at[0]));
	list->at[place] = *window;
	list->count++;
}

const struct pt_windows *
pt_penalty_kept(const struct pt_plan *plan, struct pt_windows *room)
{
	if (!plan->penalty.on)
		return &plan->messages;
	*room = plan->messages;
	keep(room, &plan->penalty.window);
	keep(room, &plan->penalty.after);
	return room;
}
