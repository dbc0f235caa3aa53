/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The one way to change the state: a batch of updates in one transaction.
 *
 * The updates run in the order of their keys, so that neighbours in the tree
 * are touched together, and a page that several of them change is copied
 * once.  A batch in which nothing changed writes nothing.
 *
 * Lock order: accounts, then activity.  The commit goes the same way; if the
 * second fails when the first stands, the error says so.
 */
#include <errno.h>
#include <string.h>

#include "core/state/account_codec.h"
#include "core/state/activity_codec.h"
#include "core/state/store_private.h"

/* Each try but the last ends by growing a map, which doubles it. */
#define TRIES_MAX 8

struct batch {
	struct pt_store *store;
	enum pt_update_scope scope;
	MDB_txn *accounts; /* write, or the store's reader */
	MDB_txn *activity;
	MDB_cursor *cursor; /* on activity records */
	bool accounts_dirty;
	bool activity_dirty;
	bool account_stands; /* accounts was committed: no second try */
	/* The first LMDB failure, and where. */
	int rc;
	struct store_env *env;
};

struct order {
	uint64_t key;
	size_t index;
};

static void
latch(struct batch *batch, struct store_env *env, int rc)
{
	if (rc != 0 && batch->rc == 0) {
		batch->rc = rc;
		batch->env = env;
	}
}

static void
batch_begin(struct batch *batch)
{
	struct pt_store *store = batch->store;

	if (batch->scope == PT_UPDATE_ACCOUNT)
		latch(batch, &store->accounts,
		    store_begin(&store->accounts, 0, &batch->accounts));
	if (batch->rc != 0)
		return;
	latch(batch, &store->activity,
	    store_begin(&store->activity, 0, &batch->activity));
	if (batch->rc != 0)
		return;
	/* After the writer lock, so that it sees all that came before. */
	if (batch->scope == PT_UPDATE_ACTIVITY) {
		latch(batch, &store->accounts, store_begin_reader(store));
		if (batch->rc == 0)
			batch->accounts = store->reader;
	}
	if (batch->rc == 0)
		latch(batch, &store->activity,
		    mdb_cursor_open(batch->activity,
			store->activity.db[STORE_RECORDS], &batch->cursor));
}

static void
end_accounts(struct batch *batch, bool commit)
{
	struct store_env *env = &batch->store->accounts;

	if (batch->accounts == NULL)
		return;
	if (batch->scope == PT_UPDATE_ACTIVITY)
		mdb_txn_reset(batch->accounts);
	else if (commit && batch->accounts_dirty)
		latch(batch, env, mdb_txn_commit(batch->accounts));
	else
		mdb_txn_abort(batch->accounts);
	batch->account_stands =
	    commit && batch->accounts_dirty && batch->rc == 0;
	batch->accounts = NULL;
}

static void
batch_end(struct batch *batch)
{
	bool commit = batch->rc == 0;

	if (batch->cursor != NULL)
		mdb_cursor_close(batch->cursor);
	batch->cursor = NULL;
	end_accounts(batch, commit);
	if (batch->activity == NULL)
		return;
	if (batch->rc == 0 && batch->activity_dirty)
		latch(batch, &batch->store->activity,
		    mdb_txn_commit(batch->activity));
	else
		mdb_txn_abort(batch->activity);
	batch->activity = NULL;
}

/* 0, or -1 if the record cannot be used (or batch->rc is set). */
static int
load_account(
    struct batch *batch, const struct pt_login *login, struct pt_err *err)
{
	struct pt_store *store = batch->store;
	MDB_val key = {login->len, (void *)(uintptr_t)login->text};
	MDB_val data;
	int rc;

	rc = mdb_get(
	    batch->accounts, store->accounts.db[STORE_RECORDS], &key, &data);
	if (rc == MDB_NOTFOUND) {
		pt_account_init(&store->account, login);
		return 0;
	}
	if (rc != 0) {
		latch(batch, &store->accounts, rc);
		return -1;
	}
	return pt_account_decode(
	    data.mv_data, data.mv_size, login, &store->account, err);
}

static int
refuse_text(struct pt_err *err)
{
	return pt_err_set(err, PT_ERR_INPUT,
	    "a text has control characters, is not UTF-8 or is too long");
}

static int
put_history(
    struct batch *batch, const struct pt_records *records, struct pt_err *err)
{
	static const char name[] = "history_sequence";
	struct pt_store *store = batch->store;
	unsigned char key_bytes[STORE_HISTORY_KEY_MAX];
	unsigned char bytes[PT_HISTORY_BYTES_MAX];
	unsigned char number[STORE_KEY_LEN];
	MDB_val meta = {sizeof(name) - 1, (void *)(uintptr_t)name};
	struct pt_history entry;
	MDB_val key;
	MDB_val data;
	uint64_t sequence = 0;
	size_t len;
	size_t i;
	int rc;

	rc = mdb_get(
	    batch->accounts, store->accounts.db[STORE_META], &meta, &data);
	entry.login = records->account->login;
	entry.note = records->note;
	len = pt_history_encode(&entry, bytes, sizeof(bytes));
	if (len == 0)
		return refuse_text(err);
	if (rc == 0 && data.mv_size == STORE_KEY_LEN) {
		for (i = 0; i < STORE_KEY_LEN; i++)
			sequence = sequence << 8 |
				   ((const unsigned char *)data.mv_data)[i];
	} else if (rc != MDB_NOTFOUND) {
		latch(batch, &store->accounts, rc == 0 ? MDB_INVALID : rc);
		return -1;
	}
	store_key_bytes(sequence + 1, number);
	data.mv_size = sizeof(number);
	data.mv_data = number;
	latch(batch, &store->accounts,
	    mdb_put(batch->accounts, store->accounts.db[STORE_META], &meta,
		&data, 0));
	key.mv_size = store_history_key(&entry.login, sequence + 1, key_bytes);
	key.mv_data = key_bytes;
	data.mv_size = len;
	data.mv_data = bytes;
	latch(batch, &store->accounts,
	    mdb_put(batch->accounts, store->accounts.db[STORE_OTHER], &key,
		&data, 0));
	batch->accounts_dirty = true;
	return 0;
}

/* The history first: an account never changes without it. */
static int
put_account(
    struct batch *batch, const struct pt_records *records, struct pt_err *err)
{
	struct pt_store *store = batch->store;
	const struct pt_login *login = &records->account->login;
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	MDB_val key = {login->len, (void *)(uintptr_t)login->text};
	MDB_val data = {0, bytes};
	int rc;

	if (records->account_changed && !records->account_deleted) {
		data.mv_size =
		    pt_account_encode(records->account, bytes, sizeof(bytes));
		if (data.mv_size == 0)
			return refuse_text(err);
	}
	if (records->note.what[0] != '\0' &&
	    put_history(batch, records, err) != 0)
		return -1;
	if (records->account_deleted) {
		rc = mdb_del(batch->accounts, store->accounts.db[STORE_RECORDS],
		    &key, NULL);
		latch(batch, &store->accounts, rc == MDB_NOTFOUND ? 0 : rc);
		batch->accounts_dirty = true;
	} else if (records->account_changed) {
		latch(batch, &store->accounts,
		    mdb_put(batch->accounts, store->accounts.db[STORE_RECORDS],
			&key, &data, 0));
		batch->accounts_dirty = true;
	}
	return 0;
}

/*
 * A record may go only if no other stands behind it under the next key: that
 * one might be there because this place was taken.  An empty one stays then.
 */
static int
delete_activity(struct batch *batch, struct pt_records *records, uint64_t key)
{
	unsigned char bytes[STORE_KEY_LEN];
	MDB_val k = {sizeof(bytes), bytes};
	MDB_val data;
	int rc;

	store_key_bytes(key + 1, bytes);
	rc = mdb_get(batch->activity, batch->store->activity.db[STORE_RECORDS],
	    &k, &data);
	if (rc == 0) {
		pt_activity_init(records->activity, &records->account->login);
		return 1;
	}
	if (rc != MDB_NOTFOUND)
		return rc;
	store_key_bytes(key, bytes);
	rc = mdb_del(batch->activity, batch->store->activity.db[STORE_RECORDS],
	    &k, NULL);
	batch->activity_dirty = true;
	return rc;
}

static void
put_activity(
    struct batch *batch, struct pt_records *records, uint64_t key, bool found)
{
	struct pt_store *store = batch->store;
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	unsigned char key_bytes[STORE_KEY_LEN];
	MDB_val k = {sizeof(key_bytes), key_bytes};
	MDB_val data;
	int rc;

	if (records->activity_deleted) {
		if (!found)
			return;
		rc = delete_activity(batch, records, key);
		if (rc != 1) {
			latch(batch, &store->activity, rc);
			return;
		}
	} else if (!records->activity_changed) {
		return;
	}
	store_key_bytes(key, key_bytes);
	data.mv_size =
	    pt_activity_encode(records->activity, bytes, sizeof(bytes));
	data.mv_data = bytes;
	latch(batch, &store->activity,
	    mdb_cursor_put(batch->cursor, &k, &data, found ? MDB_CURRENT : 0));
	batch->activity_dirty = true;
}

static bool
may_replace(const struct batch *batch, const struct pt_update *update,
    enum pt_update_replace record, const struct pt_err *err)
{
	return (update->replace_damaged & record) != 0 && batch->rc == 0 &&
	       err->kind == PT_ERR_DAMAGED;
}

static int
run_update(struct batch *batch, struct pt_update *update, uint64_t key,
    struct pt_err *err)
{
	struct pt_store *store = batch->store;
	struct pt_records records = {
	    .account = &store->account,
	    .activity = &store->record,
	};
	int found;
	int rc;

	if (load_account(batch, update->login, err) != 0) {
		if (!may_replace(batch, update, PT_REPLACE_ACCOUNT, err))
			return -1;
		pt_account_init(&store->account, update->login);
		records.replaced |= PT_REPLACE_ACCOUNT;
	}
	found = store_activity_find(
	    batch->cursor, update->login, &key, &store->record, &rc, err);
	if (found < 0) {
		latch(batch, &store->activity, rc);
		if (!may_replace(batch, update, PT_REPLACE_ACTIVITY, err))
			return -1;
		records.replaced |= PT_REPLACE_ACTIVITY;
	}
	if (found != 1)
		pt_activity_init(&store->record, update->login);
	update->fn(&records, update->arg);
	if (batch->scope == PT_UPDATE_ACCOUNT) {
		if (put_account(batch, &records, err) != 0)
			return -1;
	} else if (records.account_changed || records.account_deleted ||
		   records.note.what[0] != '\0') {
		return pt_err_set(err, PT_ERR_INTERNAL,
		    "account changed by an update of activity");
	}
	/* A damaged record takes its place, too. */
	put_activity(batch, &records, key, found != 0);
	return 0;
}

/* Insertion, because a batch is short; equal keys keep their order. */
static void
sort_by_key(struct order *order, size_t n)
{
	struct order moving;
	size_t i;
	size_t j;

	for (i = 1; i < n; i++) {
		moving = order[i];
		for (j = i; j > 0 && order[j - 1].key > moving.key; j--)
			order[j] = order[j - 1];
		order[j] = moving;
	}
}

static void
run_batch(struct batch *batch, struct pt_update *updates,
    const struct order *order, size_t n, struct pt_err *single)
{
	struct pt_update *update;
	size_t i;

	batch_begin(batch);
	for (i = 0; i < n && batch->rc == 0; i++) {
		update = &updates[order[i].index];
		update->failed = PT_ERR_NONE;
		if (run_update(batch, update, order[i].key, single) != 0 &&
		    batch->rc == 0) {
			update->failed = single->kind;
			(void)pt_err_prefix(
			    single, "records of %s", update->login->text);
		}
	}
	batch_end(batch);
}

/* What cannot be mended (no room to grow) is the error to report. */
static int
try_mend(struct batch *batch, int rc)
{
	if (rc != 0)
		batch->rc = rc;
	return rc == 0;
}

/* Makes another try possible: 1, or 0 if there is nothing to mend. */
static int
mend(struct batch *batch, struct pt_err *err)
{
	struct pt_store *store = batch->store;

	switch (batch->rc) {
	case MDB_MAP_FULL:
		return try_mend(batch, store_map_grow(batch->env));
	case MDB_MAP_RESIZED:
		return try_mend(batch, store_map_adopt(batch->env));
	case MDB_PANIC:
		return store_reopen(store, batch->env, err) == 0;
	default:
		return 0;
	}
}

int
pt_store_update(struct pt_store *store, enum pt_update_scope scope,
    struct pt_update *updates, size_t n, struct pt_err *err)
{
	struct order order[PT_BATCH_MAX];
	struct batch batch;
	size_t i;
	int tries;

	if (store_is_ours(store, err) != 0)
		return -1;
	if (n > PT_BATCH_MAX || store->mode == PT_STORE_READ)
		return pt_err_set(
		    err, PT_ERR_INTERNAL, "update that the store cannot run");
	for (i = 0; i < n; i++) {
		order[i].key = store_key(store, updates[i].login);
		order[i].index = i;
	}
	sort_by_key(order, n);
	for (tries = 0; tries < TRIES_MAX; tries++) {
		memset(&batch, 0, sizeof(batch));
		batch.store = store;
		batch.scope = scope;
		run_batch(&batch, updates, order, n, err);
		if (batch.rc == 0)
			return 0;
		if (batch.account_stands || !mend(&batch, err))
			break;
	}
	(void)store_error(batch.env, batch.rc, "write to", err);
	if (batch.account_stands)
		(void)pt_err_prefix(
		    err, "the account was changed, its activity was not");
	return -1;
}

int
pt_store_update_one(struct pt_store *store, enum pt_update_scope scope,
    const struct pt_login *login, pt_update_fn *fn, void *arg,
    struct pt_err *err)
{
	struct pt_update update = {.login = login, .fn = fn, .arg = arg};

	if (pt_store_update(store, scope, &update, 1, err) != 0)
		return -1;
	return update.failed == PT_ERR_NONE ? 0 : -1;
}
