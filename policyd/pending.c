/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/pending.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/rules/external.h"
#include "policyd/context.h"

void
pd_pending_note(struct pd_pending *pending, const struct pt_login *login)
{
	unsigned i;

	for (i = 0; i < pending->count; i++) {
		if (pt_login_equal(&pending->logins[i], login))
			return;
	}
	if (pending->count == PD_PENDING_MAX) {
		pending->more = true;
		return;
	}
	pending->logins[pending->count] = *login;
	pending->count++;
}

static bool
note_one(
    const struct pt_activity *activity, const struct pt_err *err, void *arg)
{
	struct pd_pending *pending = arg;

	/* A record that cannot be read is complained of where it is needed. */
	if (err == NULL && activity->block.reason != PT_BLOCK_NONE)
		pd_pending_note(pending, &activity->login);
	return !pending->more;
}

int
pd_pending_find(struct pd_context *context, struct pt_err *err)
{
	context->pending.more = false;
	return pt_store_each_activity(
	    context->store, note_one, &context->pending, err);
}

struct job {
	int64_t now;
	enum pt_block_reason reason; /* that was completed, or none */
};

static void
complete(struct pt_records *records, void *arg)
{
	struct job *job = arg;
	struct pt_pending_block *block = &records->activity->block;
	struct pt_external_actor actor = {
	    .who = "policyd",
	    .note = "",
	    .now = block->at < job->now ? block->at : job->now,
	};

	job->reason = PT_BLOCK_NONE;
	if (block->reason == PT_BLOCK_NONE)
		return;
	/* Where the account is gone, there is nothing to block. */
	if (records->account->exists &&
	    pt_external_block(records->account,
		(enum pt_block_reason)block->reason, &actor, &records->note)) {
		records->account_changed = true;
		job->reason = (enum pt_block_reason)block->reason;
	}
	*block = (struct pt_pending_block){.reason = PT_BLOCK_NONE};
	records->activity_changed = true;
}

static void
log_block(const struct pt_login *login, enum pt_block_reason reason)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_INFO, "blocked");
	pt_log_bytes(&line, "login", login->text, login->len);
	pt_log_str(&line, "block", pt_block_reason_name(reason));
	pt_log_end(&line);
}

void
pd_pending_complete(struct pd_context *context, int64_t now_ms)
{
	struct pd_pending *pending = &context->pending;
	struct pt_update updates[PD_PENDING_MAX];
	struct job jobs[PD_PENDING_MAX];
	struct pt_err err = {.kind = PT_ERR_NONE};
	int64_t now = pt_clock_now();
	unsigned i;

	if (pending->count == 0)
		return;
	for (i = 0; i < pending->count; i++) {
		jobs[i] = (struct job){.now = now};
		updates[i] = (struct pt_update){
		    .login = &pending->logins[i],
		    .fn = complete,
		    .arg = &jobs[i],
		};
	}
	if (pt_store_update(context->store, PT_UPDATE_ACCOUNT, updates,
		pending->count, &err) != 0) {
		pd_report_error(&context->report, "state-failed", &err, now_ms);
		return;
	}
	context->unsynced = true;
	for (i = 0; i < pending->count; i++) {
		if (updates[i].failed != PT_ERR_NONE)
			pd_report_damaged(&context->report, &pending->logins[i],
			    updates[i].failed, &err, now_ms);
		else if (jobs[i].reason != PT_BLOCK_NONE)
			log_block(&pending->logins[i], jobs[i].reason);
	}
	pending->count = 0;
	if (pending->more && pd_pending_find(context, &err) != 0)
		pd_report_error(&context->report, "state-failed", &err, now_ms);
}
