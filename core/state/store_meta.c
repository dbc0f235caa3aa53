/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What an environment says of itself: the version of its schema, the secret
 * that its keys are hashed with, and when it was made ("begun": 8 bytes,
 * big-endian); activity/ also when housekeeping walked last and when it doubted
 * the clock last ("swept": twice 8 bytes).
 */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/state/store_private.h"

#define SCHEMA_BYTES 4 /* little-endian */

_Static_assert(STORE_SCHEMA <= UINT8_MAX, "it is put as one byte");

static int
meta_get(MDB_txn *txn, const struct store_env *env, const char *name, void *out,
    size_t len)
{
	MDB_val key = {strlen(name), (void *)(uintptr_t)name};
	MDB_val data;
	int rc;

	rc = mdb_get(txn, env->db[STORE_META], &key, &data);
	if (rc == 0 && data.mv_size != len)
		rc = MDB_INVALID;
	if (rc == 0)
		memcpy(out, data.mv_data, len);
	return rc;
}

static int
meta_put(MDB_txn *txn, const struct store_env *env, const char *name,
    const void *at, size_t len)
{
	MDB_val key = {strlen(name), (void *)(uintptr_t)name};
	MDB_val data = {len, (void *)(uintptr_t)at};

	return mdb_put(txn, env->db[STORE_META], &key, &data, 0);
}

static int64_t
take_stamp(const unsigned char *bytes)
{
	uint64_t at = pt_store_key_number(bytes);

	return at > INT64_MAX ? INT64_MAX : (int64_t)at;
}

static void
put_stamp(unsigned char *bytes, int64_t at)
{
	pt_store_key_bytes(at < 0 ? 0 : (uint64_t)at, bytes);
}

int
pt_store_meta_get_schema(
    MDB_txn *txn, const struct store_env *env, uint32_t *out)
{
	unsigned char bytes[SCHEMA_BYTES];
	int rc = meta_get(txn, env, "schema", bytes, sizeof(bytes));

	if (rc == 0)
		*out = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
		       (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
	return rc;
}

int
pt_store_meta_put_schema(MDB_txn *txn, const struct store_env *env)
{
	unsigned char bytes[SCHEMA_BYTES] = {STORE_SCHEMA, 0, 0, 0};

	return meta_put(txn, env, "schema", bytes, sizeof(bytes));
}

int
pt_store_meta_get_begun(
    MDB_txn *txn, const struct store_env *env, int64_t *at_out)
{
	unsigned char bytes[STORE_KEY_LEN];
	int rc = meta_get(txn, env, "begun", bytes, sizeof(bytes));

	if (rc == 0)
		*at_out = take_stamp(bytes);
	return rc;
}

int
pt_store_meta_put_begun(MDB_txn *txn, const struct store_env *env, int64_t at)
{
	unsigned char bytes[STORE_KEY_LEN];

	put_stamp(bytes, at);
	return meta_put(txn, env, "begun", bytes, sizeof(bytes));
}

int
pt_store_get_swept(
    struct pt_store *store, struct pt_swept *out, struct pt_err *err)
{
	struct store_env *env = &store->activity;
	unsigned char bytes[2 * STORE_KEY_LEN] = {0};
	int rc;

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	rc = pt_store_begin_reader(env);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = meta_get(env->reader, env, "swept", bytes, sizeof(bytes));
	mdb_txn_reset(env->reader);
	if (rc != 0 && rc != MDB_NOTFOUND)
		return pt_store_error(env, rc, "read", err);
	out->at = take_stamp(bytes);
	out->doubted_at = take_stamp(bytes + STORE_KEY_LEN);
	return 0;
}

static int
put_swept(struct store_env *env, MDB_txn *txn, void *arg)
{
	const struct pt_swept *swept = arg;
	unsigned char bytes[2 * STORE_KEY_LEN];

	put_stamp(bytes, swept->at);
	put_stamp(bytes + STORE_KEY_LEN, swept->doubted_at);
	return meta_put(txn, env, "swept", bytes, sizeof(bytes));
}

int
pt_store_put_swept(
    struct pt_store *store, const struct pt_swept *swept, struct pt_err *err)
{
	struct pt_swept copy = *swept;

	return pt_store_write(store, &store->activity, put_swept, &copy, err);
}

int
pt_store_begun(struct pt_store *store, int64_t *at_out, struct pt_err *err)
{
	struct store_env *const envs[] = {&store->accounts, &store->activity};
	int64_t now = pt_clock_now();
	struct pt_swept swept = {.doubted_at = 0};
	int64_t latest;
	int64_t at;
	int rc;

	if (pt_store_get_swept(store, &swept, err) != 0)
		return -1;
	latest = swept.doubted_at < now ? swept.doubted_at : now;
	for (size_t i = 0; i < PT_ARRAY_LEN(envs); i++) {
		rc = pt_store_begin_reader(envs[i]);
		if (rc != 0)
			return pt_store_error(envs[i], rc, "read", err);
		rc = pt_store_meta_get_begun(envs[i]->reader, envs[i], &at);
		mdb_txn_reset(envs[i]->reader);
		if (rc != 0 && rc != MDB_NOTFOUND)
			return pt_store_error(envs[i], rc, "read", err);
		/* Unknown, or the clock was set back. */
		if (rc == MDB_NOTFOUND || at > now)
			at = now;
		if (at > latest)
			latest = at;
	}
	*at_out = latest;
	return 0;
}

int
pt_store_meta_check_schema(
    const struct store_env *env, uint32_t schema, struct pt_err *err)
{
	if (schema == 0)
		return pt_err_set(err, PT_ERR_DAMAGED,
		    "%s is damaged: it does not say its schema; restore a "
		    "backup",
		    env->path);
	if (schema > STORE_SCHEMA)
		return pt_err_set(err, PT_ERR_NEWER,
		    "cannot use %s: it was written by a later version of "
		    "Postern (schema %" PRIu32 ", this one knows %d); install "
		    "that one again, or go back to what this one wrote: "
		    "restore its \"posternctl backup\", or \"posternctl load\" "
		    "its dump into a new state",
		    env->path, schema, STORE_SCHEMA);
	return 0;
}

int
pt_store_meta_make(struct store_env *env, struct pt_err *err)
{
	uint32_t found;
	unsigned char secret[16];
	MDB_txn *txn;
	int rc;

	/* Looked at without the writer lock: see pt_store_env_open(). */
	rc = pt_store_begin(env, MDB_RDONLY, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = pt_store_meta_get_schema(txn, env, &found);
	mdb_txn_abort(txn);
	if (rc == 0)
		return pt_store_meta_check_schema(env, found, err);
	if (rc != MDB_NOTFOUND)
		return pt_store_error(env, rc, "read", err);
	rc = pt_store_begin(env, 0, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "write to", err);
	randombytes_buf(secret, sizeof(secret));
	rc = pt_store_meta_put_schema(txn, env);
	if (rc == 0)
		rc = meta_put(txn, env, "key", secret, sizeof(secret));
	if (rc == 0)
		rc = pt_store_meta_put_begun(txn, env, pt_clock_now());
	if (rc != 0)
		pt_store_abort(env, 0, txn);
	else
		rc = pt_store_commit(env, 0, txn);
	return rc == 0 ? 0 : pt_store_error(env, rc, "write to", err);
}

int
pt_store_meta_read(
    struct store_env *env, unsigned char *secret_out, struct pt_err *err)
{
	uint32_t schema;
	MDB_txn *txn;
	int rc;

	rc = pt_store_begin(env, MDB_RDONLY, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = pt_store_meta_get_schema(txn, env, &schema);
	if (rc == 0)
		rc = meta_get(txn, env, "key", secret_out, 16);
	mdb_txn_abort(txn);
	if (rc == MDB_NOTFOUND)
		rc = ENOENT;
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	return pt_store_meta_check_schema(env, schema, err);
}
