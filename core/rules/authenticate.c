/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/authenticate.h"

#include <string.h>

#include "core/rules/access.h"
#include "core/rules/account_plan.h"
#include "core/rules/external.h"
#include "core/rules/mail_check.h"
#include "core/rules/password.h"
#include "core/rules/session.h"
#include "core/rules/window.h"

static struct pt_verdict
against(enum pt_verdict_code code, enum pt_reason_id reason)
{
	struct pt_verdict verdict = {.code = code, .reason = reason};

	return verdict;
}

/* What does not change by waiting, but for activation. */
static struct pt_verdict
judge_standing(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_activity *activity,
    const struct pt_password *password, const struct pt_attempt *attempt,
    int64_t now)
{
	struct pt_verdict verdict;

	verdict = pt_access_standing(account, activity);
	if (verdict.code == PT_VERDICT_PERMIT)
		verdict = pt_access_activation(plan, account, now);
	if (verdict.code == PT_VERDICT_PERMIT)
		verdict = pt_access_protocol(
		    config, plan, account, password, attempt->protocol, now);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	if (password->network_count > 0 &&
	    !pt_network_holds(
		password->networks, password->network_count, &attempt->address))
		return against(PT_VERDICT_REFUSE, PT_REASON_NETWORK);
	if (config->require_tls && !attempt->encrypted)
		return against(PT_VERDICT_REFUSE, PT_REASON_TLS_REQUIRED);
	if (password->expires_at != 0 && password->expires_at <= now) {
		verdict =
		    against(PT_VERDICT_REFUSE, PT_REASON_PASSWORD_EXPIRED);
		verdict.since = password->expires_at;
	}
	return verdict;
}

static struct pt_verdict
judge_logins(
    const struct pt_plan *plan, const struct pt_usage *usage, int64_t now)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};
	const struct pt_window *window;
	int64_t free_at = 0;

	window =
	    pt_window_full(&usage->logins, &plan->logins, 1, now, &free_at);
	if (window == NULL)
		return verdict;
	verdict = against(PT_VERDICT_DEFER, PT_REASON_LOGINS);
	verdict.used = pt_window_used(&usage->logins, window->seconds, now);
	verdict.limit = window->limit;
	verdict.amount = 1;
	verdict.seconds = window->seconds;
	verdict.until = free_at < 0 ? 0 : free_at;
	return verdict;
}

/* Is one more allowed?  Only a count of policyd's present life is one. */
static struct pt_verdict
judge_sessions(const struct pt_plan *plan,
    const struct pt_open_sessions *sessions, uint32_t life)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};

	if (life == 0 || sessions->life != life)
		return verdict;
	verdict = pt_session_count(plan,
	    sessions->count < UINT32_MAX ? sessions->count + 1 : UINT32_MAX);
	if (verdict.code != PT_VERDICT_PERMIT)
		verdict.used = sessions->count;
	return verdict;
}

static struct pt_verdict
judge_limits(const struct pt_plan *plan, struct pt_usage *usage,
    const struct pt_attempt *attempt, int64_t now)
{
	struct pt_verdict verdict;

	verdict = judge_logins(plan, usage, now);
	if (verdict.code != PT_VERDICT_PERMIT ||
	    attempt->protocol == PT_PROTOCOL_SMTP)
		return verdict;
	verdict = judge_sessions(plan, &usage->sessions, attempt->life);
	if (verdict.code == PT_VERDICT_PERMIT)
		verdict = pt_traffic_judge(plan, usage, now);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	if (attempt->protocol == PT_PROTOCOL_POP3)
		return pt_mail_check_pop3(plan, usage, now);
	return pt_mail_check_imap_login(plan, usage, now);
}

/* factor times the limit; the most there is when that is too much. */
static uint64_t
many_times(uint64_t limit, uint64_t factor)
{
	return limit > UINT64_MAX / factor ? UINT64_MAX : limit * factor;
}

/*
 * Counts a login that its window refused.  With those that were let in, are
 * they so many that no mail program of good faith makes them?
 */
static void
record_refused(const struct pt_plan *plan, struct pt_usage *usage, int64_t now,
    struct pt_admission *out)
{
	const struct pt_window *window = plan->logins.at;
	const struct pt_window *end = window + plan->logins.count;
	uint64_t limit;
	uint64_t used;

	pt_window_add(&usage->refused_logins, &plan->logins, 1, now);
	out->usage_changed = true;
	if (!plan->logins_factor.on || plan->logins_factor.value == 0)
		return;
	for (; window < end; window++) {
		limit = many_times(window->limit, plan->logins_factor.value);
		used = pt_window_used(&usage->logins, window->seconds, now) +
		       pt_window_used(
			   &usage->refused_logins, window->seconds, now);
		/* Who may not log in at all need not be blocked. */
		if (limit == 0 || used < limit)
			continue;
		out->block = PT_BLOCK_CONNECTIONS;
		out->figures = (struct pt_figures){
		    PT_FIGURES_LOGINS, used, limit, window->seconds};
		out->observed = (plan->observe & PT_OBSERVE_LOGINS_FACTOR) != 0;
		return;
	}
}

static void
record_login(const struct pt_plan *plan, struct pt_usage *usage,
    uint32_t password, const struct pt_attempt *attempt, int64_t now)
{
	struct pt_last_use use = {
	    .password = password,
	    .at = now,
	    .protocol = attempt->protocol,
	};

	memcpy(use.address, attempt->address.bytes, sizeof(use.address));
	pt_usage_note(usage, &use);
	pt_window_add(&usage->logins, &plan->logins, 1, now);
	usage->logins_total++;
	usage->last_login_at = now;
}

static struct pt_verdict
judge_password(const struct pt_config *config, const struct pt_account *account,
    const struct pt_activity *activity, struct pt_usage *usage,
    const struct pt_password *password, const struct pt_attempt *attempt,
    int64_t now, struct pt_admission *out)
{
	const struct pt_plan *plan;
	struct pt_verdict verdict;
	struct pt_plan room;

	if (password->ending != PT_ENDING_NONE)
		return pt_access_ended(account, activity, password);
	plan = pt_account_plan(config, account, now, &room);
	if (plan == NULL)
		return against(PT_VERDICT_DEFER, PT_REASON_PLAN_UNKNOWN);
	verdict = judge_standing(
	    config, plan, account, activity, password, attempt, now);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	out->usage_changed = pt_usage_settle(usage, now);
	verdict = judge_limits(plan, usage, attempt, now);
	if (verdict.reason == PT_REASON_LOGINS)
		record_refused(plan, usage, now, out);
	if (verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	record_login(plan, usage, password->id, attempt, now);
	out->usage_changed = true;
	return verdict;
}

bool
pt_authenticate_block(const struct pt_account *account,
    struct pt_activity *activity, struct pt_usage *usage,
    const struct pt_admission *admission, int64_t now)
{
	if (admission->block == PT_BLOCK_NONE || admission->observed ||
	    account->access != PT_ACCESS_ON ||
	    account->block_reason != PT_BLOCK_NONE ||
	    !pt_external_mark_block(
		account, activity, admission->block, &admission->figures, now))
		return false;
	usage->refused_logins.count = 0;
	return true;
}

void
pt_authenticate_judge(const struct pt_config *config,
    const struct pt_account *account, const struct pt_activity *activity,
    struct pt_usage *usage, const struct pt_attempt *attempt, int64_t now,
    struct pt_admission *out)
{
	const struct pt_password *password;

	memset(out, 0, sizeof(*out));
	password =
	    pt_password_find(account, attempt->secret, attempt->secret_len);
	if (password == NULL) {
		out->verdict = against(PT_VERDICT_REFUSE, PT_REASON_PASSWORD);
		return;
	}
	out->password = password->id;
	out->verdict = judge_password(
	    config, account, activity, usage, password, attempt, now, out);
}
