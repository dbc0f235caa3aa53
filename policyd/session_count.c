/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/session_count.h"

#include "core/base/clock.h"

int
pd_session_count_start(struct pd_session_count *count,
    struct pd_context *context, struct pd_session_table *table,
    struct pt_err *err)
{
	count->context = context;
	count->table = table;
	count->said_ms = 0;
	return pt_beat_init(
	    &count->beat, context->store, PT_LIFE_SESSIONS, err);
}

void
pd_session_count_live(struct pd_session_count *count, int64_t now_ms)
{
	struct pd_context *context = count->context;
	struct pt_err err;

	if (count->said_ms != 0 && now_ms - count->said_ms < PD_SESSION_LIVE_MS)
		return;
	count->said_ms = now_ms;
	if (pt_beat_say(&count->beat, context->store, pt_clock_now(), &err) !=
	    0)
		pd_report_error(&context->report, "state-failed", &err, now_ms);
	else
		context->unsynced = true;
}

int
pd_session_count_stop(struct pd_session_count *count, struct pt_err *err)
{
	return pt_beat_stop(&count->beat, count->context->store, err);
}

struct job {
	struct pd_party *party;
	struct pt_open_sessions sessions;
};

static void
put_count(struct pt_records *records, void *arg)
{
	const struct job *job = arg;

	/* Nothing is remembered of who is gone and left nothing else. */
	if (!records->usage->exists && job->sessions.count == 0)
		return;
	records->usage->sessions = job->sessions;
	records->usage_changed = true;
}

static size_t
collect(
    struct pd_session_count *count, struct job *jobs, struct pt_update *updates)
{
	struct pd_link *head = &count->table->changed;
	struct pd_link *link = head->next;
	struct pd_party *party;
	size_t n = 0;

	while (link != head && n < PT_BATCH_MAX) {
		party = PD_LIST_OWNER(link, struct pd_party, changed);
		link = link->next;
		if (party->count == party->stored) {
			pd_session_party_stored(
			    count->table, party, party->stored);
			continue;
		}
		jobs[n] = (struct job){
		    .party = party,
		    .sessions = {count->beat.life.number, party->count},
		};
		updates[n] = (struct pt_update){
		    .login = &party->login,
		    .usage = true,
		    .fn = put_count,
		    .arg = &jobs[n],
		};
		n++;
	}
	return n;
}

bool
pd_session_count_store(struct pd_session_count *count, int64_t now_ms)
{
	struct pd_context *context = count->context;
	struct pt_update updates[PT_BATCH_MAX];
	struct job jobs[PT_BATCH_MAX];
	struct pt_err err = {.kind = PT_ERR_NONE};
	size_t n = collect(count, jobs, updates);
	size_t i;

	if (n == 0)
		return false;
	if (pt_store_update(
		context->store, PT_UPDATE_ACTIVITY, updates, n, &err) != 0) {
		pd_report_error(&context->report, "state-failed", &err, now_ms);
		return false;
	}
	context->unsynced = true;
	for (i = 0; i < n; i++) {
		if (updates[i].failed != PT_ERR_NONE)
			pd_report_damaged(&context->report,
			    &jobs[i].party->login, updates[i].failed, &err,
			    now_ms);
		/* What cannot be stored is not tried for ever. */
		pd_session_party_stored(
		    count->table, jobs[i].party, jobs[i].sessions.count);
	}
	return pd_list_first(&count->table->changed) != NULL;
}
