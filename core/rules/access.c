/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/access.h"

#include "core/rules/account_plan.h"

static const struct pt_verdict permit = {.code = PT_VERDICT_PERMIT};

static struct pt_verdict
refuse(enum pt_reason_id reason)
{
	struct pt_verdict verdict = {
	    .code = PT_VERDICT_REFUSE,
	    .reason = reason,
	};

	return verdict;
}

static struct pt_verdict
refuse_since(enum pt_reason_id reason, int64_t since)
{
	struct pt_verdict verdict = refuse(reason);

	verdict.since = since;
	return verdict;
}

static struct pt_verdict
refuse_protocol(enum pt_reason_id reason, enum pt_protocol protocol)
{
	struct pt_verdict verdict = refuse(reason);

	verdict.protocol = protocol;
	return verdict;
}

/* The account's own block, or one that is on its way there. */
static struct pt_verdict
judge_block(
    const struct pt_account *account, const struct pt_activity *activity)
{
	struct pt_verdict verdict;

	if (account->block_reason != PT_BLOCK_NONE) {
		verdict = refuse_since(PT_REASON_BLOCKED, account->block.at);
		verdict.block = account->block_reason;
		return verdict;
	}
	if (activity->block.reason != PT_BLOCK_NONE) {
		verdict = refuse_since(PT_REASON_BLOCKED, activity->block.at);
		verdict.block = (enum pt_block_reason)activity->block.reason;
		return verdict;
	}
	return permit;
}

int64_t
pt_access_begins(
    const struct pt_plan *plan, const struct pt_account *account, int64_t now)
{
	int64_t begins =
	    account->access_at + (int64_t)plan->activation_delay.value;

	/*
	 * Switched on later than now: the clock was set back since, and nobody
	 * knows how much of the delay is over.
	 */
	if (account->access != PT_ACCESS_ON || !plan->activation_delay.on ||
	    account->access_at > now || begins <= now)
		return 0;
	return begins;
}

static struct pt_verdict
defer_until(int64_t until)
{
	struct pt_verdict verdict = {
	    .code = PT_VERDICT_DEFER,
	    .reason = PT_REASON_NOT_YET_ACTIVE,
	    .until = until,
	};

	return verdict;
}

struct pt_verdict
pt_access_activation(
    const struct pt_plan *plan, const struct pt_account *account, int64_t now)
{
	int64_t begins = pt_access_begins(plan, account, now);

	return begins == 0 ? permit : defer_until(begins);
}

/* The protocol is not in the plan, but may be in the next. */
static struct pt_verdict
refuse_plan(enum pt_reason_id reason, const struct pt_config *config,
    const struct pt_account *account, enum pt_protocol protocol, int64_t now)
{
	struct pt_verdict verdict = refuse_protocol(reason, protocol);

	verdict.plan_from =
	    pt_account_plan_from(config, account, protocol, now);
	return verdict;
}

struct pt_verdict
pt_access_send(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_activity *activity,
    const struct pt_access_facts *facts)
{
	struct pt_verdict verdict;
	int64_t begins;

	if (account->lock.at != 0)
		return refuse(PT_REASON_SENDING_LOCKED);
	if (account->status == PT_STATUS_INACTIVE)
		return refuse(PT_REASON_INACTIVE);
	if (facts->trusted)
		return permit;
	verdict = judge_block(account, activity);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	if (account->access == PT_ACCESS_OFF)
		return refuse_since(PT_REASON_ACCESS_OFF, account->access_at);
	begins = pt_access_begins(plan, account, facts->now);
	if (begins != 0)
		return defer_until(begins);
	if ((plan->protocols & PT_PROTOCOL_SMTP) == 0)
		return refuse_plan(PT_REASON_SMTP_OFF, config, account,
		    PT_PROTOCOL_SMTP, facts->now);
	if (account->access == PT_ACCESS_ON &&
	    (account->protocols & PT_PROTOCOL_SMTP) == 0)
		return refuse_protocol(
		    PT_REASON_PROTOCOL_OFF, PT_PROTOCOL_SMTP);
	if (config->require_tls && !facts->encrypted)
		return refuse(PT_REASON_TLS_REQUIRED);
	return permit;
}

struct pt_verdict
pt_access_standing(
    const struct pt_account *account, const struct pt_activity *activity)
{
	struct pt_verdict verdict;

	if (account->status == PT_STATUS_INACTIVE)
		return refuse(PT_REASON_INACTIVE);
	verdict = judge_block(account, activity);
	if (verdict.code == PT_VERDICT_PERMIT &&
	    account->access != PT_ACCESS_ON)
		return refuse_since(PT_REASON_ACCESS_OFF, account->access_at);
	return verdict;
}

struct pt_verdict
pt_access_ended(const struct pt_account *account,
    const struct pt_activity *activity, const struct pt_password *password)
{
	struct pt_verdict verdict;

	if (password->ending == PT_ENDING_EXPIRED)
		return refuse_since(
		    PT_REASON_PASSWORD_EXPIRED, password->expires_at);
	if (password->ending == PT_ENDING_CHANGED)
		return refuse_since(
		    PT_REASON_PASSWORD_CHANGED, password->ended_at);
	if (password->ending == PT_ENDING_DISABLED ||
	    password->ending == PT_ENDING_BLOCKED) {
		verdict = pt_access_standing(account, activity);
		if (verdict.code != PT_VERDICT_PERMIT)
			return verdict;
	}
	verdict = refuse_since(PT_REASON_PASSWORD_REVOKED, password->ended_at);
	verdict.ending = password->ending;
	verdict.block = password->ending_block;
	return verdict;
}

struct pt_verdict
pt_access_protocol(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_password *password,
    enum pt_protocol protocol, int64_t now)
{
	if ((plan->protocols & protocol) == 0)
		return refuse_plan(
		    PT_REASON_PROTOCOL_PLAN, config, account, protocol, now);
	if ((account->protocols & protocol) == 0)
		return refuse_protocol(PT_REASON_PROTOCOL_OFF, protocol);
	if ((password->protocols & protocol) == 0)
		return refuse_protocol(PT_REASON_PROTOCOL_PASSWORD, protocol);
	return permit;
}
