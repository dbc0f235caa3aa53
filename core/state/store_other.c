/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What lies beside the records of activity/: counters of programs, and the
 * lives of policyd and of the keeper.
 *
 *	life	version (1 byte: 1), number (4 bytes), last seen (8 bytes),
 *		little-endian
 */
#include <string.h>

#include "core/state/bytes.h"
#include "core/state/store_private.h"

#define LIFE_VERSION 1
#define LIFE_BYTES   (1 + 4 + 8)

static const char *const life_keys[] = {
    [PT_LIFE_SESSIONS] = "life",
    [PT_LIFE_POLICYD] = "policyd-life",
    [PT_LIFE_KEEPER] = "keeper-life",
};

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

struct item {
	const char *name;
	MDB_val data;
};

static int
write_item(struct store_env *env, MDB_txn *txn, void *arg)
{
	struct item *item = arg;
	MDB_val key = {strlen(item->name), (void *)(uintptr_t)item->name};

	return mdb_put(txn, env->db[STORE_OTHER], &key, &item->data, 0);
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

struct counting {
	const char *program;
	const struct pt_counters *counters;
	int64_t now;
};

/* What a program wrote last.  Of what cannot be read nothing has grown. */
static int
former_counters(struct store_env *env, MDB_txn *txn,
    const struct counting *counting, struct pt_counters *out)
{
	const char *name = counting->program;
	MDB_val key = {strlen(name), (void *)(uintptr_t)name};
	struct pt_err err;
	MDB_val data;
	int rc;

	memset(out, 0, sizeof(*out));
	rc = mdb_get(txn, env->db[STORE_OTHER], &key, &data);
	if (rc == 0 &&
	    pt_counters_decode(data.mv_data, data.mv_size, out, &err) != 0)
		*out = *counting->counters;
	return rc == MDB_NOTFOUND ? 0 : rc;
}

static int
write_counters(struct store_env *env, MDB_txn *txn, void *arg)
{
	const struct counting *counting = arg;
	unsigned char bytes[PT_COUNTERS_BYTES];
	struct item item = {counting->program, {sizeof(bytes), bytes}};
	struct pt_counters former;
	int rc;

	rc = former_counters(env, txn, counting, &former);
	if (rc != 0)
		return rc;
	rc = pt_store_add_hour(
	    env, txn, counting->now, &former, counting->counters);
	if (rc != 0)
		return rc;
	pt_counters_encode(counting->counters, bytes);
	return write_item(env, txn, &item);
}

int
pt_store_put_counters(struct pt_store *store, const char *program,
    const struct pt_counters *counters, int64_t now, struct pt_err *err)
{
	struct counting counting = {program, counters, now};

	return pt_store_write(
	    store, &store->activity, write_counters, &counting, err);
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
		    "the life of a daemon was written by a later Postern");
	if (in.bad || in.at != in.end || version == 0 || life.seen_at < 0)
		return pt_err_set(
		    err, PT_ERR_DAMAGED, "the life of a daemon is damaged");
	*out = life;
	return 0;
}

int
pt_store_get_life(struct pt_store *store, enum pt_life_of whose,
    struct pt_life *out, struct pt_err *err)
{
	struct store_env *env = &store->activity;
	MDB_val data;
	int rc = get_item(env, life_keys[whose], &data);

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
pt_store_put_life(struct pt_store *store, enum pt_life_of whose,
    const struct pt_life *life, struct pt_err *err)
{
	unsigned char bytes[LIFE_BYTES];
	struct pt_bytes_writer out = {
	    .at = bytes, .end = bytes + sizeof(bytes)};
	struct item item = {life_keys[whose], {sizeof(bytes), bytes}};

	pt_bytes_put_uint(&out, LIFE_VERSION, 1);
	pt_bytes_put_uint(&out, life->number, 4);
	pt_bytes_put_uint(
	    &out, (uint64_t)pt_bytes_clamp_time(life->seen_at, INT64_MAX), 8);
	return pt_store_write(store, &store->activity, write_item, &item, err);
}

uint32_t
pt_store_life_at(const struct pt_life *life, int64_t now)
{
	bool goes_on = now - life->seen_at <= PT_LIFE_SECONDS &&
		       life->seen_at - now <= PT_LIFE_SECONDS;

	return goes_on ? life->number : 0;
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
