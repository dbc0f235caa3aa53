/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/pending.h"

#include "core/rules/external.h"

static bool
note_one(const struct pt_login *login, void *arg)
{
	struct pt_pending *pending = arg;

	pending->job[pending->count].login = *login;
	pending->count++;
	return pending->count < PT_PENDING_MAX;
}

/*
 * The mark stays until the account is on the disk: an update that changed both
 * would keep Dovecot's auth process waiting for that.
 */
static void
block(struct pt_records *records, void *arg)
{
	struct pt_pending_job *job = arg;

	records->account_changed = pt_external_carry_over(
	    records->account, records->activity, job->now, &records->note);
	job->reason = records->account_changed ? records->account->block_reason
					       : PT_BLOCK_NONE;
}

/* Also takes a login from the list that should not be there. */
static void
forget(struct pt_records *records, void *arg)
{
	const struct pt_pending_job *job = arg;
	struct pt_history_note unused;

	/* There is another one meanwhile. */
	if (pt_external_carry_over(
		records->account, records->activity, job->now, &unused))
		return;
	records->activity_changed = records->activity->exists;
	records->activity_deleted = !records->activity->exists;
}

static size_t
prepare(struct pt_pending *pending, pt_update_fn *fn, struct pt_update *updates)
{
	size_t i;

	for (i = 0; i < pending->count; i++)
		updates[i] = (struct pt_update){
		    .login = &pending->job[i].login,
		    .fn = fn,
		    .arg = &pending->job[i],
		};
	return pending->count;
}

static int
complete(struct pt_store *store, struct pt_pending *pending, struct pt_err *err)
{
	struct pt_err second = {.kind = PT_ERR_NONE};
	struct pt_update updates[PT_PENDING_MAX];
	size_t n = prepare(pending, block, updates);
	size_t i;
	int rc;

	rc = pt_store_update(store, PT_UPDATE_ACCOUNT, updates, n, err);
	for (i = 0; i < n; i++) {
		pending->job[i].failed = updates[i].failed;
		if (rc != 0 || updates[i].failed != PT_ERR_NONE)
			pending->job[i].reason = PT_BLOCK_NONE;
	}
	if (rc != 0)
		return -1;
	n = prepare(pending, forget, updates);
	rc = pt_store_update(store, PT_UPDATE_ACTIVITY, updates, n, &second);
	if (rc != 0)
		*err = second;
	return rc;
}

int
pt_pending_complete(struct pt_store *store, int64_t now,
    struct pt_pending *pending, struct pt_err *err)
{
	size_t i;

	pending->count = 0;
	if (pt_store_each_pending(store, note_one, pending, err) != 0) {
		pending->count = 0;
		return -1;
	}
	for (i = 0; i < pending->count; i++) {
		pending->job[i].now = now;
		pending->job[i].reason = PT_BLOCK_NONE;
		pending->job[i].failed = PT_ERR_NONE;
	}
	return pending->count == 0 ? 0 : complete(store, pending, err);
}
