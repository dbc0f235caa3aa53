/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/pending.h"

#include "core/base/clock.h"
#include "core/service/daemon_log.h"
#include "core/service/queue_order.h"
#include "policyd/context.h"

void
pd_pending_complete(struct pd_context *context, int64_t now_ms)
{
	struct pt_err err = {.kind = PT_ERR_NONE};
	const struct pt_pending_job *job;
	struct pt_pending *pending = &context->pending;
	int64_t now = pt_clock_now();
	size_t i;
	int rc;

	if (pt_pending_is_kept(context->store, now))
		return;
	rc = pt_pending_complete(context->store, context->config,
	    PT_QUEUE_ORDER_FILE, now, pending, &err);
	if (pending->count > 0)
		context->unsynced = true;
	for (i = 0; i < pending->count; i++) {
		job = &pending->job[i];
		if (job->failed != PT_ERR_NONE) {
			pd_report_damaged(&context->report, &job->login,
			    job->failed, &err, now_ms);
		} else if (job->reason != PT_BLOCK_NONE) {
			context->counters.blocks++;
			pt_daemon_log_blocked(
			    &job->login, job->reason, &job->figures, 0);
		}
	}
	if (pending->order_failed)
		pd_report_error(&context->report, "hold-failed",
		    &pending->order_err, now_ms);
	if (rc != 0)
		pd_report_error(&context->report, "state-failed", &err, now_ms);
}
