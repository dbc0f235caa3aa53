/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Reading: one login, walks.
 */
#include <string.h>

#include "core/state/account_codec.h"
#include "core/state/store_private.h"

static int
read_account(struct pt_store *store, const struct pt_login *login,
    struct pt_account *out, struct pt_err *err)
{
	struct store_env *env = &store->accounts;
	MDB_val key = {login->len, (void *)(uintptr_t)login->text};
	MDB_val data;
	int rc;

	rc = pt_store_begin_reader(env);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = mdb_get(env->reader, env->db[STORE_RECORDS], &key, &data);
	if (rc == MDB_NOTFOUND) {
		pt_account_init(out, login);
		rc = 0;
	} else if (rc != 0) {
		rc = pt_store_error(env, rc, "read", err);
	} else {
		rc = pt_account_decode(
		    data.mv_data, data.mv_size, login, out, err);
		if (rc != 0)
			(void)pt_err_prefix(
			    err, "account record of %s", login->text);
	}
	mdb_txn_reset(env->reader);
	return rc;
}

/* In a transaction: 1 found, 0 none, -1 with err. */
static int
find_record(struct store_env *env, const struct store_kind *kind,
    const struct pt_login *login, uint64_t key, void *out, struct pt_err *err)
{
	MDB_cursor *cursor;
	int found = -1;
	int rc;

	rc = mdb_cursor_open(env->reader, env->db[kind->db], &cursor);
	if (rc == 0) {
		found = pt_store_find(cursor, kind, login, &key, out, &rc, err);
		mdb_cursor_close(cursor);
	}
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	if (found < 0)
		return pt_err_prefix(
		    err, "%s record of %s", kind->name, login->text);
	return found;
}

/* All from one moment; those that are NULL are not wanted. */
static int
read_records(struct pt_store *store, const struct pt_login *login,
    void *const wanted[STORE_KINDS], struct pt_err *err)
{
	struct store_env *env = &store->activity;
	uint64_t key = pt_store_key(store, login);
	int found = 0;
	int rc;

	rc = pt_store_begin_reader(env);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	for (int i = 0; i < STORE_KINDS && found >= 0; i++) {
		const struct store_kind *kind = &pt_store_kinds[i];

		if (wanted[i] == NULL)
			continue;
		found = env->has[kind->db]
			    ? find_record(env, kind, login, key, wanted[i], err)
			    : 0;
		if (found == 0)
			kind->init(wanted[i], login);
	}
	mdb_txn_reset(env->reader);
	return found < 0 ? -1 : 0;
}

int
pt_store_read(struct pt_store *store, const struct pt_login *login,
    struct pt_account *account_out, struct pt_activity *activity_out,
    struct pt_usage *usage_out, struct pt_err *err)
{
	void *const wanted[STORE_KINDS] = {
	    [STORE_KIND_ACTIVITY] = activity_out,
	    [STORE_KIND_USAGE] = usage_out,
	};

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	if (read_account(store, login, account_out, err) != 0)
		return -1;
	if (activity_out == NULL && usage_out == NULL)
		return 0;
	return read_records(store, login, wanted, err);
}

int
pt_store_read_evidence(struct pt_store *store, const struct pt_login *login,
    struct pt_evidence *out, struct pt_err *err)
{
	void *const wanted[STORE_KINDS] = {[STORE_KIND_EVIDENCE] = out};

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	return read_records(store, login, wanted, err);
}

/* A walk over one database: every item to a function, false stops. */
typedef bool
item_fn(const struct pt_store *store, const MDB_val *key, const MDB_val *data,
    void *walk);

static int
each_item(struct pt_store *store, struct store_env *env, enum store_db db,
    MDB_val *from, item_fn *fn, void *walk, struct pt_err *err)
{
	MDB_cursor *cursor;
	MDB_val key = {0, NULL};
	MDB_val data;
	MDB_txn *txn;
	int rc;

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	rc = pt_store_begin(env, MDB_RDONLY, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = mdb_cursor_open(txn, env->db[db], &cursor);
	if (rc == 0) {
		if (from != NULL)
			key = *from;
		rc = mdb_cursor_get(cursor, &key, &data,
		    from == NULL ? MDB_FIRST : MDB_SET_RANGE);
		while (rc == 0 && fn(store, &key, &data, walk))
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
account_item(const struct pt_store *store, const MDB_val *key,
    const MDB_val *data, void *walk)
{
	struct account_walk *w = walk;
	struct pt_login login;
	struct pt_err err;

	(void)store;
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
	return each_item(store, &store->accounts, STORE_RECORDS, NULL,
	    account_item, &walk, err);
}

struct activity_walk {
	pt_activity_fn *fn;
	void *arg;
	struct pt_activity activity;
};

static bool
activity_item(const struct pt_store *store, const MDB_val *key,
    const MDB_val *data, void *walk)
{
	struct activity_walk *w = walk;
	struct pt_err err;

	(void)store;
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
	return each_item(store, &store->activity, STORE_RECORDS, NULL,
	    activity_item, &walk, err);
}

struct usage_walk {
	pt_usage_fn *fn;
	void *arg;
	struct pt_usage usage;
};

static bool
usage_item(const struct pt_store *store, const MDB_val *key,
    const MDB_val *data, void *walk)
{
	struct usage_walk *w = walk;
	struct pt_err err;

	(void)store;
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

	if (!store->activity.has[STORE_USAGE])
		return 0;
	walk.fn = fn;
	walk.arg = arg;
	return each_item(
	    store, &store->activity, STORE_USAGE, NULL, usage_item, &walk, err);
}

struct login_walk {
	pt_login_fn *fn;
	void *arg;
};

static bool
login_item(const struct pt_store *store, const MDB_val *key,
    const MDB_val *data, void *walk)
{
	struct login_walk *w = walk;
	struct pt_login login;
	struct pt_err err;

	(void)store;
	(void)data;
	/* What is no login has no record. */
	if (pt_login_parse(key->mv_data, key->mv_size, NULL, &login, &err) != 0)
		return true;
	return w->fn(&login, w->arg);
}

int
pt_store_each_pending(
    struct pt_store *store, pt_login_fn *fn, void *arg, struct pt_err *err)
{
	struct login_walk walk = {.fn = fn, .arg = arg};

	if (!store->activity.has[STORE_PENDING])
		return 0;
	return each_item(store, &store->activity, STORE_PENDING, NULL,
	    login_item, &walk, err);
}

struct history_walk {
	pt_history_fn *fn;
	void *arg;
	const struct pt_login *login; /* NULL: all */
	struct pt_history entry;
};

static bool
history_item(const struct pt_store *store, const MDB_val *key,
    const MDB_val *data, void *walk)
{
	struct history_walk *w = walk;
	struct pt_err err;

	(void)store;
	if (w->login != NULL &&
	    (key->mv_size != (size_t)w->login->len + 1 + STORE_KEY_LEN ||
		memcmp(key->mv_data, w->login->text,
		    (size_t)w->login->len + 1) != 0))
		return false;
	/* An entry that cannot be read hides no other. */
	if (pt_history_decode(data->mv_data, data->mv_size, &w->entry, &err) !=
	    0)
		return true;
	return w->fn(&w->entry, w->arg);
}

int
pt_store_each_history(struct pt_store *store, const struct pt_login *login,
    pt_history_fn *fn, void *arg, struct pt_err *err)
{
	unsigned char bytes[STORE_HISTORY_KEY_MAX];
	MDB_val from = {0, bytes};
	struct history_walk walk;

	walk.fn = fn;
	walk.arg = arg;
	walk.login = login;
	if (login != NULL)
		from.mv_size = pt_store_history_key(login, 0, bytes);
	return each_item(store, &store->accounts, STORE_OTHER,
	    login == NULL ? NULL : &from, history_item, &walk, err);
}
