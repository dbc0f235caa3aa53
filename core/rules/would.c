/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/would.h"

#include <string.h>

#include "core/rules/penalty.h"
#include "core/rules/single.h"
#include "core/rules/window.h"
#include "core/rules/would_private.h"

static const enum pt_figures_unit units[PT_COUNTED] = {
    [PT_COUNT_MESSAGES] = PT_FIGURES_MESSAGES,
    [PT_COUNT_RECIPIENTS] = PT_FIGURES_RECIPIENTS,
    [PT_COUNT_BYTES] = PT_FIGURES_BYTES,
};

bool
pt_would_is_limit(enum pt_reason_id reason)
{
	return pt_reason_get(reason)->limit != PT_LIMIT_NONE;
}

static bool
is_kept(const struct pt_observed *observed)
{
	for (int i = 0; i < PT_COUNTED; i++) {
		if (observed->passed[i].count > 0)
			return true;
	}
	return false;
}

/* What passed in a window of that length, this message included. */
static uint64_t
passed_in(const struct pt_activity *activity, enum pt_counted counted,
    int64_t seconds, int64_t now)
{
	const struct pt_observed *observed = &activity->observed;

	return pt_window_used(is_kept(observed) ? &observed->passed[counted]
						: &activity->log[counted],
	    seconds, now);
}

static void
keep_passed(const struct pt_plan *plan, struct pt_activity *activity,
    const struct pt_charge *charge, int64_t now)
{
	struct pt_window_log *passed = activity->observed.passed;
	bool begins = !is_kept(&activity->observed);
	struct pt_windows room;

	for (unsigned i = 0; i < PT_COUNTED; i++) {
		const struct pt_window_log *log = &activity->log[i];

		if (begins) {
			passed[i].count = log->count;
			memcpy(passed[i].entry, log->entry,
			    log->count * sizeof(log->entry[0]));
		}
		pt_window_add(&passed[i],
		    i == PT_COUNT_MESSAGES
			? pt_penalty_kept(plan, &room)
			: pt_quota_windows(plan, (enum pt_counted)i),
		    charge->amount[i], now);
	}
}

static void
raise_window(struct pt_activity *activity, enum pt_reason_id reason,
    enum pt_counted counted, const struct pt_window *window, int64_t now)
{
	const struct pt_figures figures = {
	    .unit = units[counted],
	    .used = passed_in(activity, counted, window->seconds, now),
	    .limit = window->limit,
	    .seconds = window->seconds,
	};

	pt_would_raise(&activity->observed, reason, &figures, now);
}

static void
raise_windows(
    const struct pt_plan *plan, struct pt_activity *activity, int64_t now)
{
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		enum pt_counted counted = (enum pt_counted)i;
		const struct pt_windows *windows =
		    pt_quota_windows(plan, counted);

		for (size_t j = 0; j < windows->count; j++)
			raise_window(activity, PT_REASON_QUOTA, counted,
			    &windows->at[j], now);
	}
	if (pt_penalty_runs(plan, activity, now))
		raise_window(activity, PT_REASON_PENALTY, PT_COUNT_MESSAGES,
		    &plan->penalty.window, now);
}

/* What was reached, where that tells which limit would do. */
static struct pt_figures
figures_of(const struct pt_activity *activity, const struct pt_verdict *verdict,
    int64_t now)
{
	const struct pt_reason *reason = pt_reason_get(verdict->reason);
	struct pt_figures figures = {
	    .unit = reason->unit,
	    .limit = verdict->limit,
	    .seconds = verdict->seconds,
	};

	if (reason->limit == PT_LIMIT_NONE)
		return (struct pt_figures){.unit = PT_FIGURES_NONE};
	if (reason->limit == PT_LIMIT_MESSAGE) {
		figures.used = verdict->amount;
	} else if (reason->unit == PT_FIGURES_NONE) {
		figures.unit = units[verdict->counted];
		figures.used = passed_in(
		    activity, verdict->counted, verdict->seconds, now);
	}
	return figures;
}

/* The limits of a single message. */
static void
raise_message(const struct pt_plan *plan, struct pt_activity *activity,
    const struct pt_charge *charge, int64_t now)
{
	struct pt_verdict verdict;
	struct pt_figures figures;

	for (size_t i = 0; pt_single_judge(plan, i, charge, &verdict); i++) {
		if (verdict.code == PT_VERDICT_PERMIT)
			continue;
		figures = figures_of(activity, &verdict, now);
		pt_would_raise(
		    &activity->observed, verdict.reason, &figures, now);
	}
}

bool
pt_would_note(const struct pt_plan *plan, struct pt_activity *activity,
    const struct pt_charge *charge, const struct pt_verdict *verdict,
    int64_t now)
{
	bool passes = plan != NULL && pt_would_is_limit(verdict->reason);
	struct pt_figures figures;

	if (pt_would_remember(&activity->observed, charge->hash))
		return false;
	/* What another program charged is in the logs already. */
	if (passes && !pt_quota_knows(activity, charge->hash, now))
		keep_passed(plan, activity, charge, now);
	figures = figures_of(activity, verdict, now);
	pt_would_count(&activity->observed, verdict->reason, &figures, now);
	if (!passes)
		return true;
	raise_message(plan, activity, charge, now);
	if (is_kept(&activity->observed))
		raise_windows(plan, activity, now);
	return true;
}

void
pt_would_note_watched(
    struct pt_activity *activity, const struct pt_verdict *verdict, int64_t now)
{
	struct pt_figures figures = figures_of(activity, verdict, now);
	uint64_t reached = verdict->used + verdict->amount;

	/* What is kept elsewhere, as in the signals, fills up as well; of a
	 * single message the amount is all. */
	if (pt_reason_get(verdict->reason)->limit == PT_LIMIT_SENDING &&
	    figures.used < reached)
		figures.used = reached;
	pt_would_count(&activity->observed, verdict->reason, &figures, now);
}

void
pt_would_note_header(
    struct pt_activity *activity, const struct pt_verdict *verdict, int64_t now)
{
	const struct pt_figures figures = {.unit = PT_FIGURES_NONE};

	pt_would_count(&activity->observed, verdict->reason, &figures, now);
}

void
pt_would_note_block(
    struct pt_activity *activity, const struct pt_figures *figures, int64_t now)
{
	pt_would_count_apart(
	    &activity->observed, PT_REASON_BLOCKED, figures, now);
}

/* Behind the longest window of all. */
static bool
is_over(
    const struct pt_plan *plan, const struct pt_observed *observed, int64_t now)
{
	struct pt_windows room;
	int64_t longest = 0;
	int64_t last_at = 0;

	for (unsigned i = 0; i < observed->count; i++) {
		if (observed->entry[i].last_at > last_at)
			last_at = observed->entry[i].last_at;
	}
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		const struct pt_windows *windows =
		    i == PT_COUNT_MESSAGES
			? pt_penalty_kept(plan, &room)
			: pt_quota_windows(plan, (enum pt_counted)i);

		if (windows->count > 0 &&
		    windows->at[windows->count - 1].seconds > longest)
			longest = windows->at[windows->count - 1].seconds;
	}
	return now - last_at > longest;
}

static void
end_passed(struct pt_observed *observed)
{
	for (unsigned i = 0; i < PT_COUNTED; i++)
		observed->passed[i].count = 0;
}

bool
pt_would_note_charge(const struct pt_plan *plan, struct pt_activity *activity,
    const struct pt_charge *charge, int64_t now)
{
	if (!is_kept(&activity->observed))
		return false;
	if (is_over(plan, &activity->observed, now)) {
		end_passed(&activity->observed);
		return true;
	}
	/* Another program noted it, as a limit stood against it then. */
	for (unsigned i = 0; i < activity->observed.hash_count; i++) {
		if (activity->observed.hash[i] == charge->hash)
			return false;
	}
	keep_passed(plan, activity, charge, now);
	raise_windows(plan, activity, now);
	return true;
}

void
pt_would_end(struct pt_activity *activity)
{
	end_passed(&activity->observed);
	activity->observed.hash_count = 0;
}
