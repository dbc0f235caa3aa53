/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What is in a state, in records and bytes.
 */
#include "core/state/store_private.h"

static int
count(const struct store_env *env, enum store_db db, uint64_t *out)
{
	MDB_stat stat;
	int rc;

	if (pt_store_env_lacks(env, db))
		return 0;
	rc = mdb_stat(env->reader, env->db[db], &stat);
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
		rc = count(env, STORE_OUTBOX, &out->outbox);
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
	if (rc == 0)
		rc = count(env, STORE_USAGE, &out->usages);
	if (rc == 0)
		rc = count(env, STORE_EVIDENCE, &out->evidences);
	if (rc == 0)
		rc = count(env, STORE_SIGNALS, &out->signals);
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
