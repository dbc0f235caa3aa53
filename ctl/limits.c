/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/limits.h"

#include "core/rules/clients.h"
#include "core/rules/penalty.h"

bool
pc_limits_want_signals(const struct pt_plan *plan)
{
	return plan->client_addresses.count > 0 ||
	       plan->new_recipients.count > 0;
}

static void
fill_penalty(const struct pt_plan *plan, const struct pt_activity *activity,
    int64_t now, struct pc_limit *out)
{
	struct pt_verdict verdict = pt_penalty_look(plan, activity, now);

	*out = (struct pc_limit){
	    .name = "penalty",
	    .topic = "penalty",
	    .until = activity->penalty.until,
	    .is_observed = (plan->observe & PT_OBSERVE_PENALTY) != 0,
	};
	pc_fill_window(&plan->penalty.window, &activity->log[PT_COUNT_MESSAGES],
	    now, &out->fill);
	out->fill.free_at = verdict.until;
}

static void
fill_clients(const struct pt_plan *plan, const struct pt_signals *signals,
    int64_t now, struct pc_limit *out)
{
	const struct pt_window *window = &plan->client_addresses.at[0];
	uint64_t used = pt_clients_used(signals, window->seconds, now);
	int64_t free_at = pt_clients_free_at(plan, signals, now);

	*out = (struct pc_limit){
	    .name = "client-addresses",
	    .topic = "client addresses",
	    .fill = {.window = *window,
		.used = used,
		.left = used < window->limit ? window->limit - used : 0,
		.free_at = free_at == now ? 0 : free_at},
	    .is_observed = (plan->observe & PT_OBSERVE_CLIENT_ADDRESSES) != 0,
	};
}

static void
fill_strangers(const struct pt_plan *plan, const struct pt_signals *signals,
    int64_t now, struct pc_limit *out)
{
	*out = (struct pc_limit){
	    .name = "new-recipients",
	    .topic = "new recipients",
	    .is_observed = (plan->observe & PT_OBSERVE_NEW_RECIPIENTS) != 0,
	};
	pc_fill_window(
	    &plan->new_recipients.at[0], &signals->strangers, now, &out->fill);
}

static void
fill_refusals(const struct pt_plan *plan, const struct pt_activity *activity,
    int64_t now, struct pc_limit *out)
{
	*out = (struct pc_limit){
	    .name = "refusals",
	    .topic = "refusals",
	    .is_observed =
		(plan->observe & PT_OBSERVE_BLOCK_AFTER_REFUSALS) != 0,
	};
	pc_fill_window(&plan->block_after_refusals.at[0], &activity->refused,
	    now, &out->fill);
	/* Nothing waits for these to become fewer. */
	out->fill.free_at = 0;
}

size_t
pc_limits_all(const struct pt_plan *plan, const struct pt_activity *activity,
    const struct pt_signals *signals, int64_t now, struct pc_limit *out)
{
	size_t n = 0;

	if (pt_penalty_runs(plan, activity, now))
		fill_penalty(plan, activity, now, &out[n++]);
	if (plan->client_addresses.count > 0)
		fill_clients(plan, signals, now, &out[n++]);
	if (plan->new_recipients.count > 0)
		fill_strangers(plan, signals, now, &out[n++]);
	if (plan->block_after_refusals.count > 0)
		fill_refusals(plan, activity, now, &out[n++]);
	return n;
}
