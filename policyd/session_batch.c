/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/session_batch.h"

#include "core/base/clock.h"
#include "policyd/connection.h"
#include "policyd/session_answer.h"
#include "policyd/session_reply.h"
#include "policyd/session_report.h"

void
pd_session_batch_init(struct pd_session_batch *batch,
    struct pd_context *context, struct pd_session_table *table)
{
	batch->context = context;
	batch->table = table;
	batch->max_sessions = 1;
	batch->next_until = 0;
	batch->count = 0;
	batch->update_count = 0;
	pd_list_init(&batch->queue);
}

void
pd_session_batch_gone(struct pd_connection *connection, void *arg)
{
	struct pd_session_batch *batch = arg;

	pd_session_report_gone(connection->session, "connection closed");
	pd_session_end(batch->table, connection->session);
}

/* What needs no state is answered at once. */
static void
take_leave(struct pd_session_batch *batch, struct pd_connection *connection,
    enum pd_event_kind kind)
{
	struct pd_session *session = connection->session;

	if (kind == PD_EVENT_HIBERNATE) {
		pd_session_hibernate(
		    batch->table, session, pd_clients_now(connection->clients));
	} else {
		pd_session_report_gone(session, "closed");
		pd_session_end(batch->table, session);
	}
	pd_connection_dismiss(connection, PD_SESSION_OK, PD_SESSION_OK_LEN);
}

void
pd_session_batch_request(struct pd_connection *connection, void *arg)
{
	struct pd_session_batch *batch = arg;
	struct pd_context *context = batch->context;
	bool is_open = connection->session != NULL;
	struct pd_event event;
	const char *why;

	why = pd_event_read(&connection->intake->record, &event);
	if (why == NULL && (event.kind == PD_EVENT_OPEN) == is_open)
		why = is_open ? "session opened twice" : "session not open";
	if (why != NULL) {
		context->counters.malformed++;
		pd_report_client(&context->report, "malformed-request", why,
		    pd_clients_now(connection->clients));
		pd_connection_close(connection);
	} else if (event.kind == PD_EVENT_HIBERNATE ||
		   event.kind == PD_EVENT_CLOSE) {
		take_leave(batch, connection, event.kind);
	} else {
		pd_list_move(&connection->link, &batch->queue);
	}
}

static void
refuse(struct pd_session_case *c, enum pt_reason_id reason)
{
	c->verdict = (struct pt_verdict){
	    .code = PT_VERDICT_REFUSE,
	    .reason = reason,
	};
}

/* Whose is the token?  false: the verdict is there. */
static bool
read_token(struct pd_session_batch *batch, struct pd_session_case *c)
{
	struct pt_err err;

	if (pt_login_parse(c->event.login, c->event.login_len,
		c->config->default_domain, &c->login, &err) != 0) {
		refuse(c, PT_REASON_LOGIN_INVALID);
		return false;
	}
	if (pt_token_read(pt_store_token_key(batch->context->store), &c->login,
		c->event.token, &c->token) &&
	    c->token.protocol == c->event.protocol)
		return true;
	refuse(c, PT_REASON_PASSWORD);
	return false;
}

/*
 * Enters the session, or gives it this connection in place of its former one.
 * false: there is no room for it.
 */
static bool
enter_session(struct pd_session_batch *batch, struct pd_session_case *c,
    struct pd_connection *connection)
{
	struct pd_session *session =
	    pd_session_find(batch->table, &c->login, &c->token);
	struct pd_connection *former;

	if (session != NULL) {
		former = session->connection;
		pd_session_attach(session, connection);
		if (former != NULL)
			pd_connection_close(former);
		return true;
	}
	if (batch->table->count >= batch->max_sessions)
		return false;
	session =
	    pd_session_add(batch->table, &c->login, &c->token, c->event.id);
	if (session == NULL)
		return false;
	session->opened_at = c->now;
	pd_session_attach(session, connection);
	c->open = session->party->count;
	return true;
}

/* Is there something to ask the state? */
static bool
begin(struct pd_session_batch *batch, struct pd_session_case *c,
    struct pd_connection *connection)
{
	const struct pd_session *session = connection->session;

	if (session != NULL) {
		c->login = session->party->login;
		c->token = session->token;
		return true;
	}
	if (!read_token(batch, c))
		return false;
	if (enter_session(batch, c, connection))
		return true;
	c->failed = true;
	pd_report_client(&batch->context->report, "session-limit",
	    "max_sessions reached: a session goes on uncounted",
	    pd_clients_now(connection->clients));
	return false;
}

static void
add(struct pd_session_batch *batch, struct pd_connection *connection,
    int64_t now)
{
	struct pd_session_case *c = &batch->cases[batch->count];

	batch->connections[batch->count] = connection;
	batch->count++;
	c->config = batch->context->config;
	c->now = now;
	c->open = 0;
	c->failed = false;
	c->changed = false;
	/* It was a good one when it came. */
	(void)pd_event_read(&connection->intake->record, &c->event);
	if (!begin(batch, c, connection))
		return;
	batch->updates[batch->update_count] = (struct pt_update){
	    .login = &c->login,
	    .usage = true,
	    .fn = pd_session_case_update,
	    .arg = c,
	};
	batch->update_count++;
}

static void
collect(struct pd_session_batch *batch)
{
	int64_t now = pt_clock_now();
	struct pd_link *first;

	batch->count = 0;
	batch->update_count = 0;
	while (batch->count < PD_SESSION_BATCH_CAP &&
	       (first = pd_list_first(&batch->queue)) != NULL) {
		pd_list_remove(first);
		add(batch, (struct pd_connection *)first, now);
	}
}

static void
commit(struct pd_session_batch *batch, int64_t now_ms)
{
	struct pd_context *context = batch->context;
	struct pt_err err = {.kind = PT_ERR_NONE};
	struct pd_session_case *c;
	size_t i;
	int rc;

	rc = pt_store_update(context->store, PT_UPDATE_ACTIVITY, batch->updates,
	    batch->update_count, &err);
	if (rc != 0)
		pd_report_error(&context->report, "state-failed", &err, now_ms);
	for (i = 0; i < batch->update_count; i++) {
		c = batch->updates[i].arg;
		c->failed = rc != 0 || batch->updates[i].failed != PT_ERR_NONE;
		if (rc == 0 && c->failed)
			pd_report_damaged(&context->report, &c->login,
			    batch->updates[i].failed, &err, now_ms);
		if (!c->failed && c->changed)
			context->unsynced = true;
	}
}

void
pd_session_batch_run(struct pd_session_batch *batch, int64_t now_ms)
{
	size_t i;

	if (pd_session_batch_is_empty(batch))
		return;
	collect(batch);
	if (batch->update_count > 0)
		commit(batch, now_ms);
	for (i = 0; i < batch->count; i++) {
		/* It may have been closed by an answer to another. */
		if (batch->connections[i]->state == PD_CONNECTION_WAITING)
			pd_session_answer(batch, &batch->cases[i],
			    batch->connections[i], now_ms);
	}
}
