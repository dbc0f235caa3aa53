/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/store_raw.h"

#include "tests/unit/support/testing.h"

#define DAMAGED_LEN 3

void
store_raw_put(
    const struct store_env *env, enum store_db db, MDB_val key, MDB_val data)
{
	MDB_txn *txn;

	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_put(txn, env->db[db], &key, &data, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
}

void
store_raw_damage(struct pt_store *store, enum store_db db, const char *name,
    const char *bytes)
{
	struct pt_login login = test_login(name);
	unsigned char key[STORE_KEY_LEN];

	pt_store_activity_key(pt_store_key(store, &login), key);
	store_raw_put(&store->activity, db, (MDB_val){sizeof(key), key},
	    (MDB_val){DAMAGED_LEN, (void *)(uintptr_t)bytes});
}
