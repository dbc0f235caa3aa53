/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The logins whose activity record has a pending block or a pending notice, in
 * a database of their own: keys without data.  Who carries them over finds
 * them there and need not walk through all records.
 */
#include "core/state/store_batch.h"

static MDB_val
key_of(const struct pt_login *login)
{
	return (MDB_val){login->len, (void *)(uintptr_t)login->text};
}

static bool
has_pending(const struct pt_activity *activity)
{
	return activity->block.reason != PT_BLOCK_NONE ||
	       activity->notice.kind != PT_NOTICE_NONE;
}

static int
add(MDB_txn *txn, MDB_dbi db, const struct pt_login *login)
{
	MDB_val key = key_of(login);
	MDB_val data = {0, (void *)(uintptr_t) ""};

	return mdb_put(txn, db, &key, &data, MDB_NOOVERWRITE);
}

bool
pt_store_is_pending(struct store_batch *batch, const struct pt_login *login)
{
	struct store_env *env = &batch->store->activity;
	MDB_val key = key_of(login);
	MDB_val data;
	int rc;

	rc = mdb_get(batch->activity, env->db[STORE_PENDING], &key, &data);
	if (rc != 0 && rc != MDB_NOTFOUND)
		pt_store_batch_latch(batch, env, rc);
	return rc != MDB_NOTFOUND;
}

void
pt_store_put_pending(struct store_batch *batch, const struct pt_login *login,
    const struct pt_activity *activity)
{
	bool is_pending = activity != NULL && has_pending(activity);
	struct store_env *env = &batch->store->activity;
	MDB_dbi db = env->db[STORE_PENDING];
	MDB_val key = key_of(login);
	int rc;

	if (batch->rc != 0)
		return;
	/* What is so already dirties no page. */
	rc = is_pending ? add(batch->activity, db, login)
			: mdb_del(batch->activity, db, &key, NULL);
	if (rc == 0)
		batch->activity_dirty = true;
	else if (rc != MDB_KEYEXIST && rc != MDB_NOTFOUND)
		pt_store_batch_latch(batch, env, rc);
}

int
pt_store_fill_pending(const struct store_env *env, MDB_txn *txn)
{
	struct pt_activity activity;
	MDB_cursor *cursor;
	struct pt_err err;
	MDB_val key;
	MDB_val data;
	int added = 0;
	int rc;

	rc = mdb_cursor_open(txn, env->db[STORE_RECORDS], &cursor);
	if (rc != 0)
		return rc;
	while (added == 0 &&
	       (rc = mdb_cursor_get(cursor, &key, &data, MDB_NEXT)) == 0) {
		/* One that cannot be read has no block that holds. */
		if (pt_activity_decode(
			data.mv_data, data.mv_size, &activity, &err) != 0 ||
		    !has_pending(&activity))
			continue;
		added = add(txn, env->db[STORE_PENDING], &activity.login);
		if (added == MDB_KEYEXIST)
			added = 0;
	}
	mdb_cursor_close(cursor);
	if (added != 0)
		return added;
	return rc == MDB_NOTFOUND ? 0 : rc;
}
