/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/pending.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/rules/external.h"
#include "policyd/context.h"

struct job {
	struct pt_login login;
	int64_t now;
	enum pt_block_reason reason; /* that was completed, or none */
};

struct found {
	size_t count;
	struct job job[PD_PENDING_MAX];
};

static bool
note_one(const struct pt_login *login, void *arg)
{
	struct found *found = arg;

	found->job[found->count].login = *login;
	found->count++;
	return found->count < PD_PENDING_MAX;
}

/*
 * The mark stays until the account is on the disk: an update that changed both
 * would keep Dovecot's auth process waiting for that.
 */
static void
block(struct pt_records *records, void *arg)
{
	struct job *job = arg;

	records->account_changed = pt_external_carry_over(
	    records->account, records->activity, job->now, &records->note);
	job->reason = records->account_changed ? records->account->block_reason
					       : PT_BLOCK_NONE;
}

/* Also takes a login from the list that should not be there. */
static void
forget(struct pt_records *records, void *arg)
{
	const struct job *job = arg;
	struct pt_history_note unused;

	/* There is another one meanwhile. */
	if (pt_external_carry_over(
		records->account, records->activity, job->now, &unused))
		return;
	records->activity_changed = records->activity->exists;
	records->activity_deleted = !records->activity->exists;
}

static void
log_block(const struct job *job)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_INFO, "blocked");
	pt_log_bytes(&line, "login", job->login.text, job->login.len);
	pt_log_str(&line, "block", pt_block_reason_name(job->reason));
	pt_log_end(&line);
}

static size_t
prepare(struct found *found, pt_update_fn *fn, struct pt_update *updates)
{
	size_t i;

	for (i = 0; i < found->count; i++)
		updates[i] = (struct pt_update){
		    .login = &found->job[i].login,
		    .fn = fn,
		    .arg = &found->job[i],
		};
	return found->count;
}

static void
report(struct pd_context *context, const struct found *found,
    const struct pt_update *updates, const struct pt_err *err, int64_t now_ms)
{
	const struct job *job;
	size_t i;

	for (i = 0; i < found->count; i++) {
		job = &found->job[i];
		if (updates[i].failed != PT_ERR_NONE) {
			pd_report_damaged(&context->report, &job->login,
			    updates[i].failed, err, now_ms);
		} else if (job->reason != PT_BLOCK_NONE) {
			context->counters.blocks++;
			log_block(job);
		}
	}
}

static int
complete(struct pd_context *context, struct found *found, int64_t now_ms,
    struct pt_err *err)
{
	struct pt_update updates[PD_PENDING_MAX];
	size_t n = prepare(found, block, updates);

	if (pt_store_update(
		context->store, PT_UPDATE_ACCOUNT, updates, n, err) != 0)
		return -1;
	report(context, found, updates, err, now_ms);
	n = prepare(found, forget, updates);
	context->unsynced = true;
	return pt_store_update(
	    context->store, PT_UPDATE_ACTIVITY, updates, n, err);
}

void
pd_pending_complete(struct pd_context *context, int64_t now_ms)
{
	struct found found;
	struct pt_err err = {.kind = PT_ERR_NONE};
	int64_t now = pt_clock_now();
	size_t i;
	int rc;

	found.count = 0;
	rc = pt_store_each_pending(context->store, note_one, &found, &err);
	for (i = 0; i < found.count; i++)
		found.job[i].now = now;
	if (rc == 0 && found.count > 0)
		rc = complete(context, &found, now_ms, &err);
	if (rc != 0)
		pd_report_error(&context->report, "state-failed", &err, now_ms);
}
