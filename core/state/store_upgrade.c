/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a state lacks that an older Postern made: databases that came later,
 * the time when it was made, for which the first opening stands, and the
 * number of today's schema.
 */
#include "core/base/clock.h"
#include "core/state/store_private.h"

static bool
lacks_database(const struct store_env *env)
{
	for (int i = STORE_FIRST_LATER; i < STORE_DBS; i++) {
		if (pt_store_env_lacks(env, (enum store_db)i))
			return true;
	}
	return false;
}

/*
 * Another process may have been quicker, and that one may be a later Postern:
 * its number stays, and *arg (uint32_t) is it.
 */
static int
fill(struct store_env *env, MDB_txn *txn, void *arg)
{
	uint32_t *found = arg;
	int64_t at;
	int rc;

	rc = pt_store_meta_get_schema(txn, env, found);
	if (rc != 0 || *found > STORE_SCHEMA)
		return rc;
	rc = pt_store_meta_get_begun(txn, env, &at);
	if (rc == MDB_NOTFOUND)
		rc = pt_store_meta_put_begun(txn, env, pt_clock_now());
	if (rc == 0)
		rc = pt_store_meta_put_schema(txn, env);
	for (int i = STORE_FIRST_LATER; i < STORE_DBS && rc == 0; i++) {
		if (!pt_store_env_lacks(env, (enum store_db)i))
			continue;
		rc = pt_store_env_make_db(env, txn, (enum store_db)i);
		if (rc == 0 && i == STORE_PENDING)
			rc = pt_store_fill_pending(env, txn);
	}
	return rc;
}

/* The writer's lock is for those only that lack something. */
static int
look(struct store_env *env, bool *lacks_out)
{
	uint32_t schema = 0;
	int64_t at;
	int rc = pt_store_begin_reader(env);

	if (rc != 0)
		return rc;
	rc = pt_store_meta_get_schema(env->reader, env, &schema);
	if (rc == 0)
		rc = pt_store_meta_get_begun(env->reader, env, &at);
	mdb_txn_reset(env->reader);
	*lacks_out =
	    rc == MDB_NOTFOUND || schema < STORE_SCHEMA || lacks_database(env);
	return rc == MDB_NOTFOUND ? 0 : rc;
}

int
pt_store_upgrade(
    struct pt_store *store, struct store_env *env, struct pt_err *err)
{
	bool lacks = false;
	uint32_t found = STORE_SCHEMA;
	int rc = look(env, &lacks);

	if (rc != 0)
		return pt_store_error(env, rc, "read", err);
	if (!lacks)
		return 0;
	if (pt_store_write(store, env, fill, &found, err) != 0 ||
	    pt_store_meta_check_schema(env, found, err) != 0)
		return -1;
	/* Only now: an aborted transaction takes its handles with it. */
	for (int i = STORE_FIRST_LATER; i < STORE_DBS; i++)
		env->has[i] = env->names[i] != NULL;
	return 0;
}
