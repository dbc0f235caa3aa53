/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What an environment says of itself: the version of its schema, and the
 * secret that its keys are hashed with.
 */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "core/state/store_private.h"

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

int
pt_store_meta_make(struct store_env *env, struct pt_err *err)
{
	unsigned char schema[4] = {STORE_SCHEMA, 0, 0, 0};
	unsigned char found[4];
	unsigned char secret[16];
	MDB_txn *txn;
	int rc;

	/* Looked at without the writer lock: see pt_store_env_open(). */
	rc = pt_store_begin(env, MDB_RDONLY, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = meta_get(txn, env, "schema", found, sizeof(found));
	mdb_txn_abort(txn);
	if (rc != MDB_NOTFOUND)
		return rc == 0 ? 0 : pt_store_error(env, rc, "read", err);
	rc = pt_store_begin(env, 0, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "write to", err);
	randombytes_buf(secret, sizeof(secret));
	rc = meta_put(txn, env, "schema", schema, sizeof(schema));
	if (rc == 0)
		rc = meta_put(txn, env, "key", secret, sizeof(secret));
	if (rc != 0)
		mdb_txn_abort(txn);
	else
		rc = mdb_txn_commit(txn);
	return rc == 0 ? 0 : pt_store_error(env, rc, "write to", err);
}

int
pt_store_meta_read(
    struct store_env *env, unsigned char *secret_out, struct pt_err *err)
{
	unsigned char schema[4];
	MDB_txn *txn;
	int rc;

	rc = pt_store_begin(env, MDB_RDONLY, &txn);
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	rc = meta_get(txn, env, "schema", schema, sizeof(schema));
	if (rc == 0)
		rc = meta_get(txn, env, "key", secret_out, 16);
	mdb_txn_abort(txn);
	if (rc == MDB_NOTFOUND)
		rc = ENOENT;
	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	if (schema[0] != STORE_SCHEMA || schema[1] != 0 || schema[2] != 0 ||
	    schema[3] != 0)
		return pt_err_set(err, PT_ERR_NEWER,
		    "cannot use %s: it was written by a later version of "
		    "Postern (schema %u, this one knows %d)",
		    env->path, (unsigned)schema[0], STORE_SCHEMA);
	return 0;
}
