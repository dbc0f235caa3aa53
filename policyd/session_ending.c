/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/session_ending.h"

#include "policyd/connection.h"
#include "policyd/session_reply.h"
#include "policyd/session_report.h"

void
pd_session_ending_one(struct pd_context *context,
    struct pd_session_table *table, struct pd_session *session,
    const struct pt_verdict *verdict, bool unasked, int64_t now, int64_t now_ms)
{
	struct pd_connection *connection = session->connection;
	char text[PT_SESSION_REPLY_MAX];
	size_t len;

	len = pd_session_reply_close(text, context->config, verdict,
	    session->party->login.text, session->token.protocol, now, unasked);
	pd_session_report_end(&context->report, session, verdict, now_ms);
	context->counters.sessions_ended++;
	pd_session_end(table, session);
	if (connection != NULL)
		pd_connection_dismiss(connection, text, len);
}

void
pd_session_ending_party(struct pd_context *context,
    struct pd_session_table *table, struct pd_party *party,
    const struct pd_session *asker, const struct pt_verdict *verdict,
    int64_t now, int64_t now_ms)
{
	struct pd_session *session;
	struct pd_link *first;

	while ((first = pd_list_first(&party->sessions)) != NULL) {
		session = (struct pd_session *)first;
		pd_session_ending_one(context, table, session, verdict,
		    session != asker, now, now_ms);
	}
}
