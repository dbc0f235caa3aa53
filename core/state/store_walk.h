/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The part of store.h that goes over many records: walks, steps, history,
 * outbox and hours.  Include store.h.
 */
#ifndef PT_STATE_STORE_WALK_H
#define PT_STATE_STORE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/history.h"
#include "core/state/hour.h"
#include "core/state/notice.h"
#include "core/state/signals.h"
#include "core/state/usage.h"

struct pt_store;

/*
 * Walks.  The function returns false to stop.  A record that cannot be read
 * is passed to the function with account (activity) NULL and its error.
 * Account walks go by login; activity walks in no order.  A walk sees one
 * moment of the state, which this process must not change meanwhile.
 */
typedef bool
pt_account_fn(
    const struct pt_account *account, const struct pt_err *err, void *arg);
typedef bool
pt_activity_fn(
    const struct pt_activity *activity, const struct pt_err *err, void *arg);
typedef bool
pt_usage_fn(const struct pt_usage *usage, const struct pt_err *err, void *arg);
typedef bool
pt_signals_fn(
    const struct pt_signals *signals, const struct pt_err *err, void *arg);
typedef bool
pt_login_fn(const struct pt_login *login, void *arg);
typedef bool
pt_history_fn(const struct pt_history *entry, void *arg);

int
pt_store_each_account(
    struct pt_store *store, pt_account_fn *fn, void *arg, struct pt_err *err);

int
pt_store_each_activity(
    struct pt_store *store, pt_activity_fn *fn, void *arg, struct pt_err *err);

int
pt_store_each_usage(
    struct pt_store *store, pt_usage_fn *fn, void *arg, struct pt_err *err);

int
pt_store_each_signals(
    struct pt_store *store, pt_signals_fn *fn, void *arg, struct pt_err *err);

/*
 * The logins whose activity record has a pending block or notice, those that
 * come after "after" (NULL: from the first on), as pt_store_update() keeps them
 * beside the records: costs next to nothing when there are none.  Where a state
 * that an older Postern made is only read, none is known.
 */
int
pt_store_each_pending(struct pt_store *store, const struct pt_login *after,
    pt_login_fn *fn, void *arg, struct pt_err *err);

/* By login (NULL: everybody's), and of each the one written first in front. */
int
pt_store_each_history(struct pt_store *store, const struct pt_login *login,
    pt_history_fn *fn, void *arg, struct pt_err *err);

/*
 * The entries whose number n is after < n <= until, by login (NULL:
 * everybody's) and then by number; entries get ascending numbers from 1 on.
 * *last_out is the highest that there is among those that were looked at, 0 if
 * there is none.  Looks at every key, so ask when pt_store_accounts_version()
 * has moved.
 */
typedef bool
pt_follow_fn(uint64_t number, const struct pt_history *entry, void *arg);

int
pt_store_follow_history(struct pt_store *store, const struct pt_login *login,
    uint64_t after, uint64_t until, pt_follow_fn *fn, void *arg,
    uint64_t *last_out, struct pt_err *err);

/*
 * Logins that have an account record, in their order: at most "max" that come
 * after "after" (NULL: from the first on).  For walks in bounded steps, between
 * which the store may be used.
 */
int
pt_store_next_logins(struct pt_store *store, const struct pt_login *after,
    struct pt_login *out, size_t max, size_t *count_out, struct pt_err *err);

/*
 * Forgets history entries that are older than "before", in steps: looks at up
 * to "max" entries from *place on, deletes the old ones in one synced commit
 * (none: no commit), and moves *place.  1: there are more, 0: done, and *place
 * is the beginning again; -1.
 */
struct pt_history_place {
	size_t len; /* 0: the beginning */
	unsigned char key[PT_LOGIN_MAX + 1 + 8];
};

int
pt_store_prune_history(struct pt_store *store, struct pt_history_place *place,
    int64_t before, size_t max, uint64_t *deleted_out, struct pt_err *err);

/*
 * The outbox.  Entries come in with pt_store_update() (struct pt_trail); these
 * show them by rank, of each rank those that are due first in front, and change
 * them after a try.
 */
typedef bool
pt_outbox_fn(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg);

int
pt_store_each_outbox(
    struct pt_store *store, pt_outbox_fn *fn, void *arg, struct pt_err *err);

/* From that rank on. */
int
pt_store_each_outbox_from(struct pt_store *store, enum pt_outbox_rank rank,
    pt_outbox_fn *fn, void *arg, struct pt_err *err);

struct pt_outbox_change {
	/* The entry as it shall be; its id, its kind, which never changes, and
	 * what is said here of the former one find it. */
	struct pt_outbox_entry entry;
	int64_t was_next_at;
	bool was_given_up;
	bool is_done; /* it goes */
};

/* All in one synced commit, n at most PT_BATCH_MAX.  What is not there any more
 * (another process was quicker) is left alone. */
int
pt_store_change_outbox(struct pt_store *store,
    const struct pt_outbox_change *changes, size_t n, struct pt_err *err);

/* Hours that were counted, oldest first, from "from" on. */
typedef bool
pt_hour_fn(const struct pt_hour *hour, void *arg);

int
pt_store_each_hour(struct pt_store *store, int64_t from, pt_hour_fn *fn,
    void *arg, struct pt_err *err);

/* Forgets those that began before that time. */
int
pt_store_prune_hours(
    struct pt_store *store, int64_t before, struct pt_err *err);

#endif
