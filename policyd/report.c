/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/report.h"

#include "core/base/log.h"
#include "core/rules/verdict_log.h"
#include "core/service/daemon_log.h"

void
pd_report_init(struct pd_report *report)
{
	pt_limiter_init(&report->limiter);
	report->stages = 0;
	report->uncharged = 0;
	report->uncharged_known = false;
}

static void
add_text(struct pt_log_line *line, const char *key, const struct pd_text *text)
{
	if (text->len > 0)
		pt_log_bytes(line, key, text->at, text->len);
}

/* Who and what: login, queue id (or, before there is one, instance), stage. */
static void
add_case(struct pt_log_line *line, const struct pd_case *c)
{
	const struct pd_request *request = &c->request;

	if (c->verdict.reason == PT_REASON_LOGIN_INVALID)
		add_text(line, "login", &request->login);
	else
		pt_log_bytes(line, "login", c->login.text, c->login.len);
	if (request->queue_id.len > 0)
		add_text(line, "queue_id", &request->queue_id);
	else
		add_text(line, "instance", &request->instance);
	pt_log_str(line, "stage", pd_stage_name(request->stage));
}

/* What the reason alone does not tell. */
static void
add_detail(struct pt_log_line *line, const struct pd_case *c)
{
	struct pt_login login;
	struct pt_err err;

	switch (c->verdict.reason) {
	case PT_REASON_SENDER_NOT_OWNED:
		add_text(line, "sender", &c->request.sender);
		break;
	case PT_REASON_LOGIN_INVALID:
		if (c->request.login.cut)
			pt_log_str(line, "error", "login is too long");
		else if (pt_login_parse(c->request.login.at,
			     c->request.login.len, c->config->default_domain,
			     &login, &err) != 0)
			pt_log_str(line, "error", err.text);
		break;
	default:
		break;
	}
}

static void
log_against(const struct pd_case *c, const struct pt_verdict *verdict,
    bool observe, uint64_t suppressed)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_INFO, observe ? "observed" : "refused");
	add_case(&line, c);
	pt_verdict_log(&line, observe ? "would" : "reason", verdict);
	add_detail(&line, c);
	add_text(&line, "client", &c->request.client_address);
	pt_daemon_log_suppressed(&line, suppressed);
	pt_log_end(&line);
}

static void
log_decided(const struct pd_case *c)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_DEBUG, "decided");
	add_case(&line, c);
	pt_log_str(&line, "verdict", pt_verdict_name(c->verdict.code));
	pt_verdict_log(&line, "reason", &c->verdict);
	pt_log_int(&line, "recipients", (int64_t)c->message.recipients);
	pt_log_int(&line, "size", (int64_t)c->request.size);
	if (c->verdict.repeated)
		pt_log_str(&line, "repeated", "yes");
	if (c->verdict.granted)
		pt_log_str(&line, "granted", "yes");
	if (c->config->mode == PT_MODE_OBSERVE)
		pt_log_str(&line, "mode", "observe");
	add_text(&line, "client", &c->request.client_address);
	pt_log_end(&line);
}

static void
report_against(struct pd_report *report, const struct pd_case *c,
    const struct pt_verdict *verdict, bool observe, int64_t now_ms)
{
	const struct pd_text *login = &c->request.login;
	uint64_t suppressed;

	if (pt_limiter_allow(&report->limiter,
		pt_daemon_log_key(
		    "refused", login->at, login->len, verdict->reason),
		now_ms, &suppressed))
		log_against(c, verdict, observe, suppressed);
}

/* A term of a penalty; it begins once, so no line is held back. */
static void
log_penalty(const struct pd_case *c)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_INFO, "penalty");
	add_case(&line, c);
	pt_verdict_log(&line, "reason", &c->effects.penalty);
	if (c->effects.penalty_is_watched)
		pt_log_str(&line, "mode", "observe");
	add_text(&line, "client", &c->request.client_address);
	pt_log_end(&line);
}

static void
report_effects(
    struct pd_report *report, const struct pd_case *c, int64_t now_ms)
{
	if (c->effects.would.reason != PT_REASON_NONE)
		report_against(report, c, &c->effects.would, true, now_ms);
	if (c->effects.would_block.reason != PT_REASON_NONE)
		report_against(
		    report, c, &c->effects.would_block, true, now_ms);
	if (c->effects.penalty.reason != PT_REASON_NONE)
		log_penalty(c);
}

void
pd_report_case(
    struct pd_report *report, const struct pd_case *c, int64_t now_ms)
{
	if (pt_log_is_on(PT_LOG_DEBUG))
		log_decided(c);
	if (!pt_log_is_on(PT_LOG_INFO))
		return;
	if (pd_decide_is_against(c))
		report_against(report, c, &c->verdict,
		    c->config->mode == PT_MODE_OBSERVE, now_ms);
	report_effects(report, c, now_ms);
}

void
pd_report_damaged(struct pd_report *report, const struct pt_login *login,
    enum pt_err_kind kind, const struct pt_err *err, int64_t now_ms)
{
	uint64_t suppressed;

	if (pt_limiter_allow(&report->limiter,
		pt_daemon_log_key(
		    "record-failed", login->text, login->len, kind),
		now_ms, &suppressed))
		pt_daemon_log_failed(login->text, kind, err, suppressed);
}

void
pd_report_error(struct pd_report *report, const char *event,
    const struct pt_err *err, int64_t now_ms)
{
	uint64_t suppressed;

	if (pt_limiter_allow(&report->limiter,
		pt_daemon_log_key(event, "", 0, PT_LOG_ERROR), now_ms,
		&suppressed))
		pt_daemon_log_error(event, err, suppressed);
}

void
pd_report_client(struct pd_report *report, const char *event, const char *why,
    int64_t now_ms)
{
	struct pt_log_line line;
	uint64_t suppressed;

	if (!pt_limiter_allow(&report->limiter,
		pt_daemon_log_key(event, "", 0, PT_LOG_WARN), now_ms,
		&suppressed))
		return;
	pt_log_begin(&line, PT_LOG_WARN, event);
	if (why != NULL)
		pt_log_str(&line, "reason", why);
	pt_daemon_log_suppressed(&line, suppressed);
	pt_log_end(&line);
}

void
pd_report_dropped(struct pd_report *report)
{
	pt_daemon_log_dropped(pt_limiter_take_dropped(&report->limiter));
}

void
pd_report_stage(struct pd_report *report, enum pd_stage stage)
{
	struct pt_log_line line;

	if (pd_stage_is_judged(stage) || (report->stages >> stage & 1U) != 0)
		return;
	report->stages |= 1U << stage;
	pt_log_begin(&line, PT_LOG_WARN, "wrong-stage");
	pt_log_str(&line, "stage", pd_stage_name(stage));
	pt_log_str(&line, "remedy",
	    "nothing can be judged there: attach check_policy_service in "
	    "smtpd_recipient_restrictions and "
	    "smtpd_end_of_data_restrictions");
	pt_log_end(&line);
}

void
pd_report_charged(struct pd_report *report)
{
	report->uncharged_known = true;
}

void
pd_report_uncharged(struct pd_report *report)
{
	struct pt_log_line line;

	if (report->uncharged_known ||
	    ++report->uncharged < PD_REPORT_UNCHARGED)
		return;
	report->uncharged_known = true;
	pt_log_begin(&line, PT_LOG_WARN, "never-charged");
	pt_log_int(&line, "messages", report->uncharged);
	pt_log_str(&line, "remedy",
	    "add check_policy_service to smtpd_end_of_data_restrictions: "
	    "without it nothing is counted");
	pt_log_end(&line);
}
