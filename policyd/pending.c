/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/pending.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "policyd/context.h"

static void
log_block(const struct pt_pending_job *job)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_INFO, "blocked");
	pt_log_bytes(&line, "login", job->login.text, job->login.len);
	pt_log_str(&line, "block", pt_block_reason_name(job->reason));
	pt_log_end(&line);
}

void
pd_pending_complete(struct pd_context *context, int64_t now_ms)
{
	struct pt_err err = {.kind = PT_ERR_NONE};
	const struct pt_pending_job *job;
	struct pt_pending pending;
	size_t i;
	int rc;

	rc =
	    pt_pending_complete(context->store, pt_clock_now(), &pending, &err);
	if (pending.count > 0)
		context->unsynced = true;
	for (i = 0; i < pending.count; i++) {
		job = &pending.job[i];
		if (job->failed != PT_ERR_NONE) {
			pd_report_damaged(&context->report, &job->login,
			    job->failed, &err, now_ms);
		} else if (job->reason != PT_BLOCK_NONE) {
			context->counters.blocks++;
			log_block(job);
		}
	}
	if (rc != 0)
		pd_report_error(&context->report, "state-failed", &err, now_ms);
}
