/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The transaction of one batch of updates, over both environments.
 *
 * The first failure of LMDB is latched; what comes after it does nothing
 * that could not be taken back, and pt_store_batch_end() aborts.
 *
 * Lock order: accounts, then activity.  The commit goes the same way; if the
 * second fails when the first stands, "account_stands" says so.
 *
 * A commit of accounts waits for the disk.  activity's lock is given back
 * before it if nothing of activity changed, so that who writes there alone
 * (Dovecot's auth process) does not wait for that disk.  When one update
 * changes both, it is held: who can do with two updates should take two.
 */
#ifndef PT_STATE_STORE_BATCH_H
#define PT_STATE_STORE_BATCH_H

#include "core/state/store_private.h"

struct store_batch {
	struct pt_store *store;
	enum pt_update_scope scope;
	MDB_txn *accounts; /* write, or the store's reader */
	MDB_txn *activity;
	MDB_cursor *cursors[STORE_KINDS]; /* opened when first wanted */
	bool accounts_dirty;
	bool activity_dirty; /* records of any kind */
	bool account_stands; /* accounts was committed: no second try */
	/* The first LMDB failure, and where. */
	int rc;
	struct store_env *env;
};

/* Remembers the first failure (rc != 0) and where it was. */
void
pt_store_batch_latch(struct store_batch *batch, struct store_env *env, int rc);

void
pt_store_batch_begin(struct store_batch *batch);

/* On the records of that kind; NULL if that failed, which is latched. */
MDB_cursor *
pt_store_batch_cursor(struct store_batch *batch, enum store_kind_id kind);

/* Commits if nothing failed, else aborts. */
void
pt_store_batch_end(struct store_batch *batch);

/* store_trail.c: what goes into history and outbox, as bytes. */
struct store_trail {
	size_t history_len; /* 0: no entry */
	size_t notice_len;  /* 0: none */
	/* Of the notice. */
	enum pt_outbox_rank rank;
	int64_t next_at;
	unsigned char history[PT_HISTORY_BYTES_MAX];
	unsigned char notice[PT_OUTBOX_BYTES_MAX];
};

/* -1: a text cannot be stored. */
int
pt_store_encode_trail(
    const struct pt_records *records, struct store_trail *out);

void
pt_store_put_trail(struct store_batch *batch, const struct pt_login *login,
    struct store_trail *trail);

/* Has an update left anything for them? */
bool
pt_store_has_trail(const struct pt_records *records);

/* store_pending.c: is a block or a notice pending in the login's activity? */
bool
pt_store_is_pending(struct store_batch *batch, const struct pt_login *login);

/* store_write.c: what an update changed goes into the transaction. */

/* -1 with err if a text cannot be stored; nothing was written then. */
int
pt_store_put_account(struct store_batch *batch,
    const struct pt_records *records, struct pt_err *err);

/* Where a record stands or would stand, and what becomes of it. */
struct store_place {
	uint64_t key;
	bool taken; /* there is a record under that key */
	bool changed;
	bool deleted;
};

/* "record" is of that kind, "login" its account's. */
void
pt_store_put_record(struct store_batch *batch, enum store_kind_id kind,
    void *record, const struct pt_login *login,
    const struct store_place *place);

/* store_pending.c: of an activity record that is being written; NULL: it is
 * deleted. */
void
pt_store_put_pending(struct store_batch *batch, const struct pt_login *login,
    const struct pt_activity *activity);

#endif
