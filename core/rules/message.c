/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/message.h"

#include <string.h>

#include "core/rules/access.h"
#include "core/rules/account_plan.h"
#include "core/rules/quota.h"
#include "core/rules/sender.h"

static struct pt_verdict
over_limit(enum pt_reason_id reason, uint64_t used, uint64_t limit)
{
	struct pt_verdict verdict = {
	    .code = PT_VERDICT_REFUSE,
	    .reason = reason,
	    .used = used,
	    .amount = used,
	    .limit = limit,
	};

	/* Fewer recipients at a time will do: the rest may come again. */
	if (reason == PT_REASON_RECIPIENTS_PER_MESSAGE)
		verdict.code = PT_VERDICT_DEFER;
	return verdict;
}

static struct pt_verdict
judge_sender(const struct pt_config *config, const struct pt_account *account,
    const struct pt_message *message)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};

	switch (pt_sender_owns_envelope(&config->sender, account,
	    message->sender, message->sender_len, message->sender_by_maps)) {
	case PT_OWNED_YES:
		break;
	case PT_OWNED_NO:
		verdict.code = PT_VERDICT_REFUSE;
		verdict.reason = PT_REASON_SENDER_NOT_OWNED;
		break;
	case PT_OWNED_UNKNOWN:
		verdict.code = PT_VERDICT_DEFER;
		verdict.reason = PT_REASON_SENDER_UNAVAILABLE;
		break;
	}
	return verdict;
}

/* Everything but the windows. */
static struct pt_verdict
judge_standing(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_activity *activity,
    const struct pt_message *message)
{
	struct pt_access_facts facts = {
	    .encrypted = message->encrypted,
	    .trusted = message->trusted,
	};
	struct pt_verdict verdict;

	verdict = pt_access_send(config, plan, account, activity, &facts);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	verdict = judge_sender(config, account, message);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	if (plan->recipients_per_message.on &&
	    message->recipients > plan->recipients_per_message.value)
		return over_limit(PT_REASON_RECIPIENTS_PER_MESSAGE,
		    message->recipients, plan->recipients_per_message.value);
	if (plan->message_size.on && message->size > plan->message_size.value)
		return over_limit(PT_REASON_MESSAGE_SIZE, message->size,
		    plan->message_size.value);
	return verdict;
}

/* Once a message, however many recipients it was refused for. */
static bool
count_refusal(struct pt_refusals *refusals, enum pt_reason_id reason,
    uint32_t attempt, int64_t now)
{
	unsigned i;

	for (i = 0; i < refusals->attempt_count; i++) {
		if (refusals->attempt[i] == attempt)
			return false;
	}
	if (refusals->attempt_count == PT_ATTEMPTS_MAX) {
		refusals->attempt_count--;
		memmove(refusals->attempt, refusals->attempt + 1,
		    refusals->attempt_count * sizeof(refusals->attempt[0]));
	}
	refusals->attempt[refusals->attempt_count++] = attempt;
	refusals->total++;
	refusals->last_at = now;
	refusals->last_reason = (unsigned char)reason;
	return true;
}

static struct pt_verdict
judge_windows(const struct pt_plan *plan, const struct pt_account *account,
    struct pt_activity *activity, const struct pt_message *message, int64_t now)
{
	struct pt_charge charge = {
	    .hash = message->hash,
	    .amount = {1, message->recipients, message->size},
	};

	if (message->stage == PT_MESSAGE_CHARGE)
		return pt_quota_charge(plan, account, activity, &charge, now);
	/* A size that is not known yet is at least one byte. */
	if (message->size == 0)
		charge.amount[PT_COUNT_BYTES] = 1;
	return pt_quota_look(plan, account, activity, &charge, now);
}

struct pt_verdict
pt_message_judge(const struct pt_config *config,
    const struct pt_account *account, struct pt_activity *activity,
    const struct pt_message *message, int64_t now, bool *changed_out)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_DEFER};
	const struct pt_plan *plan;
	struct pt_plan room;
	bool changed;

	changed = pt_activity_settle(activity, now);
	plan = pt_account_plan(config, account, &room);
	if (plan == NULL) {
		verdict.reason = PT_REASON_PLAN_UNKNOWN;
		*changed_out = changed;
		return verdict;
	}
	verdict = judge_standing(config, plan, account, activity, message);
	if (verdict.code == PT_VERDICT_PERMIT)
		verdict = judge_windows(plan, account, activity, message, now);
	if (verdict.code != PT_VERDICT_PERMIT)
		changed |= count_refusal(
		    &activity->refusals, verdict.reason, message->attempt, now);
	else if (message->stage == PT_MESSAGE_CHARGE && !verdict.repeated)
		changed = true;
	*changed_out = changed;
	return verdict;
}

bool
pt_message_refuse(struct pt_activity *activity,
    const struct pt_message *message, enum pt_reason_id reason, int64_t now)
{
	(void)pt_activity_settle(activity, now);
	(void)count_refusal(&activity->refusals, reason, message->attempt, now);
	return pt_quota_refund(activity, message->hash, now);
}
