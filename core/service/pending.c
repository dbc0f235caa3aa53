/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/pending.h"

#include "core/rules/external.h"
#include "core/service/beat.h"
#include "core/service/queue_order.h"

static bool
note_one(const struct pt_login *login, void *arg)
{
	struct pt_pending *pending = arg;

	pending->job[pending->count].login = *login;
	pending->count++;
	return pending->count < PT_PENDING_MAX;
}

static void
forget_results(struct pt_pending_job *job)
{
	job->reason = PT_BLOCK_NONE;
	job->notice = PT_NOTICE_NONE;
	job->hold_queue = false;
	job->mark_stays = false;
	job->written = false;
}

/*
 * The mark stays until the account is on the disk: an update that changed both
 * would keep Dovecot's auth process waiting for that.
 */
static void
carry(struct pt_records *records, void *arg)
{
	struct pt_pending_job *job = arg;
	struct pt_account *account = records->account;
	bool is_cracked = records->activity->block.reason == PT_BLOCK_CRACKED;
	enum pt_block_reason before = account->block_reason;

	forget_results(job);
	job->written = pt_external_carry_over(
	    job->config, account, records->activity, job->now, &records->trail);
	records->account_changed = job->written;
	/* Also if it was written before: whoever did may not have come here. */
	job->hold_queue = is_cracked && pt_queue_order_is_wanted(
					    job->config, account, job->now);
	if (!job->written)
		return;
	if (account->block_reason != before)
		job->reason = account->block_reason;
	job->figures = account->block_figures;
	job->notice = records->trail.notice.kind;
}

/* Also takes a login from the list that should not be there. */
static void
forget(struct pt_records *records, void *arg)
{
	const struct pt_pending_job *job = arg;
	struct pt_trail unused = {.notice = {.kind = PT_NOTICE_NONE}};

	/* Or there is another one meanwhile. */
	if (job->mark_stays ||
	    pt_external_carry_over(job->config, records->account,
		records->activity, job->now, &unused))
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

/* Between the two updates: as long as the mark is there, it is not too late. */
static void
order(struct pt_pending *pending, const char *orders)
{
	struct pt_pending_job *job;
	size_t i;

	for (i = 0; i < pending->count; i++) {
		job = &pending->job[i];
		if (!job->hold_queue)
			continue;
		job->mark_stays = orders == NULL;
		job->hold_queue =
		    orders != NULL && pt_queue_order_add(orders, &job->login,
					  &pending->order_err) == 0;
		if (orders != NULL && !job->hold_queue)
			pending->order_failed = true;
	}
}

static int
complete(struct pt_store *store, const char *orders, struct pt_pending *pending,
    struct pt_err *err)
{
	struct pt_err second = {.kind = PT_ERR_NONE};
	struct pt_update updates[PT_PENDING_MAX];
	size_t n = prepare(pending, carry, updates);
	size_t i;
	int rc;

	rc = pt_store_update(store, PT_UPDATE_ACCOUNT, updates, n, err);
	for (i = 0; i < n; i++) {
		pending->job[i].failed = updates[i].failed;
		if (rc != 0 || updates[i].failed != PT_ERR_NONE)
			forget_results(&pending->job[i]);
	}
	if (rc != 0)
		return -1;
	order(pending, orders);
	n = prepare(pending, forget, updates);
	rc = pt_store_update(store, PT_UPDATE_ACTIVITY, updates, n, &second);
	if (rc != 0)
		*err = second;
	return rc;
}

static void
begin(struct pt_pending *pending, const struct pt_config *config, int64_t now)
{
	size_t i;

	for (i = 0; i < pending->count; i++) {
		pending->job[i].config = config;
		pending->job[i].now = now;
		pending->job[i].failed = PT_ERR_NONE;
		forget_results(&pending->job[i]);
	}
}

int
pt_pending_complete(struct pt_store *store, const struct pt_config *config,
    const char *orders, int64_t now, struct pt_pending *pending,
    struct pt_err *err)
{
	const struct pt_login place = pending->place;

	pending->count = 0;
	pending->order_failed = false;
	if (pt_store_each_pending(store, place.len > 0 ? &place : NULL,
		note_one, pending, err) != 0) {
		pending->count = 0;
		return -1;
	}
	pending->place.len = 0;
	if (pending->count == PT_PENDING_MAX)
		pending->place = pending->job[PT_PENDING_MAX - 1].login;
	begin(pending, config, now);
	return pending->count == 0 ? 0 : complete(store, orders, pending, err);
}

int
pt_pending_settle(struct pt_store *store, const struct pt_config *config,
    const char *orders, const struct pt_login *login, int64_t now,
    struct pt_pending *pending, struct pt_err *err)
{
	struct pt_activity activity;
	struct pt_account account;

	pending->count = 0;
	pending->order_failed = false;
	if (pt_store_read(store, login, &account, &activity, NULL, err) != 0)
		return -1;
	if (activity.block.reason == PT_BLOCK_NONE &&
	    activity.notice.kind == PT_NOTICE_NONE)
		return 0;
	(void)note_one(login, pending);
	begin(pending, config, now);
	if (complete(store, orders, pending, err) != 0)
		return -1;
	return pending->job[0].failed == PT_ERR_NONE ? 0 : -1;
}

bool
pt_pending_is_kept(struct pt_store *store, int64_t now)
{
	return pt_beat_is_heard(store, PT_LIFE_KEEPER, now);
}
