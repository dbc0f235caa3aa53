/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/judge.h"

#include "core/rules/account_plan.h"
#include "core/rules/quota.h"
#include "core/rules/would.h"

struct pt_verdict
pm_judge_unavailable(void)
{
	return (struct pt_verdict){
	    .code = PT_VERDICT_DEFER,
	    .reason = PT_REASON_UNAVAILABLE,
	};
}

static void
judge_look(struct pm_look *look, const struct pt_account *account,
    struct pt_activity *activity, struct pt_signals *signals)
{
	look->verdict = pt_message_judge(look->config, account, activity,
	    signals, &look->message, look->now, &look->effects);
}

void
pm_judge_look(struct pm_look *look, const struct pt_account *account,
    struct pt_activity *activity)
{
	judge_look(look, account, activity, NULL);
}

void
pm_judge_look_update(struct pt_records *records, void *arg)
{
	struct pm_look *look = arg;

	judge_look(look, records->account, records->activity, records->signals);
	records->activity_changed = look->effects.activity_changed;
	records->signals_changed = look->effects.signals_changed;
}

bool
pm_judge_look_wants_signals(const struct pt_account *account, void *arg)
{
	const struct pm_look *look = arg;

	return pt_message_wants_signals(look->config, account, look->now);
}

bool
pm_judge_end_wants_signals(const struct pt_account *account, void *arg)
{
	const struct pm_end *end = arg;

	return pt_message_wants_signals(end->config, account, end->now);
}

/* A map that is down is no fault of the sender's: it does not count as one. */
static void
refuse(struct pm_end *end, struct pt_records *records)
{
	enum pt_reason_id reason = end->header.verdict.reason;

	end->verdict = end->header.verdict;
	end->by_header = true;
	if (reason == PT_REASON_SENDER_UNAVAILABLE) {
		end->refunded = pt_quota_refund(
		    records->activity, end->message.hash, end->now);
		records->activity_changed |= end->refunded;
		return;
	}
	end->refunded = pt_message_refuse(
	    records->activity, &end->message, reason, end->now);
	records->activity_changed = true;
}

static void
note_sent(const struct pm_end *end, struct pt_records *records)
{
	const struct pt_plan *plan;
	struct pt_plan room;

	if (records->evidence == NULL)
		return;
	plan = pt_account_plan(end->config, records->account, end->now, &room);
	if (plan == NULL || plan->bounce_min.count == 0)
		return;
	pt_bounce_note_sent(plan, records->evidence, &end->sent, end->now);
	records->evidence_changed = true;
}

static void
charge(struct pm_end *end, struct pt_records *records)
{
	bool enforced = end->config->mode == PT_MODE_ENFORCE;

	end->verdict =
	    pt_message_judge(end->config, records->account, records->activity,
		records->signals, &end->message, end->now, &end->effects);
	records->activity_changed |= end->effects.activity_changed;
	records->signals_changed |= end->effects.signals_changed;
	if (end->verdict.code == PT_VERDICT_PERMIT) {
		note_sent(end, records);
		return;
	}
	/* Charged by policyd, and yet it does not go out. */
	if (enforced)
		end->refunded = pt_quota_refund(
		    records->activity, end->message.hash, end->now);
	records->activity_changed |= end->refunded;
}

/*
 * What only some readers take for a From cannot be rewritten: the MTA knows it
 * as another field, or as a part of one.
 */
static bool
has_odd_field(const struct pt_from *from)
{
	unsigned field;

	for (field = 0; field < PT_FROM_FIELDS; field++) {
		if (from->odd[field] != NULL)
			return true;
	}
	return false;
}

static bool
is_mended(const struct pm_end *end)
{
	return end->config->sender.policy == PT_SENDER_REWRITE &&
	       end->header.verdict.reason != PT_REASON_SENDER_UNAVAILABLE &&
	       !has_odd_field(end->from);
}

static void
note_observed(const struct pm_end *end, struct pt_records *records)
{
	(void)pt_activity_settle(records->activity, end->now);
	pt_would_note_header(records->activity, &end->header.verdict, end->now);
	records->activity_changed = true;
}

void
pm_judge_end_update(struct pt_records *records, void *arg)
{
	struct pm_end *end = arg;

	end->by_header = false;
	end->mend = false;
	end->refunded = false;
	end->effects = (struct pt_message_effects){.activity_changed = false};
	end->header =
	    (struct pt_from_verdict){.verdict = {.code = PT_VERDICT_PERMIT}};
	if (!end->is_plain)
		end->header = pt_from_judge(
		    end->from, end->config, records->account, end->by_maps);
	if (end->header.verdict.code != PT_VERDICT_PERMIT) {
		end->mend = is_mended(end);
		if (!end->mend && end->config->mode == PT_MODE_ENFORCE) {
			refuse(end, records);
			return;
		}
		if (!end->mend)
			note_observed(end, records);
	}
	/* What observe mode would have refused goes out, and costs. */
	charge(end, records);
}
