/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Reading: one login, walks, counters, usage.
 */
#include <string.h>

#include "core/state/account_codec.h"
#include "core/state/activity_codec.h"
#include "core/state/store_private.h"

static int
read_account(struct pt_store *store, const struct pt_login *login,
    struct pt_account *out, struct pt_err *err)
{
	struct store_env *env = &store->accounts;
	MDB_val key = {login->len, (void *)(uintptr_t)login->text};
	MDB_val data;
	MDB_txn *txn;
	int rc;

	rc = pt_store_begin(env, MDB_RDONLY, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = mdb_get(txn, env->db[STORE_RECORDS], &key, &data);
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
	mdb_txn_abort(txn);
	return rc;
}

static int
read_activity(struct pt_store *store, const struct pt_login *login,
    struct pt_activity *out, struct pt_err *err)
{
	struct store_env *env = &store->activity;
	uint64_t key = pt_store_key(store, login);
	MDB_cursor *cursor;
	MDB_txn *txn;
	int found = -1;
	int rc;

	rc = pt_store_begin(env, MDB_RDONLY, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = mdb_cursor_open(txn, env->db[STORE_RECORDS], &cursor);
	if (rc == 0) {
		found =
		    pt_store_activity_find(cursor, login, &key, out, &rc, err);
		mdb_cursor_close(cursor);
	}
	mdb_txn_abort(txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	if (found < 0)
		return pt_err_prefix(err, "activity record of %s", login->text);
	if (found == 0)
		pt_activity_init(out, login);
	return 0;
}

int
pt_store_read(struct pt_store *store, const struct pt_login *login,
    struct pt_account *account_out, struct pt_activity *activity_out,
    struct pt_err *err)
{
	if (pt_store_is_ours(store, err) != 0)
		return -1;
	if (read_account(store, login, account_out, err) != 0)
		return -1;
	return read_activity(store, login, activity_out, err);
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
	w->activity.exists = true;
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

int
pt_store_get_counters(struct pt_store *store, const char *program,
    struct pt_counters *out, struct pt_err *err)
{
	struct store_env *env = &store->activity;
	MDB_val key = {strlen(program), (void *)(uintptr_t)program};
	MDB_val data;
	MDB_txn *txn;
	int rc;

	rc = pt_store_begin(env, MDB_RDONLY, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = mdb_get(txn, env->db[STORE_OTHER], &key, &data);
	if (rc == MDB_NOTFOUND) {
		memset(out, 0, sizeof(*out));
		rc = 0;
	} else if (rc != 0) {
		rc = pt_store_error(env, rc, "read", err);
	} else {
		rc = pt_counters_decode(data.mv_data, data.mv_size, out, err);
	}
	mdb_txn_abort(txn);
	return rc;
}

int
pt_store_put_counters(struct pt_store *store, const char *program,
    const struct pt_counters *counters, struct pt_err *err)
{
	struct store_env *env = &store->activity;
	unsigned char bytes[PT_COUNTERS_BYTES];
	MDB_val key = {strlen(program), (void *)(uintptr_t)program};
	MDB_val data = {sizeof(bytes), bytes};
	MDB_txn *txn;
	int rc;

	pt_counters_encode(counters, bytes);
	rc = pt_store_begin(env, 0, &txn);
	if (rc == 0) {
		rc = mdb_put(txn, env->db[STORE_OTHER], &key, &data, 0);
		if (rc == 0)
			rc = mdb_txn_commit(txn);
		else
			mdb_txn_abort(txn);
	}
	return rc == 0 ? 0 : pt_store_error(env, rc, "write to", err);
}

/* The bytes are those up to the last page that was ever used. */
static int
usage_of(struct store_env *env, uint64_t *records, uint64_t *others,
    uint64_t *bytes, uint64_t *map, struct pt_err *err)
{
	MDB_envinfo info;
	MDB_stat records_stat;
	MDB_stat other_stat;
	MDB_txn *txn;
	int rc;

	rc = pt_store_begin(env, MDB_RDONLY, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = mdb_stat(txn, env->db[STORE_RECORDS], &records_stat);
	if (rc == 0)
		rc = mdb_stat(txn, env->db[STORE_OTHER], &other_stat);
	if (rc == 0)
		rc = mdb_env_info(env->env, &info);
	mdb_txn_abort(txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	*records = records_stat.ms_entries;
	*others = other_stat.ms_entries;
	*bytes = (info.me_last_pgno + 1) * records_stat.ms_psize;
	*map = info.me_mapsize;
	return 0;
}

int
pt_store_usage(
    struct pt_store *store, struct pt_store_usage *out, struct pt_err *err)
{
	struct pt_store_usage usage;
	MDB_envinfo info;
	uint64_t programs;

	if (usage_of(&store->accounts, &usage.accounts, &usage.history,
		&usage.accounts_bytes, &usage.accounts_map, err) != 0)
		return -1;
	if (usage_of(&store->activity, &usage.activities, &programs,
		&usage.activity_bytes, &usage.activity_map, err) != 0)
		return -1;
	usage.readers = 0;
	if (mdb_env_info(store->activity.env, &info) == 0)
		usage.readers = info.me_numreaders;
	*out = usage;
	return 0;
}
