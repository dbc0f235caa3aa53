/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Reading the records of one login.
 */
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

int
pt_store_read_signals(struct pt_store *store, const struct pt_login *login,
    struct pt_signals *out, struct pt_err *err)
{
	void *const wanted[STORE_KINDS] = {[STORE_KIND_SIGNALS] = out};

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	return read_records(store, login, wanted, err);
}
