/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What was counted in each hour: one record for all programs, under the start
 * of its hour (8 bytes, big-endian).
 */
#include <string.h>

#include "core/state/store_private.h"

static MDB_val
hour_key(int64_t at, unsigned char *bytes)
{
	pt_store_key_bytes(at < 0 ? 0 : (uint64_t)at, bytes);
	return (MDB_val){STORE_KEY_LEN, bytes};
}

int
pt_store_add_hour(struct store_env *env, MDB_txn *txn, int64_t now,
    const struct pt_counters *before, const struct pt_counters *after)
{
	int64_t start = now < 0 ? 0 : now - now % PT_HOUR_SECONDS;
	unsigned char key_bytes[STORE_KEY_LEN];
	unsigned char bytes[PT_HOUR_BYTES_MAX];
	MDB_val key = hour_key(start, key_bytes);
	struct pt_hour hour;
	struct pt_err err;
	MDB_val data;
	int rc;

	if (memcmp(before, after, sizeof(*before)) == 0)
		return 0;
	memset(&hour, 0, sizeof(hour));
	rc = mdb_get(txn, env->db[STORE_HOURS], &key, &data);
	if (rc != 0 && rc != MDB_NOTFOUND)
		return rc;
	/* A damaged one begins anew; a later Postern's is left to it. */
	if (rc == 0 &&
	    pt_hour_decode(data.mv_data, data.mv_size, &hour, &err) != 0 &&
	    err.kind == PT_ERR_NEWER)
		return 0;
	hour.start = start;
	pt_hour_add(&hour, before, after);
	data.mv_size = pt_hour_encode(&hour, bytes, sizeof(bytes));
	data.mv_data = bytes;
	return mdb_put(txn, env->db[STORE_HOURS], &key, &data, 0);
}

struct walk {
	pt_hour_fn *fn;
	void *arg;
};

static bool
item(const MDB_val *key, const MDB_val *data, void *arg)
{
	struct walk *w = arg;
	struct pt_hour hour;
	struct pt_err err;

	(void)key;
	/* An hour that cannot be read hides no other. */
	if (pt_hour_decode(data->mv_data, data->mv_size, &hour, &err) != 0)
		return true;
	return w->fn(&hour, w->arg);
}

int
pt_store_each_hour(struct pt_store *store, int64_t from, pt_hour_fn *fn,
    void *arg, struct pt_err *err)
{
	unsigned char bytes[STORE_KEY_LEN];
	MDB_val key = hour_key(from, bytes);
	struct walk walk = {.fn = fn, .arg = arg};

	return pt_store_each_item(
	    store, &store->activity, STORE_HOURS, &key, item, &walk, err);
}

static int
prune(struct store_env *env, MDB_txn *txn, void *arg)
{
	const int64_t *before = arg;
	unsigned char limit[STORE_KEY_LEN];
	MDB_cursor *cursor;
	MDB_val key;
	MDB_val data;
	int rc;

	(void)hour_key(*before, limit);
	rc = mdb_cursor_open(txn, env->db[STORE_HOURS], &cursor);
	if (rc != 0)
		return rc;
	while ((rc = mdb_cursor_get(cursor, &key, &data, MDB_FIRST)) == 0 &&
	       (key.mv_size != sizeof(limit) ||
		   memcmp(key.mv_data, limit, sizeof(limit)) < 0)) {
		rc = mdb_cursor_del(cursor, 0);
		if (rc != 0)
			break;
	}
	mdb_cursor_close(cursor);
	return rc == MDB_NOTFOUND ? 0 : rc;
}

int
pt_store_prune_hours(struct pt_store *store, int64_t before, struct pt_err *err)
{
	return pt_store_write(store, &store->activity, prune, &before, err);
}
