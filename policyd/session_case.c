/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/session_case.h"

#include "core/rules/account_plan.h"
#include "core/rules/session.h"

static bool
is_against(const struct pt_verdict *verdict)
{
	return verdict->code != PT_VERDICT_PERMIT;
}

/* A limit ends the session, or in observe mode is only noted. */
static void
apply(struct pd_session_case *c, const struct pt_verdict *limit)
{
	if (!is_against(limit) || is_against(&c->verdict))
		return;
	if (c->config->mode == PT_MODE_OBSERVE)
		c->would = *limit;
	else
		c->verdict = *limit;
}

static bool
plan_holds(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_token *token)
{
	return config->mode == PT_MODE_ENFORCE &&
	       token->protocol == PT_PROTOCOL_IMAP &&
	       plan->imap_check == PT_IMAP_CHECK_HOLD && plan->mail_check.on &&
	       plan->mail_check.value > 0;
}

bool
pd_session_case_holds(const struct pt_config *config,
    const struct pt_account *account, const struct pt_token *token, int64_t now)
{
	struct pt_plan room;
	const struct pt_plan *plan =
	    pt_account_plan(config, account, now, &room);

	return plan != NULL && plan_holds(config, plan, token);
}

static void
open_session(struct pd_session_case *c, const struct pt_plan *plan,
    const struct pt_usage *usage)
{
	struct pt_verdict limit;

	c->report = plan->download.count > 0 || plan->upload.count > 0
			? PD_REPORT_LIMITED_SECONDS
			: PD_REPORT_UNLIMITED_SECONDS;
	if (c->open > 0) {
		limit = pt_session_count(plan, c->open);
		apply(c, &limit);
	}
	limit = pt_traffic_judge(plan, usage, c->now);
	apply(c, &limit);
}

/* What INBOX may show.  Where nothing is held, nothing is remembered. */
static void
look(struct pd_session_case *c, const struct pt_plan *plan,
    struct pt_usage *usage)
{
	bool changed = false;

	if (!c->holds)
		return;
	c->view = (c->event.kind == PD_EVENT_CHECK ? pt_mail_check_look
						   : pt_mail_check_stored)(plan,
	    usage, c->event.uidvalidity, c->event.uidnext, c->now, &changed);
	c->moved = changed;
	c->changed |= changed;
}

static void
add_traffic(struct pd_session_case *c, const struct pt_plan *plan,
    struct pt_usage *usage)
{
	struct pt_verdict limit;

	if (c->event.bytes[PT_TRAFFIC_DOWN] == 0 &&
	    c->event.bytes[PT_TRAFFIC_UP] == 0)
		return;
	limit = pt_traffic_add(plan, usage, c->event.bytes, c->now);
	c->changed = true;
	apply(c, &limit);
}

static void
judge(struct pd_session_case *c, const struct pt_plan *plan,
    struct pt_usage *usage)
{
	c->holds = plan_holds(c->config, plan, &c->token);
	switch (c->event.kind) {
	case PD_EVENT_OPEN:
		open_session(c, plan, usage);
		break;
	case PD_EVENT_CHECK:
	case PD_EVENT_STORED:
		look(c, plan, usage);
		break;
	case PD_EVENT_TRAFFIC:
		add_traffic(c, plan, usage);
		break;
	case PD_EVENT_NONE:
	case PD_EVENT_HIBERNATE:
	case PD_EVENT_CLOSE:
		break;
	}
}

void
pd_session_case_update(struct pt_records *records, void *arg)
{
	struct pd_session_case *c = arg;
	struct pt_plan room;
	const struct pt_plan *plan;

	c->would = (struct pt_verdict){.code = PT_VERDICT_PERMIT};
	c->view = (struct pt_held_view){.held = false};
	c->moved = false;
	c->holds = false;
	c->report = PD_REPORT_UNLIMITED_SECONDS;
	c->changed = pt_usage_settle(records->usage, c->now);
	c->verdict = pt_session_judge(
	    c->config, records->account, records->activity, &c->token, c->now);
	c->until = pt_session_until(records->account, &c->token, c->now);
	plan = pt_account_plan(c->config, records->account, c->now, &room);
	if (plan != NULL && !is_against(&c->verdict))
		judge(c, plan, records->usage);
	records->usage_changed = c->changed;
}
