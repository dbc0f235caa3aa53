/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/session_watch.h"

#include "core/base/clock.h"
#include "core/rules/session.h"
#include "policyd/connection.h"
#include "policyd/session_ending.h"

void
pd_session_watch_init(struct pd_session_watch *watch,
    struct pd_context *context, struct pd_session_batch *batch)
{
	watch->context = context;
	watch->table = batch->table;
	watch->batch = batch;
	watch->version = 0;
	watch->generation = context->generation;
	watch->wanted = false;
	watch->began_ms = 0;
}

static void
look_for_change(struct pd_session_watch *watch, int64_t now_ms)
{
	struct pd_context *context = watch->context;
	uint64_t version;
	struct pt_err err;

	if (pt_store_accounts_version(context->store, &version, &err) != 0) {
		pd_report_error(&context->report, "state-failed", &err, now_ms);
		return;
	}
	if (version != watch->version ||
	    context->generation != watch->generation)
		watch->wanted = true;
	watch->version = version;
	watch->generation = context->generation;
}

static void
note_until(struct pd_session_watch *watch, int64_t until, int64_t now)
{
	int64_t *next = &watch->batch->next_until;

	if (until > now && (*next == 0 || until < *next))
		*next = until;
}

/* Does a session of the party expire now? */
static bool
is_due(
    struct pd_session_watch *watch, const struct pd_party *party, int64_t now)
{
	const struct pd_link *link = party->sessions.next;
	const struct pd_session *session;
	bool due = false;

	for (; link != &party->sessions; link = link->next) {
		session = (const struct pd_session *)link;
		note_until(watch, session->until, now);
		if (session->until > 0 && session->until <= now)
			due = true;
	}
	return due;
}

/* It comes seldom that an app password expires in an open session. */
static void
look_for_expiry(struct pd_session_watch *watch, int64_t now)
{
	struct pd_session_table *table = watch->table;
	struct pd_link *link;
	struct pd_link *next;

	if (watch->batch->next_until == 0 || watch->batch->next_until > now)
		return;
	watch->batch->next_until = 0;
	for (link = table->settled.next; link != &table->settled; link = next) {
		next = link->next;
		if (is_due(watch, (const struct pd_party *)link, now))
			pd_list_move(link, &table->to_judge);
	}
}

/* A list's elements all at once; "to" is empty. */
static void
move_all(struct pd_link *from, struct pd_link *to)
{
	if (pd_list_first(from) == NULL)
		return;
	*to = *from;
	to->next->prev = to;
	to->prev->next = to;
	pd_list_init(from);
}

void
pd_session_watch_look(struct pd_session_watch *watch, int64_t now_ms)
{
	struct pd_session_table *table = watch->table;

	look_for_change(watch, now_ms);
	look_for_expiry(watch, pt_clock_now());
	/* The last round is finished first, and rounds leave a gap. */
	if (!watch->wanted || pd_list_first(&table->to_judge) != NULL ||
	    (watch->began_ms != 0 &&
		now_ms - watch->began_ms < PD_SESSION_WATCH_ROUND_MS))
		return;
	watch->wanted = false;
	watch->began_ms = now_ms;
	move_all(&table->settled, &table->to_judge);
}

static void
judge_session(struct pd_session_watch *watch, struct pd_session *session,
    int64_t now, int64_t now_ms)
{
	const struct pt_config *config = watch->context->config;
	struct pt_verdict verdict;

	verdict = pt_session_judge(
	    config, &watch->account, &watch->activity, &session->token, now);
	if (verdict.code != PT_VERDICT_PERMIT) {
		pd_session_ending_one(watch->context, watch->table, session,
		    &verdict, true, now, now_ms);
		return;
	}
	session->until =
	    pt_session_until(&watch->account, &session->token, now);
	note_until(watch, session->until, now);
	/* It learns what holds now when it opens again. */
	if (session->connection != NULL &&
	    session->holds != pd_session_case_holds(config, &watch->account,
				  &session->token, now))
		pd_connection_close(session->connection);
}

static void
judge_party(struct pd_session_watch *watch, struct pd_party *party, int64_t now,
    int64_t now_ms)
{
	struct pd_context *context = watch->context;
	struct pd_link *head = &party->sessions;
	struct pd_link *link = head->next;
	struct pd_link *next;
	struct pt_err err;

	if (link == head)
		return;
	if (pt_store_read(context->store, &party->login, &watch->account,
		&watch->activity, NULL, &err) != 0) {
		pd_report_damaged(
		    &context->report, &party->login, err.kind, &err, now_ms);
		return;
	}
	for (; link != head; link = next) {
		next = link->next;
		judge_session(watch, (struct pd_session *)link, now, now_ms);
	}
}

bool
pd_session_watch_run(struct pd_session_watch *watch, int64_t now_ms)
{
	struct pd_session_table *table = watch->table;
	struct pd_link *first;
	int64_t now;
	int i;

	if (pd_list_first(&table->to_judge) == NULL)
		return false;
	now = pt_clock_now();
	for (i = 0; i < PD_SESSION_WATCH_SLICE; i++) {
		first = pd_list_first(&table->to_judge);
		if (first == NULL)
			return false;
		pd_list_move(first, &table->settled);
		judge_party(watch, (struct pd_party *)first, now, now_ms);
	}
	return pd_list_first(&table->to_judge) != NULL;
}
