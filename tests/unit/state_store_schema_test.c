/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The number of the schema: who raises it, and who keeps away. */

#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

static const char *const parts[] = {"accounts", "activity"};

/* While no store has it open. */
static void
put_schema(const struct store_fixture *f, const char *part, const char *bytes)
{
	MDB_val key = {6, (void *)(uintptr_t) "schema"};
	MDB_val data = {4, (void *)(uintptr_t)bytes};
	MDB_txn *txn;
	MDB_env *env;
	MDB_dbi db;
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/%s", f->state, part);
	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 1), 0);
	assert_int_equal(mdb_env_set_mapsize(env, (size_t)64 << 20), 0);
	assert_int_equal(mdb_env_open(env, path, MDB_NOTLS, 0600), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, "meta", 0, &db), 0);
	assert_int_equal(mdb_put(txn, db, &key, &data, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
}

static uint32_t
schema_of(struct store_env *env)
{
	uint32_t schema;
	MDB_txn *txn;

	assert_int_equal(mdb_txn_begin(env->env, NULL, MDB_RDONLY, &txn), 0);
	assert_int_equal(pt_store_meta_get_schema(txn, env, &schema), 0);
	mdb_txn_abort(txn);
	return schema;
}

/* Of each part that it may write; so that an older Postern keeps away. */
static void
who_writes_raises_the_schema(void **state)
{
	static const struct {
		enum pt_store_mode mode;
		uint32_t accounts;
		uint32_t activity;
	} cases[] = {
	    {PT_STORE_READ, 1, 1},
	    {PT_STORE_ACTIVITY, 1, STORE_SCHEMA},
	    {PT_STORE_WRITE, STORE_SCHEMA, STORE_SCHEMA},
	    {PT_STORE_KEEP, STORE_SCHEMA, STORE_SCHEMA},
	};
	struct store_fixture *f = *state;
	struct pt_login login = test_login("bob@example.com");

	store_fixture_count_for(f->store, "bob");
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_store_close(f->store);
		for (size_t j = 0; j < PT_ARRAY_LEN(parts); j++)
			put_schema(f, parts[j], "\x01\0\0\0");
		f->store = store_fixture_open(f, cases[i].mode);
		assert_int_equal(
		    schema_of(&f->store->accounts), cases[i].accounts);
		assert_int_equal(
		    schema_of(&f->store->activity), cases[i].activity);
		assert_int_equal(store_fixture_total(f->store, &login), 1);
	}
}

/* Every byte of the number counts, in each of the two environments. */
static void
what_is_later_or_none_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		enum pt_err_kind kind;
		const char *remedy;
	} cases[] = {
	    {"\x03\0\0\0", PT_ERR_NEWER, "\"posternctl load\""},
	    {"\x02\x01\0\0", PT_ERR_NEWER, "install that one again"},
	    {"\x01\0\0\x80", PT_ERR_NEWER, "schema 2147483649"},
	    {"\0\0\0\0", PT_ERR_DAMAGED, "restore a backup"},
	};
	static const enum pt_store_mode modes[] = {
	    PT_STORE_READ, PT_STORE_WRITE, PT_STORE_ACTIVITY, PT_STORE_KEEP};
	struct store_fixture *f = *state;
	struct pt_store *store;
	const char *part;
	struct pt_err err;

	pt_store_close(f->store);
	f->store = NULL;
	for (size_t i = 0; i < 2 * PT_ARRAY_LEN(cases); i++) {
		part = parts[i % 2];
		put_schema(f, part, cases[i / 2].bytes);
		for (size_t j = 0; j < PT_ARRAY_LEN(modes); j++) {
			assert_int_equal(
			    pt_store_open(f->state, modes[j], &store, &err),
			    -1);
			assert_int_equal(err.kind, cases[i / 2].kind);
			assert_non_null(strstr(err.text, part));
			assert_non_null(strstr(err.text, cases[i / 2].remedy));
		}
		/* "init" takes no state for an unfinished one. */
		assert_int_equal(pt_store_create(f->state, &err), -1);
		assert_int_equal(err.kind, cases[i / 2].kind);
		put_schema(f, part, "\x02\0\0\0");
	}
	f->store = store_fixture_open(f, PT_STORE_KEEP);
	assert_null(pt_store_set_aside(f->store));
}

static int
become_later(struct store_env *env, MDB_txn *txn, void *arg)
{
	MDB_val schema = {6, (void *)(uintptr_t) "schema"};
	MDB_val begun = {5, (void *)(uintptr_t) "begun"};
	MDB_val data = {4, (void *)(uintptr_t) "\x63\0\0\0"};

	(void)arg;
	assert_int_equal(mdb_del(txn, env->db[STORE_META], &begun, NULL), 0);
	return mdb_put(txn, env->db[STORE_META], &schema, &data, 0);
}

/* Between the look and the writer lock: what is lacking is known, the later
 * number is not. */
static void
a_later_postern_that_was_quicker_keeps_its_schema(void **state)
{
	struct store_fixture *f = *state;
	struct store_env *const envs[] = {
	    &f->store->accounts, &f->store->activity};
	struct pt_err err;

	for (size_t i = 0; i < PT_ARRAY_LEN(envs); i++) {
		assert_int_equal(
		    pt_store_write(f->store, envs[i], become_later, NULL, &err),
		    0);
		assert_int_equal(pt_store_upgrade(f->store, envs[i], &err), -1);
		assert_int_equal(err.kind, PT_ERR_NEWER);
		assert_non_null(strstr(err.text, "schema 99"));
		assert_int_equal(schema_of(envs[i]), 99);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(who_writes_raises_the_schema),
	    STORE_TEST(what_is_later_or_none_is_refused),
	    STORE_TEST(a_later_postern_that_was_quicker_keeps_its_schema),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
