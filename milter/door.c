/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/door.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/service/beat.h"
#include "core/service/queue_order.h"

enum turn {
	TURN_WAIT,
	TURN_LEAD,
	TURN_OVER,
};

/* An update on its way; on the stack of the thread that waits for it. */
struct pm_door_job {
	struct pm_door_job *next;
	struct pt_update *update;
	pthread_cond_t turned;
	enum turn turn;
	int rc;
	struct pt_err *err;
};

struct batch {
	size_t count;
	struct pm_door_job *jobs[PT_BATCH_MAX];
	struct pt_update updates[PT_BATCH_MAX];
};

int
pm_door_open(struct pm_door *door, const char *state_dir, struct pt_err *err)
{
	*door = (struct pm_door){.last = &door->first};
	/* With default attributes they cannot fail. */
	(void)pthread_mutex_init(&door->mutex, NULL);
	(void)pthread_mutex_init(&door->store_mutex, NULL);
	if (pt_store_open(state_dir, PT_STORE_KEEP, &door->store, err) != 0)
		return -1;
	memcpy(door->key, pt_store_token_key(door->store), sizeof(door->key));
	return 0;
}

static int
closed(struct pt_err *err)
{
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "cannot use the state: postern-milter stops");
}

int
pm_door_close(struct pm_door *door, struct pt_err *err)
{
	int rc = 0;

	(void)pthread_mutex_lock(&door->store_mutex);
	if (door->store != NULL && atomic_exchange(&door->unsynced, false))
		rc = pt_store_sync(door->store, err);
	pt_store_close(door->store);
	door->store = NULL;
	(void)pthread_mutex_unlock(&door->store_mutex);
	return rc;
}

static int
run(struct pm_door *door, struct pt_update *updates, size_t n,
    struct pt_err *err)
{
	int rc;

	(void)pthread_mutex_lock(&door->store_mutex);
	rc = door->store == NULL ? closed(err)
				 : pt_store_update(door->store,
				       PT_UPDATE_ACTIVITY, updates, n, err);
	(void)pthread_mutex_unlock(&door->store_mutex);
	atomic_fetch_add_explicit(&door->batches, 1, memory_order_relaxed);
	if (rc == 0)
		atomic_store_explicit(
		    &door->unsynced, true, memory_order_relaxed);
	return rc;
}

/* The errors of several logins share one text: say it is about this one. */
static int
result_of(int rc, const struct pt_update *update, const struct pt_err *from,
    struct pt_err *err)
{
	if (rc == 0 && update->failed == PT_ERR_NONE)
		return 0;
	*err = *from;
	if (rc != 0 || from->kind == update->failed)
		return -1;
	return pt_err_set(err, update->failed, "cannot use the records of %s",
	    update->login->text);
}

static void
take(struct pm_door *door, struct batch *batch)
{
	struct pm_door_job *job;

	batch->count = 0;
	while (door->first != NULL && batch->count < PT_BATCH_MAX) {
		job = door->first;
		door->first = job->next;
		batch->jobs[batch->count] = job;
		batch->updates[batch->count] = *job->update;
		batch->count++;
	}
	if (door->first == NULL)
		door->last = &door->first;
}

/* With the queue's mutex held, before and after. */
static void
lead(struct pm_door *door)
{
	struct pt_err err = {.kind = PT_ERR_NONE};
	struct pm_door_job *job;
	struct batch batch;
	size_t i;
	int rc;

	take(door, &batch);
	(void)pthread_mutex_unlock(&door->mutex);
	rc = run(door, batch.updates, batch.count, &err);
	(void)pthread_mutex_lock(&door->mutex);
	for (i = 0; i < batch.count; i++) {
		job = batch.jobs[i];
		job->rc = result_of(rc, &batch.updates[i], &err, job->err);
		job->turn = TURN_OVER;
		(void)pthread_cond_signal(&job->turned);
	}
	/* Who leads does so once, so that nobody works for others for long. */
	door->is_led = door->first != NULL;
	if (door->is_led) {
		door->first->turn = TURN_LEAD;
		(void)pthread_cond_signal(&door->first->turned);
	}
}

int
pm_door_update(
    struct pm_door *door, struct pt_update *update, struct pt_err *err)
{
	struct pm_door_job job = {.update = update, .err = err};

	(void)pthread_cond_init(&job.turned, NULL);
	(void)pthread_mutex_lock(&door->mutex);
	*door->last = &job;
	/* Gone from the queue before this returns: turn says so. */
	/* cppcheck-suppress autoVariables */
	door->last = &job.next;
	if (!door->is_led) {
		door->is_led = true;
		job.turn = TURN_LEAD;
	}
	while (job.turn == TURN_WAIT)
		(void)pthread_cond_wait(&job.turned, &door->mutex);
	if (job.turn == TURN_LEAD)
		lead(door);
	(void)pthread_mutex_unlock(&door->mutex);
	(void)pthread_cond_destroy(&job.turned);
	return job.rc;
}

/* The store, for a call that is not an update; NULL and err if closed. */
static struct pt_store *
enter(struct pm_door *door, struct pt_err *err)
{
	(void)pthread_mutex_lock(&door->store_mutex);
	if (door->store == NULL)
		(void)closed(err);
	return door->store;
}

static void
leave(struct pm_door *door)
{
	(void)pthread_mutex_unlock(&door->store_mutex);
}

int
pm_door_read(struct pm_door *door, const struct pt_login *login,
    struct pt_account *account_out, struct pt_activity *activity_out,
    struct pt_err *err)
{
	struct pt_store *store = enter(door, err);
	int rc = store == NULL ? -1
			       : pt_store_read(store, login, account_out,
				     activity_out, NULL, err);

	leave(door);
	return rc;
}

int
pm_door_read_evidence(struct pm_door *door, const struct pt_login *login,
    struct pt_evidence *out, struct pt_err *err)
{
	struct pt_store *store = enter(door, err);
	int rc =
	    store == NULL ? -1 : pt_store_read_evidence(store, login, out, err);

	leave(door);
	return rc;
}

int
pm_door_put_counters(struct pm_door *door, const char *program,
    const struct pt_counters *counters, struct pt_err *err)
{
	struct pt_store *store = enter(door, err);
	int rc = store == NULL ? -1
			       : pt_store_put_counters(store, program, counters,
				     pt_clock_now(), err);

	leave(door);
	if (rc == 0)
		atomic_store_explicit(
		    &door->unsynced, true, memory_order_relaxed);
	return rc;
}

int
pm_door_get_counters(struct pm_door *door, const char *program,
    struct pt_counters *out, struct pt_err *err)
{
	struct pt_store *store = enter(door, err);
	int rc = store == NULL
		     ? -1
		     : pt_store_get_counters(store, program, out, err);

	leave(door);
	return rc;
}

int
pm_door_maintain(struct pm_door *door, struct pt_err *err)
{
	struct pt_store *store = enter(door, err);
	int rc = store == NULL ? -1 : pt_store_maintain(store, err);

	leave(door);
	return rc;
}

int
pm_door_complete(struct pm_door *door, const struct pt_config *config,
    int64_t now, struct pt_pending *pending, struct pt_err *err)
{
	struct pt_store *store = enter(door, err);
	int rc = -1;

	pending->count = 0;
	pending->order_failed = false;
	if (store != NULL)
		rc = pt_pending_is_kept(store, now)
			 ? 0
			 : pt_pending_complete(store, config,
			       PT_QUEUE_ORDER_FILE, now, pending, err);
	leave(door);
	if (pending->count > 0)
		atomic_store_explicit(
		    &door->unsynced, true, memory_order_relaxed);
	return rc;
}

int
pm_door_sync_part(
    struct pm_door *door, unsigned part, unsigned parts, struct pt_err *err)
{
	return pt_store_sync_part(door->store, part, parts, err);
}

bool
pm_door_is_served(struct pm_door *door, int64_t now)
{
	struct pt_err err;
	struct pt_store *store = enter(door, &err);
	bool heard =
	    store != NULL && pt_beat_is_heard(store, PT_LIFE_POLICYD, now);

	leave(door);
	return heard;
}
