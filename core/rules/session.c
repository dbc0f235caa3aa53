/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/session.h"

#include "core/rules/access.h"
#include "core/rules/account_plan.h"
#include "core/rules/password.h"
#include "core/rules/window.h"

static const struct pt_verdict permit = {.code = PT_VERDICT_PERMIT};

static struct pt_verdict
judge_password(const struct pt_account *account,
    const struct pt_activity *activity, const struct pt_password *password,
    int64_t now)
{
	struct pt_verdict verdict = {
	    .code = PT_VERDICT_REFUSE,
	    .reason = PT_REASON_PASSWORD_REVOKED,
	};

	/* It was there at the login: it has ended, and is forgotten. */
	if (password == NULL)
		return verdict;
	if (password->ending != PT_ENDING_NONE)
		return pt_access_ended(account, activity, password);
	if (password->expires_at != 0 && password->expires_at <= now) {
		verdict.reason = PT_REASON_PASSWORD_EXPIRED;
		verdict.since = password->expires_at;
		return verdict;
	}
	return permit;
}

struct pt_verdict
pt_session_judge(const struct pt_config *config,
    const struct pt_account *account, const struct pt_activity *activity,
    const struct pt_token *token, int64_t now)
{
	const struct pt_password *password =
	    pt_password_by_id(account, token->password);
	const struct pt_plan *plan;
	struct pt_verdict verdict;
	struct pt_plan room;

	verdict = pt_access_standing(account, activity);
	if (verdict.code == PT_VERDICT_PERMIT)
		verdict = judge_password(account, activity, password, now);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	plan = pt_account_plan(config, account, now, &room);
	/* A mistake in the configuration: logins wait, sessions go on. */
	if (plan == NULL)
		return permit;
	return pt_access_protocol(
	    config, plan, account, password, token->protocol, now);
}

int64_t
pt_session_until(
    const struct pt_account *account, const struct pt_token *token, int64_t now)
{
	const struct pt_password *password =
	    pt_password_by_id(account, token->password);
	int64_t until = password == NULL ? 0 : password->expires_at;

	if (account->next_plan[0] == '\0' || account->next_plan_at <= now ||
	    (until != 0 && until < account->next_plan_at))
		return until;
	return account->next_plan_at;
}

struct pt_verdict
pt_session_count(const struct pt_plan *plan, uint32_t open)
{
	struct pt_verdict verdict = {
	    .code = PT_VERDICT_DEFER,
	    .reason = PT_REASON_SESSIONS,
	    .used = open,
	    .limit = plan->sessions.value,
	    .amount = 1,
	};

	if (!plan->sessions.on || open <= plan->sessions.value)
		return permit;
	return verdict;
}

static const struct pt_windows *
traffic_windows(const struct pt_plan *plan, enum pt_traffic traffic)
{
	return traffic == PT_TRAFFIC_UP ? &plan->upload : &plan->download;
}

struct pt_verdict
pt_traffic_judge(
    const struct pt_plan *plan, const struct pt_usage *usage, int64_t now)
{
	struct pt_verdict verdict = permit;
	const struct pt_window_log *log;
	const struct pt_window *window;
	int64_t free_at = 0;
	int i;

	for (i = 0; i < PT_TRAFFICS; i++) {
		log = &usage->traffic[i];
		window = pt_window_full(log,
		    traffic_windows(plan, (enum pt_traffic)i), 1, now,
		    &free_at);
		if (window == NULL)
			continue;
		verdict.code = PT_VERDICT_DEFER;
		verdict.reason = PT_REASON_TRAFFIC;
		verdict.traffic = (enum pt_traffic)i;
		verdict.counted = PT_COUNT_BYTES;
		verdict.used = pt_window_used(log, window->seconds, now);
		verdict.limit = window->limit;
		verdict.amount = 1;
		verdict.seconds = window->seconds;
		verdict.until = free_at < 0 ? 0 : free_at;
		break;
	}
	return verdict;
}

static uint64_t
add_saturated(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

struct pt_verdict
pt_traffic_add(const struct pt_plan *plan, struct pt_usage *usage,
    const uint64_t bytes[PT_TRAFFICS], int64_t now)
{
	int i;

	(void)pt_usage_settle(usage, now);
	for (i = 0; i < PT_TRAFFICS; i++) {
		pt_window_add(&usage->traffic[i],
		    traffic_windows(plan, (enum pt_traffic)i), bytes[i], now);
		usage->traffic_total[i] =
		    add_saturated(usage->traffic_total[i], bytes[i]);
	}
	return pt_traffic_judge(plan, usage, now);
}
