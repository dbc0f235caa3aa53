/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/session_report.h"

#include "core/base/log.h"
#include "core/service/daemon_log.h"

static const char *
protocol_name(enum pt_protocol protocol)
{
	return protocol == PT_PROTOCOL_POP3 ? "pop3" : "imap";
}

/* Its login, protocol and Dovecot's id. */
static void
add_who(struct pt_log_line *line, const char *login, size_t len,
    enum pt_protocol protocol, const char *id)
{
	pt_log_bytes(line, "login", login, len);
	pt_log_str(line, "protocol", protocol_name(protocol));
	if (id[0] != '\0')
		pt_log_str(line, "session", id);
}

static void
add_session(struct pt_log_line *line, const struct pd_session *session)
{
	const struct pt_login *login = &session->party->login;

	add_who(line, login->text, login->len, session->token.protocol,
	    session->id);
	pt_log_int(line, "password", session->token.password);
}

static void
add_reason(
    struct pt_log_line *line, const char *key, const struct pt_verdict *verdict)
{
	pt_log_str(line, key, pt_reason_get(verdict->reason)->name);
	if (verdict->reason == PT_REASON_BLOCKED)
		pt_log_str(line, "block", pt_block_reason_name(verdict->block));
	if (verdict->limit > 0) {
		pt_log_int(line, "used", (int64_t)verdict->used);
		pt_log_int(line, "limit", (int64_t)verdict->limit);
	}
	if (verdict->until > 0)
		pt_log_time(line, "until", verdict->until);
}

/* May a line of that event about that login and reason be written now? */
static bool
may_log(struct pd_report *report, const char *event, const char *login,
    size_t len, unsigned reason, int64_t now_ms, uint64_t *suppressed_out)
{
	return pt_log_is_on(PT_LOG_INFO) &&
	       pt_limiter_allow(&report->limiter,
		   pt_daemon_log_key(event, login, len, reason), now_ms,
		   suppressed_out);
}

void
pd_session_report_open(const struct pd_session *session)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_DEBUG, "session-open");
	add_session(&line, session);
	pt_log_int(&line, "open", session->party->count);
	pt_log_end(&line);
}

void
pd_session_report_gone(const struct pd_session *session, const char *how)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_DEBUG, "session-gone");
	add_session(&line, session);
	pt_log_str(&line, "how", how);
	pt_log_end(&line);
}

void
pd_session_report_end(struct pd_report *report,
    const struct pd_session *session, const struct pt_verdict *verdict,
    int64_t now_ms)
{
	const struct pt_login *login = &session->party->login;
	struct pt_log_line line;
	uint64_t suppressed;

	if (!may_log(report, "session-end", login->text, login->len,
		verdict->reason, now_ms, &suppressed))
		return;
	pt_log_begin(&line, PT_LOG_INFO, "session-end");
	add_session(&line, session);
	add_reason(&line, "reason", verdict);
	pt_daemon_log_suppressed(&line, suppressed);
	pt_log_end(&line);
}

static void
report_event(struct pd_report *report, const struct pd_session_case *c,
    const char *event, const char *key, const struct pt_verdict *verdict,
    int64_t now_ms)
{
	/* What it calls itself, because it may be no login at all. */
	bool known = c->event.kind != PD_EVENT_OPEN;
	const char *login = known ? c->login.text : c->event.login;
	size_t len = known ? c->login.len : c->event.login_len;
	struct pt_log_line line;
	uint64_t suppressed;

	if (!may_log(report, event, login, len, verdict->reason, now_ms,
		&suppressed))
		return;
	pt_log_begin(&line, PT_LOG_INFO, event);
	add_who(&line, login, len,
	    known ? c->token.protocol : c->event.protocol, c->event.id);
	add_reason(&line, key, verdict);
	pt_daemon_log_suppressed(&line, suppressed);
	pt_log_end(&line);
}

void
pd_session_report_refused(
    struct pd_report *report, const struct pd_session_case *c, int64_t now_ms)
{
	report_event(
	    report, c, "session-refused", "reason", &c->verdict, now_ms);
}

void
pd_session_report_would(
    struct pd_report *report, const struct pd_session_case *c, int64_t now_ms)
{
	report_event(report, c, "session-observed", "would", &c->would, now_ms);
}
