/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Walks over many records.
 */
#include "core/state/store_walk.h"

#include <string.h>

#include "core/state/account_codec.h"
#include "core/state/store_private.h"

int
pt_store_each_item(struct pt_store *store, struct store_env *env,
    enum store_db db, MDB_val *from, store_item_fn *fn, void *walk,
    struct pt_err *err)
{
	MDB_cursor *cursor;
	MDB_val key = {0, NULL};
	MDB_val data;
	MDB_txn *txn;
	int rc;

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	if (pt_store_env_lacks(env, db))
		return 0;
	rc = pt_store_begin(env, MDB_RDONLY, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = mdb_cursor_open(txn, env->db[db], &cursor);
	if (rc == 0) {
		if (from != NULL)
			key = *from;
		rc = mdb_cursor_get(cursor, &key, &data,
		    from == NULL ? MDB_FIRST : MDB_SET_RANGE);
		while (rc == 0 && fn(&key, &data, walk))
			rc = mdb_cursor_get(cursor, &key, &data, MDB_NEXT);
		mdb_cursor_close(cursor);
	}
	mdb_txn_abort(txn);
	if (rc == 0 || rc == MDB_NOTFOUND)
		return 0;
	return pt_store_error(env, rc, "read", err);
}

struct account_walk {
	pt_account_fn *fn;
	void *arg;
	struct pt_account account;
};

static bool
account_item(const MDB_val *key, const MDB_val *data, void *walk)
{
	struct account_walk *w = walk;
	struct pt_login login;
	struct pt_err err;

	if (pt_login_parse(key->mv_data, key->mv_size, NULL, &login, &err) !=
	    0) {
		err.kind = PT_ERR_DAMAGED;
		(void)pt_err_prefix(&err, "key of an account record");
		return w->fn(NULL, &err, w->arg);
	}
	if (pt_account_decode(
		data->mv_data, data->mv_size, &login, &w->account, &err) != 0) {
		(void)pt_err_prefix(&err, "account record of %s", login.text);
		return w->fn(NULL, &err, w->arg);
	}
	return w->fn(&w->account, NULL, w->arg);
}

int
pt_store_each_account(
    struct pt_store *store, pt_account_fn *fn, void *arg, struct pt_err *err)
{
	struct account_walk walk;

	walk.fn = fn;
	walk.arg = arg;
	return pt_store_each_item(store, &store->accounts, STORE_RECORDS, NULL,
	    account_item, &walk, err);
}

struct activity_walk {
	pt_activity_fn *fn;
	void *arg;
	struct pt_activity activity;
};

static bool
activity_item(const MDB_val *key, const MDB_val *data, void *walk)
{
	struct activity_walk *w = walk;
	struct pt_err err;

	(void)key;
	if (pt_activity_decode(
		data->mv_data, data->mv_size, &w->activity, &err) != 0) {
		(void)pt_err_prefix(&err, "an activity record");
		return w->fn(NULL, &err, w->arg);
	}
	return w->fn(&w->activity, NULL, w->arg);
}

int
pt_store_each_activity(
    struct pt_store *store, pt_activity_fn *fn, void *arg, struct pt_err *err)
{
	struct activity_walk walk;

	walk.fn = fn;
	walk.arg = arg;
	return pt_store_each_item(store, &store->activity, STORE_RECORDS, NULL,
	    activity_item, &walk, err);
}

struct usage_walk {
	pt_usage_fn *fn;
	void *arg;
	struct pt_usage usage;
};

static bool
usage_item(const MDB_val *key, const MDB_val *data, void *walk)
{
	struct usage_walk *w = walk;
	struct pt_err err;

	(void)key;
	if (pt_usage_decode(data->mv_data, data->mv_size, &w->usage, &err) !=
	    0) {
		(void)pt_err_prefix(&err, "a usage record");
		return w->fn(NULL, &err, w->arg);
	}
	return w->fn(&w->usage, NULL, w->arg);
}

int
pt_store_each_usage(
    struct pt_store *store, pt_usage_fn *fn, void *arg, struct pt_err *err)
{
	struct usage_walk walk;

	walk.fn = fn;
	walk.arg = arg;
	return pt_store_each_item(
	    store, &store->activity, STORE_USAGE, NULL, usage_item, &walk, err);
}

struct signals_walk {
	pt_signals_fn *fn;
	void *arg;
	struct pt_signals signals;
};

static bool
signals_item(const MDB_val *key, const MDB_val *data, void *walk)
{
	struct signals_walk *w = walk;
	struct pt_err err;

	(void)key;
	if (pt_signals_decode(
		data->mv_data, data->mv_size, &w->signals, &err) != 0) {
		(void)pt_err_prefix(&err, "a signals record");
		return w->fn(NULL, &err, w->arg);
	}
	return w->fn(&w->signals, NULL, w->arg);
}

int
pt_store_each_signals(
    struct pt_store *store, pt_signals_fn *fn, void *arg, struct pt_err *err)
{
	struct signals_walk walk;

	walk.fn = fn;
	walk.arg = arg;
	return pt_store_each_item(store, &store->activity, STORE_SIGNALS, NULL,
	    signals_item, &walk, err);
}

struct login_walk {
	pt_login_fn *fn;
	void *arg;
	const struct pt_login *after; /* NULL: all */
};

static bool
login_item(const MDB_val *key, const MDB_val *data, void *walk)
{
	struct login_walk *w = walk;
	struct pt_login login;
	struct pt_err err;

	(void)data;
	/* What is no login has no record. */
	if (pt_login_parse(key->mv_data, key->mv_size, NULL, &login, &err) != 0)
		return true;
	if (w->after != NULL && pt_login_equal(&login, w->after))
		return true;
	return w->fn(&login, w->arg);
}

int
pt_store_each_pending(struct pt_store *store, const struct pt_login *after,
    pt_login_fn *fn, void *arg, struct pt_err *err)
{
	struct login_walk walk = {.fn = fn, .arg = arg, .after = after};
	MDB_val from = {0, NULL};

	if (after != NULL)
		from = (MDB_val){after->len, (void *)(uintptr_t)after->text};
	return pt_store_each_item(store, &store->activity, STORE_PENDING,
	    after == NULL ? NULL : &from, login_item, &walk, err);
}

/* Puts the cursor on the first login after that one; an LMDB code. */
static int
find_after(MDB_cursor *cursor, const struct pt_login *after, MDB_val *key)
{
	MDB_val data;
	int rc;

	if (after == NULL)
		return mdb_cursor_get(cursor, key, &data, MDB_FIRST);
	*key = (MDB_val){after->len, (void *)(uintptr_t)after->text};
	rc = mdb_cursor_get(cursor, key, &data, MDB_SET_RANGE);
	if (rc == 0 && key->mv_size == after->len &&
	    memcmp(key->mv_data, after->text, after->len) == 0)
		rc = mdb_cursor_get(cursor, key, &data, MDB_NEXT);
	return rc;
}

static int
next_logins(struct store_env *env, const struct pt_login *after,
    struct pt_login *out, size_t max, size_t *count)
{
	MDB_cursor *cursor;
	struct pt_err err;
	MDB_val key;
	MDB_val data;
	int rc;

	rc = mdb_cursor_open(env->reader, env->db[STORE_RECORDS], &cursor);
	if (rc != 0)
		return rc;
	rc = find_after(cursor, after, &key);
	while (rc == 0 && *count < max) {
		/* What is no login cannot be asked for. */
		if (pt_login_parse(key.mv_data, key.mv_size, NULL, &out[*count],
			&err) == 0)
			(*count)++;
		rc = mdb_cursor_get(cursor, &key, &data, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	return rc == MDB_NOTFOUND ? 0 : rc;
}

int
pt_store_next_logins(struct pt_store *store, const struct pt_login *after,
    struct pt_login *out, size_t max, size_t *count_out, struct pt_err *err)
{
	struct store_env *env = &store->accounts;
	size_t count = 0;
	int rc;

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	rc = pt_store_begin_reader(env);
	if (rc == 0) {
		rc = next_logins(env, after, out, max, &count);
		mdb_txn_reset(env->reader);
	}
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	*count_out = count;
	return 0;
}
