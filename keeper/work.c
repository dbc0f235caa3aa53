/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "keeper/work.h"

#include "core/service/pending.h"
#include "core/service/queue_order.h"

void
pk_work_complete(struct pk_context *context, int64_t now)
{
	struct pt_err err = {.kind = PT_ERR_NONE};
	const struct pt_pending_job *job;
	struct pt_pending *pending = &context->pending;
	size_t i;
	int rc;

	rc = pt_pending_complete(context->store, context->config,
	    PT_QUEUE_ORDER_FILE, now, pending, &err);
	for (i = 0; i < pending->count; i++) {
		job = &pending->job[i];
		if (job->failed != PT_ERR_NONE) {
			pk_report_failed(
			    &context->report, &job->login, job->failed, &err);
			continue;
		}
		context->counters.blocks += job->reason != PT_BLOCK_NONE;
		pk_report_completed(&context->report, job);
	}
	if (pending->order_failed)
		pk_report_error(
		    &context->report, "hold-failed", &pending->order_err);
	if (rc != 0)
		pk_report_error(&context->report, "state-failed", &err);
}

static void
on_notice(const struct pt_outbox_entry *entry, const char *what, void *arg)
{
	struct pk_context *context = arg;

	pk_report_notice(&context->report, entry, what);
}

void
pk_work_send(struct pk_context *context, int64_t now)
{
	struct pt_outbox_done done = {.sent = 0};
	struct pt_err err;

	if (pt_outbox_turn(
		context->outbox, now, on_notice, context, &done, &err) != 0)
		pk_report_error(&context->report, "state-failed", &err);
	context->counters.notices_sent += done.sent;
	context->counters.notices_failed += done.failed + done.gave_up;
	context->counters.notices_given_up += done.gave_up;
	context->sending = done.running;
}
