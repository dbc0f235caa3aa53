/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A write transaction of its own for what lies beside the records, and what is
 * done when any transaction has failed.
 */
#include "core/state/store_private.h"

/* Each try but the last ends by mending the environment. */
#define TRIES_MAX 4

static int
try_write(struct store_env *env, store_write_fn *fn, void *arg)
{
	MDB_txn *txn;
	int rc;

	rc = pt_store_begin(env, 0, &txn);
	if (rc != 0)
		return rc;
	rc = fn(env, txn, arg);
	if (rc == 0)
		return pt_store_commit(env, 0, txn);
	pt_store_abort(env, 0, txn);
	return rc;
}

int
pt_store_write(struct pt_store *store, struct store_env *env,
    store_write_fn *fn, void *arg, struct pt_err *err)
{
	int rc;

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	if ((env->flags & MDB_RDONLY) != 0)
		return pt_err_set(err, PT_ERR_INTERNAL,
		    "cannot write to %s: it was opened for reading", env->path);
	rc = try_write(env, fn, arg);
	for (int tries = 1; rc != 0 && tries < TRIES_MAX; tries++) {
		if (!pt_store_mend(store, env, &rc, err))
			break;
		rc = try_write(env, fn, arg);
	}
	return rc == 0 ? 0 : pt_store_error(env, rc, "write to", err);
}

/* What cannot be mended (no room to grow) is the error to report. */
static bool
is_mended(int mending, int *rc)
{
	if (mending != 0)
		*rc = mending;
	return mending == 0;
}

bool
pt_store_mend(
    struct pt_store *store, struct store_env *env, int *rc, struct pt_err *err)
{
	switch (*rc) {
	case MDB_MAP_FULL:
		return is_mended(pt_store_map_grow(env), rc);
	case MDB_MAP_RESIZED:
		return is_mended(pt_store_map_adopt(env), rc);
	case MDB_PANIC:
		return pt_store_reopen(store, env, err) == 0;
	default:
		return false;
	}
}
