/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/session_answer.h"

#include "policyd/connection.h"
#include "policyd/session_ending.h"
#include "policyd/session_reply.h"
#include "policyd/session_report.h"

/* An "open" that comes to nothing. */
static void
answer_refused(struct pd_session_batch *batch, struct pd_session_case *c,
    struct pd_connection *connection, int64_t now_ms)
{
	struct pd_context *context = batch->context;
	unsigned reason = (unsigned)c->verdict.reason;
	char text[PT_SESSION_REPLY_MAX];
	size_t len;

	len = pd_session_reply_close(text, c->config, &c->verdict,
	    c->event.login, c->event.protocol, c->now, false);
	pd_session_report_refused(&context->report, c, now_ms);
	context->counters.sessions_refused[reason % PT_COUNTER_REASONS]++;
	if (connection->session != NULL)
		pd_session_end(batch->table, connection->session);
	pd_connection_dismiss(connection, text, len);
}

static void
answer_against(struct pd_session_batch *batch, struct pd_session_case *c,
    struct pd_connection *connection, int64_t now_ms)
{
	struct pd_session *session = connection->session;

	if (c->event.kind == PD_EVENT_OPEN)
		answer_refused(batch, c, connection, now_ms);
	else if (c->verdict.reason == PT_REASON_TRAFFIC)
		/* What is used up is used up for all of them. */
		pd_session_ending_party(batch->context, batch->table,
		    session->party, session, &c->verdict, c->now, now_ms);
	else
		pd_session_ending_one(batch->context, batch->table, session,
		    &c->verdict, false, c->now, now_ms);
}

static void
answer_open(struct pd_session_batch *batch, const struct pd_session_case *c,
    struct pd_connection *connection)
{
	struct pd_session *session = connection->session;
	char text[PT_SESSION_REPLY_MAX];
	size_t len;

	session->holds = c->holds;
	session->until = c->until;
	if (c->until > 0 &&
	    (batch->next_until == 0 || c->until < batch->next_until))
		batch->next_until = c->until;
	/* One that came back was counted before. */
	if (c->open > 0)
		batch->context->counters.sessions_opened++;
	pd_session_report_open(session);
	len = pd_session_reply_open(text, c->holds, c->report);
	pd_connection_answer(connection, text, len);
}

/* What one session sees, the others of the login see, too. */
static void
push_view(const struct pd_session *session, const struct pd_session_case *c)
{
	const struct pd_link *head = &session->party->sessions;
	const struct pd_link *link;
	const struct pd_session *other;
	char text[PT_SESSION_REPLY_MAX];
	size_t len;

	len = pd_session_reply_hold(text, &c->view, c->event.uidvalidity, true);
	for (link = head->next; link != head; link = link->next) {
		other = (const struct pd_session *)link;
		if (other == session || other->connection == NULL ||
		    !other->holds)
			continue;
		/* Who does not read now asks when it is due. */
		(void)pd_connection_push(other->connection, text, len);
	}
}

static void
answer_view(struct pt_counters *counters, const struct pd_session_case *c,
    struct pd_connection *connection)
{
	char text[PT_SESSION_REPLY_MAX];
	size_t len;

	if (c->event.kind == PD_EVENT_CHECK)
		counters->mail_checks++;
	if (!c->view.held) {
		pd_connection_answer(
		    connection, PD_SESSION_OK, PD_SESSION_OK_LEN);
		return;
	}
	len =
	    pd_session_reply_hold(text, &c->view, c->event.uidvalidity, false);
	if (c->moved)
		push_view(connection->session, c);
	pd_connection_answer(connection, text, len);
}

void
pd_session_answer(struct pd_session_batch *batch, struct pd_session_case *c,
    struct pd_connection *connection, int64_t now_ms)
{
	if (c->failed) {
		pd_connection_close(connection);
		return;
	}
	if (pd_session_case_is_against(c)) {
		answer_against(batch, c, connection, now_ms);
		return;
	}
	if (c->would.reason != PT_REASON_NONE)
		pd_session_report_would(&batch->context->report, c, now_ms);
	switch (c->event.kind) {
	case PD_EVENT_OPEN:
		answer_open(batch, c, connection);
		break;
	case PD_EVENT_CHECK:
	case PD_EVENT_STORED:
		answer_view(&batch->context->counters, c, connection);
		break;
	case PD_EVENT_TRAFFIC:
	case PD_EVENT_NONE:
	case PD_EVENT_HIBERNATE:
	case PD_EVENT_CLOSE:
		pd_connection_answer(
		    connection, PD_SESSION_OK, PD_SESSION_OK_LEN);
		break;
	}
}
