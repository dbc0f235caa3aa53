/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What lies beside the records of activity/ (counters of programs, policyd's
 * life), and what an environment says of its size and age.
 *
 *	life	version (1 byte: 1), number (4 bytes), last seen (8 bytes),
 *		little-endian
 */
#include <string.h>

#include "core/state/bytes.h"
#include "core/state/store_private.h"

#define LIFE_VERSION 1
#define LIFE_BYTES   (1 + 4 + 8)
#define LIFE_KEY     "life"

/* Each try but the last ends by moving the map. */
#define TRIES_MAX 4

/* Bytes that stand in the file; valid until the reader is reset. */
static int
get_item(struct store_env *env, const char *name, MDB_val *data)
{
	MDB_val key = {strlen(name), (void *)(uintptr_t)name};
	int rc = pt_store_begin_reader(env);

	if (rc == 0) {
		rc = mdb_get(env->reader, env->db[STORE_OTHER], &key, data);
		if (rc != 0)
			mdb_txn_reset(env->reader);
	}
	return rc;
}

static int
try_put_item(struct store_env *env, const char *name, MDB_val *data)
{
	MDB_val key = {strlen(name), (void *)(uintptr_t)name};
	MDB_txn *txn;
	int rc;

	rc = pt_store_begin(env, 0, &txn);
	if (rc != 0)
		return rc;
	rc = mdb_put(txn, env->db[STORE_OTHER], &key, data, 0);
	if (rc == 0)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return rc;
}

static int
put_item(struct pt_store *store, const char *name, const unsigned char *bytes,
    size_t len, struct pt_err *err)
{
	struct store_env *env = &store->activity;
	MDB_val data = {len, (void *)(uintptr_t)bytes};
	int rc;

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	rc = try_put_item(env, name, &data);
	for (int tries = 1; rc == MDB_MAP_FULL && tries < TRIES_MAX; tries++) {
		rc = pt_store_map_grow(env);
		if (rc == 0)
			rc = try_put_item(env, name, &data);
	}
	return rc == 0 ? 0 : pt_store_error(env, rc, "write to", err);
}

int
pt_store_get_counters(struct pt_store *store, const char *program,
    struct pt_counters *out, struct pt_err *err)
{
	struct store_env *env = &store->activity;
	MDB_val data;
	int rc = get_item(env, program, &data);

	if (rc == MDB_NOTFOUND) {
		memset(out, 0, sizeof(*out));
		return 0;
	}
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = pt_counters_decode(data.mv_data, data.mv_size, out, err);
	mdb_txn_reset(env->reader);
	return rc;
}

int
pt_store_put_counters(struct pt_store *store, const char *program,
    const struct pt_counters *counters, struct pt_err *err)
{
	unsigned char bytes[PT_COUNTERS_BYTES];

	pt_counters_encode(counters, bytes);
	return put_item(store, program, bytes, sizeof(bytes), err);
}

static int
decode_life(const MDB_val *data, struct pt_life *out, struct pt_err *err)
{
	struct pt_bytes_reader in = {.at = data->mv_data};
	unsigned version;
	struct pt_life life;

	in.end = in.at + data->mv_size;
	version = (unsigned)pt_bytes_take_uint(&in, 1);
	life.number = (uint32_t)pt_bytes_take_uint(&in, 4);
	life.seen_at = (int64_t)pt_bytes_take_uint(&in, 8);
	if (version > LIFE_VERSION)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the life of policyd was written by a later Postern");
	if (in.bad || in.at != in.end || version == 0 || life.seen_at < 0)
		return pt_err_set(
		    err, PT_ERR_DAMAGED, "the life of policyd is damaged");
	*out = life;
	return 0;
}

int
pt_store_get_life(
    struct pt_store *store, struct pt_life *out, struct pt_err *err)
{
	struct store_env *env = &store->activity;
	MDB_val data;
	int rc = get_item(env, LIFE_KEY, &data);

	if (rc == MDB_NOTFOUND) {
		*out = (struct pt_life){0};
		return 0;
	}
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = decode_life(&data, out, err);
	mdb_txn_reset(env->reader);
	return rc;
}

int
pt_store_put_life(
    struct pt_store *store, const struct pt_life *life, struct pt_err *err)
{
	unsigned char bytes[LIFE_BYTES];
	struct pt_bytes_writer out = {
	    .at = bytes, .end = bytes + sizeof(bytes)};

	pt_bytes_put_uint(&out, LIFE_VERSION, 1);
	pt_bytes_put_uint(&out, life->number, 4);
	pt_bytes_put_uint(
	    &out, (uint64_t)pt_bytes_clamp_time(life->seen_at, INT64_MAX), 8);
	return put_item(store, LIFE_KEY, bytes, sizeof(bytes), err);
}

int
pt_store_accounts_version(
    struct pt_store *store, uint64_t *version_out, struct pt_err *err)
{
	MDB_envinfo info;
	int rc;

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	rc = store->accounts.env == NULL
		 ? MDB_PANIC
		 : mdb_env_info(store->accounts.env, &info);
	if (rc != 0)
		return pt_store_error(&store->accounts, rc, "read", err);
	*version_out = info.me_last_txnid;
	return 0;
}

static int
count(const struct store_env *env, enum store_db db, uint64_t *out)
{
	MDB_stat stat;
	int rc = mdb_stat(env->reader, env->db[db], &stat);

	if (rc == 0)
		*out = stat.ms_entries;
	return rc;
}

/* The bytes are those up to the last page that was ever used. */
static int
measure(const struct store_env *env, uint64_t *bytes, uint64_t *map)
{
	MDB_envinfo info;
	MDB_stat stat;
	int rc;

	rc = mdb_stat(env->reader, env->db[STORE_RECORDS], &stat);
	if (rc == 0)
		rc = mdb_env_info(env->env, &info);
	if (rc != 0)
		return rc;
	*bytes = (info.me_last_pgno + 1) * stat.ms_psize;
	*map = info.me_mapsize;
	return 0;
}

static int
usage_of_accounts(struct pt_store *store, struct pt_store_usage *out)
{
	struct store_env *env = &store->accounts;
	int rc = pt_store_begin_reader(env);

	if (rc != 0)
		return rc;
	rc = count(env, STORE_RECORDS, &out->accounts);
	if (rc == 0)
		rc = count(env, STORE_OTHER, &out->history);
	if (rc == 0)
		rc = measure(env, &out->accounts_bytes, &out->accounts_map);
	mdb_txn_reset(env->reader);
	return rc;
}

static int
usage_of_activity(struct pt_store *store, struct pt_store_usage *out)
{
	struct store_env *env = &store->activity;
	MDB_envinfo info;
	int rc = pt_store_begin_reader(env);

	if (rc != 0)
		return rc;
	rc = count(env, STORE_RECORDS, &out->activities);
	if (rc == 0 && env->has[STORE_USAGE])
		rc = count(env, STORE_USAGE, &out->usages);
	if (rc == 0 && env->has[STORE_EVIDENCE])
		rc = count(env, STORE_EVIDENCE, &out->evidences);
	if (rc == 0)
		rc = measure(env, &out->activity_bytes, &out->activity_map);
	if (rc == 0)
		rc = mdb_env_info(env->env, &info);
	if (rc == 0)
		out->readers = info.me_numreaders;
	mdb_txn_reset(env->reader);
	return rc;
}

int
pt_store_usage(
    struct pt_store *store, struct pt_store_usage *out, struct pt_err *err)
{
	struct pt_store_usage usage = {0};
	int rc;

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	rc = usage_of_accounts(store, &usage);
	if (rc != 0)
		return pt_store_error(&store->accounts, rc, "read", err);
	rc = usage_of_activity(store, &usage);
	if (rc != 0)
		return pt_store_error(&store->activity, rc, "read", err);
	*out = usage;
	return 0;
}
