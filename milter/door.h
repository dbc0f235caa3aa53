/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The state for many threads.  The store is used by one thread at a time;
 * this is where they take turns.
 *
 * Updates are committed in groups: a thread that finds the store free carries
 * out what all others have queued meanwhile too, in one transaction, and
 * nobody is told of an update before its commit.  Then the next one that
 * waits leads.  An alone update waits for nobody.
 *
 * All functions but open and close may be called by any thread; after close
 * they fail.  Of them only pm_door_complete() and pm_door_sync_part() wait for
 * a disk, and everybody else goes on during the latter.
 */
#ifndef PM_DOOR_H
#define PM_DOOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/service/pending.h"
#include "core/state/store.h"

struct pm_door_job;

struct pm_door {
	pthread_mutex_t mutex; /* of the queue */
	struct pm_door_job *first;
	struct pm_door_job **last;
	bool is_led;
	pthread_mutex_t store_mutex; /* whoever uses the store */
	struct pt_store *store;      /* owned; NULL: closed */
	unsigned char key[PT_STORE_TOKEN_KEY_BYTES];
	atomic_bool unsynced; /* changed since it was last asked */
	atomic_uint_fast64_t batches;
};

int
pm_door_open(struct pm_door *door, const char *state_dir, struct pt_err *err);

/* Waits for whoever uses the store, and syncs what is not synced yet. */
int
pm_door_close(struct pm_door *door, struct pt_err *err);

/*
 * One update under PT_UPDATE_ACTIVITY.  -1 also if the records of this login
 * could not be used.
 */
int
pm_door_update(
    struct pm_door *door, struct pt_update *update, struct pt_err *err);

int
pm_door_read(struct pm_door *door, const struct pt_login *login,
    struct pt_account *account_out, struct pt_activity *activity_out,
    struct pt_err *err);

int
pm_door_read_evidence(struct pm_door *door, const struct pt_login *login,
    struct pt_evidence *out, struct pt_err *err);

/* What has to be done with the store now and then, by one thread. */
int
pm_door_put_counters(struct pm_door *door, const char *program,
    const struct pt_counters *counters, struct pt_err *err);

int
pm_door_get_counters(struct pm_door *door, const char *program,
    struct pt_counters *out, struct pt_err *err);

int
pm_door_maintain(struct pm_door *door, struct pt_err *err);

/*
 * pt_pending_complete(), unless the keeper lives and does it: everybody waits,
 * if there are any.
 */
int
pm_door_complete(struct pm_door *door, const struct pt_config *config,
    int64_t now, struct pt_pending *pending, struct pt_err *err);

/* pt_store_sync_part(); by one thread, and not while the door is closed. */
int
pm_door_sync_part(
    struct pm_door *door, unsigned part, unsigned parts, struct pt_err *err);

/*
 * Does policyd, which syncs and completes pending blocks for everybody, live
 * at "now"?
 */
bool
pm_door_is_served(struct pm_door *door, int64_t now);

#endif
