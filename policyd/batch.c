/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/batch.h"

#include "core/base/clock.h"
#include "policyd/connection.h"

void
pd_batch_init(struct pd_batch *batch, struct pd_context *context)
{
	batch->context = context;
	batch->ownership = NULL;
	batch->count = 0;
	batch->update_count = 0;
	pd_list_init(&batch->queue);
	/* Another one after a restart. */
	batch->serial = (uint64_t)pt_clock_now() << 24;
}

void
pd_batch_request(struct pd_connection *connection, void *arg)
{
	struct pd_batch *batch = arg;
	struct pt_counters *counters = &batch->context->counters;

	counters->requests++;
	if (!pd_decide_is_free(&connection->intake->record)) {
		connection->sender_by_maps = PT_OWNED_NO;
		if (batch->ownership == NULL ||
		    !pd_ownership_take(batch->ownership, connection))
			pd_list_move(&connection->link, &batch->queue);
		return;
	}
	if (!pd_request_has_login(&connection->intake->record))
		counters->unauthenticated++;
	pd_report_stage(&batch->context->report,
	    pd_request_stage(&connection->intake->record));
	pd_connection_answer(connection, PD_ANSWER_DUNNO, PD_ANSWER_DUNNO_LEN);
}

static void
add(struct pd_batch *batch, struct pd_connection *connection, int64_t now)
{
	struct pd_context *context = batch->context;
	struct pd_case *c = &batch->cases[batch->count];
	bool to_judge;
	bool left;

	batch->connections[batch->count] = connection;
	batch->count++;
	to_judge = pd_decide_begin(c, &connection->intake->record,
	    context->config, now, batch->serial++);
	c->message.recipients =
	    pd_transaction_note(&connection->transaction, &c->request, &left);
	c->message.sender_by_maps = connection->sender_by_maps;
	if (left)
		pd_report_uncharged(&context->report);
	if (c->request.stage == PD_STAGE_END)
		pd_report_charged(&context->report);
	if (!to_judge)
		return;
	c->message.trusted = pd_origin_is_trusted(&connection->origin,
	    &c->request.client_address, context->config, context->generation);
	c->key = pt_store_token_key(context->store);
	pd_transaction_name(
	    &connection->transaction, &c->request, c->key, &c->message);
	batch->updates[batch->update_count] = (struct pt_update){
	    .login = &c->login,
	    .wants_signals = pd_decide_wants_signals,
	    .fn = pd_decide_update,
	    .arg = c,
	};
	batch->update_count++;
}

static void
collect(struct pd_batch *batch)
{
	int64_t now = pt_clock_now();
	struct pd_link *first;

	batch->count = 0;
	batch->update_count = 0;
	while (batch->count < PD_BATCH_CAP &&
	       (first = pd_list_first(&batch->queue)) != NULL) {
		pd_list_remove(first);
		add(batch, (struct pd_connection *)first, now);
	}
}

static void
commit(struct pd_batch *batch, int64_t now_ms)
{
	struct pd_context *context = batch->context;
	struct pt_err err = {.kind = PT_ERR_NONE};
	struct pd_case *c;
	size_t i;
	int rc;

	rc = pt_store_update(context->store, PT_UPDATE_ACTIVITY, batch->updates,
	    batch->update_count, &err);
	context->counters.batches++;
	if (rc != 0)
		pd_report_error(&context->report, "state-failed", &err, now_ms);
	for (i = 0; i < batch->update_count; i++) {
		c = batch->updates[i].arg;
		if (rc != 0) {
			pd_decide_fail(c);
		} else if (batch->updates[i].failed != PT_ERR_NONE) {
			pd_decide_fail(c);
			pd_report_damaged(&context->report, &c->login,
			    batch->updates[i].failed, &err, now_ms);
		} else if (c->effects.activity_changed ||
			   c->effects.signals_changed) {
			context->unsynced = true;
		}
	}
}

/* What was only watched counts as in observe mode. */
static void
note_watched(struct pt_counters *counters, const struct pt_verdict *verdict,
    struct pd_transaction *transaction)
{
	if (verdict->reason != PT_REASON_NONE &&
	    pd_transaction_refuse(transaction, verdict->reason))
		counters->observed[verdict->reason % PT_COUNTER_REASONS]++;
}

static void
note_verdict(struct pt_counters *counters, const struct pd_case *c,
    struct pd_transaction *transaction)
{
	unsigned reason = c->verdict.reason;

	note_watched(counters, &c->effects.would, transaction);
	note_watched(counters, &c->effects.would_block, transaction);
	if (pd_decide_is_against(c)) {
		if (!pd_transaction_refuse(transaction, c->verdict.reason))
			return;
		if (c->config->mode == PT_MODE_OBSERVE)
			counters->observed[reason % PT_COUNTER_REASONS]++;
		else
			counters->refused[reason % PT_COUNTER_REASONS]++;
		return;
	}
	pd_transaction_permit(transaction, c->request.stage);
	if (c->message.stage != PT_MESSAGE_CHARGE)
		return;
	if (c->verdict.repeated)
		counters->repeated++;
	else
		counters->permitted++;
}

static void
answer(struct pd_batch *batch, size_t i, int64_t now_ms)
{
	struct pd_context *context = batch->context;
	struct pd_connection *connection = batch->connections[i];
	const struct pd_case *c = &batch->cases[i];
	char text[PD_ANSWER_MAX];
	size_t len;

	if (connection->transaction.named != NULL || c->is_wanted)
		pd_transaction_want(&connection->transaction, &c->request,
		    c->is_wanted,
		    pd_decide_is_against(c) &&
			c->config->mode == PT_MODE_ENFORCE,
		    c->recipient);
	note_verdict(&context->counters, c, &connection->transaction);
	pd_report_case(&context->report, c, now_ms);
	len = pd_decide_answer(c, text);
	pd_connection_answer(connection, text, len);
}

void
pd_batch_run(struct pd_batch *batch, int64_t now_ms)
{
	size_t i;

	if (pd_batch_is_empty(batch))
		return;
	collect(batch);
	if (batch->update_count > 0)
		commit(batch, now_ms);
	for (i = 0; i < batch->count; i++)
		answer(batch, i, now_ms);
}
