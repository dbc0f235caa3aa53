/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The sending limits that a message meets, and what a charge brings about. */

#include "core/rules/clients.h"
#include "core/rules/message_private.h"
#include "core/rules/notice.h"
#include "core/rules/penalty.h"
#include "core/rules/quota.h"
#include "core/rules/warning.h"

/*
 * The verdict of one limit: in force, or only told.  Of several that are only
 * watched the first is told.
 */
static struct pt_verdict
weigh(const struct pt_judged *judged, struct pt_verdict verdict,
    enum pt_observe observed)
{
	if (verdict.code == PT_VERDICT_PERMIT ||
	    (judged->plan->observe & observed) == 0)
		return verdict;
	if (judged->effects->would.reason == PT_REASON_NONE)
		judged->effects->would = verdict;
	return (struct pt_verdict){.code = PT_VERDICT_PERMIT};
}

static struct pt_strangers_list
list_of(const struct pt_message *message)
{
	return (struct pt_strangers_list){
	    .named = message->named,
	    .named_count = message->named_count,
	    .nameless = message->nameless,
	    .most = message->recipients,
	};
}

static struct pt_verdict
judge_signals(const struct pt_judged *judged)
{
	const struct pt_message *message = judged->message;
	const struct pt_plan *plan = judged->plan;
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};
	struct pt_strangers_list list;

	if (plan->client_addresses.count > 0 && !message->trusted)
		verdict = weigh(judged,
		    pt_clients_look(
			plan, judged->signals, message->client, judged->now),
		    PT_OBSERVE_CLIENT_ADDRESSES);
	if (verdict.code != PT_VERDICT_PERMIT ||
	    plan->new_recipients.count == 0)
		return verdict;
	list = list_of(message);
	return weigh(judged,
	    pt_strangers_look(plan, judged->signals, &list,
		message->stage == PT_MESSAGE_CHARGE, judged->now),
	    PT_OBSERVE_NEW_RECIPIENTS);
}

static void
note_signals(const struct pt_judged *judged)
{
	const struct pt_message *message = judged->message;
	const struct pt_plan *plan = judged->plan;
	struct pt_strangers_list list;

	if (plan->client_addresses.count > 0 && !message->trusted &&
	    message->client != 0) {
		pt_clients_note(
		    plan, judged->signals, message->client, judged->now);
		judged->effects->signals_changed = true;
	}
	if (plan->new_recipients.count > 0) {
		list = list_of(message);
		pt_strangers_note(plan, judged->signals, &list, judged->now);
		judged->effects->signals_changed = true;
	}
}

static void
begin_penalty(const struct pt_judged *judged)
{
	const struct pt_plan *plan = judged->plan;
	struct pt_activity *activity = judged->activity;
	struct pt_notice notice = {.kind = PT_NOTICE_PENALTY};
	uint64_t used;

	if (!pt_penalty_begin(plan, activity, judged->now))
		return;
	used = pt_penalty_used(plan, activity, judged->now);
	judged->effects->penalty = (struct pt_verdict){
	    .code = PT_VERDICT_DEFER,
	    .reason = PT_REASON_PENALTY,
	    .counted = PT_COUNT_MESSAGES,
	    .used = used,
	    .limit = plan->penalty.after.limit,
	    .seconds = plan->penalty.after.seconds,
	    .until = activity->penalty.until,
	};
	judged->effects->penalty_is_watched =
	    judged->config->mode == PT_MODE_OBSERVE ||
	    (plan->observe & PT_OBSERVE_PENALTY) != 0;
	if (judged->effects->penalty_is_watched ||
	    !pt_notice_is_possible(judged->config))
		return;
	notice.at = judged->now;
	notice.until = activity->penalty.until;
	notice.figures = (struct pt_figures){
	    .unit = PT_FIGURES_MESSAGES,
	    .used = used,
	    .limit = plan->penalty.window.limit,
	    .seconds = plan->penalty.window.seconds,
	};
	pt_notice_mark(activity, &notice);
}

static void
note_charge(const struct pt_judged *judged)
{
	judged->effects->activity_changed = true;
	if (judged->signals != NULL)
		note_signals(judged);
	if (judged->plan->warn_at.on)
		pt_warning_give(judged->config, judged->plan, judged->activity,
		    judged->now);
	if (judged->plan->penalty.on)
		begin_penalty(judged);
}

/*
 * A penalty that is only watched, before the charge.  No refusal tells that a
 * mail program tries again, so that it goes on sending is what extends it.
 */
static void
watch_penalty(const struct pt_judged *judged)
{
	const struct pt_plan *plan = judged->plan;
	struct pt_verdict verdict;

	if ((plan->observe & PT_OBSERVE_PENALTY) == 0 ||
	    !pt_penalty_runs(plan, judged->activity, judged->now) ||
	    pt_quota_knows(
		judged->activity, judged->message->hash, judged->now))
		return;
	verdict = pt_penalty_look(plan, judged->activity, judged->now);
	if (verdict.code != PT_VERDICT_PERMIT &&
	    judged->message->stage == PT_MESSAGE_CHARGE &&
	    pt_penalty_extend(plan, judged->activity, judged->now))
		judged->effects->activity_changed = true;
	(void)weigh(judged, verdict, PT_OBSERVE_PENALTY);
}

struct pt_verdict
pt_message_judge_limits(const struct pt_judged *judged)
{
	const struct pt_message *message = judged->message;
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};
	struct pt_charge charge = {
	    .hash = message->hash,
	    .amount = {1, message->recipients, message->size},
	};

	watch_penalty(judged);
	if (judged->signals != NULL &&
	    !pt_quota_knows(judged->activity, message->hash, judged->now))
		verdict = judge_signals(judged);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	if (message->stage == PT_MESSAGE_CHARGE) {
		verdict = pt_quota_charge(judged->plan, judged->account,
		    judged->activity, &charge, judged->now);
		if (verdict.code == PT_VERDICT_PERMIT && !verdict.repeated)
			note_charge(judged);
		return verdict;
	}
	/* A size that is not known yet is at least one byte. */
	if (message->size == 0)
		charge.amount[PT_COUNT_BYTES] = 1;
	return pt_quota_look(judged->plan, judged->account, judged->activity,
	    &charge, judged->now);
}
