/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/sessions.h"

#include "policyd/event.h"
#include "policyd/pending.h"
#include "policyd/session_report.h"

/*
 * A plugin opens its session at once; 50 requests a second are many, and a
 * hundred at once are what a mail program can cause by storing mail.
 */
static const struct pd_manners manners = {
    .idle_ms = 10 * 1000,
    .slow_ms = 10 * 1000,
    .pace_ms = 20,
    .burst_ms = 2000,
    .made_room = "too many connections that opened no session: an old one was "
		 "closed",
    .no_room = "too many connections that opened no session: a new one was "
	       "closed",
};

int
pd_sessions_init(struct pd_sessions *sessions, struct pd_context *context,
    uv_loop_t *loop, struct pt_err *err)
{
	struct pd_clients *clients = &sessions->clients;

	sessions->context = context;
	sessions->to_store = false;
	pd_clients_init(clients, loop, PD_SESSIONS_STRANGER, &manners);
	pd_listeners_init(&sessions->listeners, loop, clients);
	pd_session_batch_init(&sessions->batch, context, &sessions->table);
	clients->grammar = &pd_event_grammar;
	clients->limits = &pd_event_limits;
	clients->on_request = pd_session_batch_request;
	clients->on_gone = pd_session_batch_gone;
	clients->arg = &sessions->batch;
	clients->counters = &context->counters;
	clients->report = &context->report;
	clients->accepts = PD_SESSIONS_ACCEPT;
	return pd_session_table_init(&sessions->table, err);
}

static void
end_long_asleep(struct pd_sessions *sessions, int64_t now_ms)
{
	struct pd_session_table *table = &sessions->table;
	struct pd_session *session;
	struct pd_link *first;

	while ((first = pd_list_first(&table->asleep)) != NULL) {
		session = PD_LIST_OWNER(first, struct pd_session, asleep);
		if (now_ms - session->asleep_since_ms < PD_SESSION_HIBERNATE_MS)
			return;
		pd_session_report_gone(session, "hibernated too long");
		pd_session_end(table, session);
	}
}

void
pd_sessions_tick(struct pd_sessions *sessions)
{
	struct pd_clients *clients = &sessions->clients;
	int64_t now_ms = pd_clients_now(clients);

	if (clients->draining)
		return;
	pd_clients_wake(clients);
	pd_clients_expire(clients);
	clients->accepts = PD_SESSIONS_ACCEPT;
	pd_listeners_retry(&sessions->listeners);
	end_long_asleep(sessions, now_ms);
	pd_pending_complete(sessions->context, now_ms);
	pd_session_watch_look(&sessions->watch, now_ms);
	sessions->to_store = true;
	if (sessions->listeners.count > 0)
		pd_session_count_live(&sessions->count, now_ms);
}

static void
on_tick(uv_timer_t *timer)
{
	pd_sessions_tick(timer->data);
}

int
pd_sessions_start(struct pd_sessions *sessions, struct pt_err *err)
{
	struct pd_context *context = sessions->context;
	int rc;

	if (pd_session_count_start(
		&sessions->count, context, &sessions->table, err) != 0)
		return -1;
	pd_session_watch_init(&sessions->watch, context, &sessions->batch);
	if (sessions->listeners.count > 0)
		pd_session_count_live(
		    &sessions->count, pd_clients_now(&sessions->clients));
	rc = uv_timer_init(sessions->clients.loop, &sessions->timer);
	sessions->timer.data = sessions;
	if (rc == 0)
		rc = uv_timer_start(&sessions->timer, on_tick,
		    PD_SESSIONS_TICK_MS, PD_SESSIONS_TICK_MS);
	if (rc == 0)
		return 0;
	return pt_err_set(err, PT_ERR_UNAVAILABLE, "cannot start a timer: %s",
	    uv_strerror(rc));
}

void
pd_sessions_run(struct pd_sessions *sessions, int64_t now_ms)
{
	pd_session_batch_run(&sessions->batch, now_ms);
	if (sessions->clients.draining)
		return;
	(void)pd_session_watch_run(&sessions->watch, now_ms);
	if (sessions->to_store)
		sessions->to_store =
		    pd_session_count_store(&sessions->count, now_ms);
}

bool
pd_sessions_has_work(struct pd_sessions *sessions)
{
	if (!pd_session_batch_is_empty(&sessions->batch))
		return true;
	return !sessions->clients.draining &&
	       (sessions->to_store ||
		   pd_list_first(&sessions->table.to_judge) != NULL);
}

void
pd_sessions_close(struct pd_sessions *sessions)
{
	pd_listeners_close(&sessions->listeners);
	pd_clients_drain(&sessions->clients);
	pd_clients_give_up(&sessions->clients);
}

int
pd_sessions_finish(struct pd_sessions *sessions, struct pt_err *err)
{
	return pd_session_count_stop(&sessions->count, err);
}

void
pd_sessions_clear(struct pd_sessions *sessions)
{
	pd_session_table_clear(&sessions->table);
	pd_clients_clear(&sessions->clients);
}
