/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* States that an older or a later Postern made. */

#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

static bool
see_none(const struct pt_usage *usage, const struct pt_err *err, void *arg)
{
	(void)usage;
	(void)err;
	(void)arg;
	fail_msg("there is a usage record");
	return false;
}

/* Makes the state one of a Postern that did not know that database. */
static void
make_old(struct store_fixture *f, enum store_db db)
{
	struct store_env *env = &f->store->activity;
	MDB_txn *txn;

	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_drop(txn, env->db[db], 1), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	pt_store_close(f->store);
	f->store = NULL;
}

static void
a_state_without_usage_is_read_as_it_is(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store_usage usage;
	struct pt_err err;

	make_old(f, STORE_USAGE);
	f->store = store_fixture_open(f, PT_STORE_READ);
	assert_int_equal(store_fixture_logins(f->store, "ann"), 0);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.usages, 0);
	assert_int_equal(
	    pt_store_each_usage(f->store, see_none, NULL, &err), 0);
}

static void
a_state_without_usage_gets_it_from_who_writes(void **state)
{
	static const enum pt_store_mode modes[] = {
	    PT_STORE_WRITE, PT_STORE_ACTIVITY, PT_STORE_KEEP};
	struct store_fixture *f = *state;
	struct pt_login login = test_login("bob@example.com");

	store_fixture_count_for(f->store, "bob");
	for (size_t i = 0; i < 3; i++) {
		make_old(f, STORE_USAGE);
		f->store = store_fixture_open(f, modes[i]);
		assert_null(pt_store_set_aside(f->store));
		store_fixture_use_for(f->store, "ann");
		assert_int_equal(store_fixture_logins(f->store, "ann"), 1);
		assert_int_equal(store_fixture_total(f->store, &login), 1);
	}
}

static void
a_state_without_evidence_is_read_as_it_is(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store_usage usage;
	struct pt_err err;

	make_old(f, STORE_EVIDENCE);
	f->store = store_fixture_open(f, PT_STORE_READ);
	assert_int_equal(store_fixture_bounces(f->store, "ann"), 0);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.evidences, 0);
}

static void
a_state_without_evidence_gets_it_from_who_writes(void **state)
{
	static const enum pt_store_mode modes[] = {
	    PT_STORE_WRITE, PT_STORE_ACTIVITY, PT_STORE_KEEP};
	struct store_fixture *f = *state;
	struct pt_login login = test_login("bob@example.com");

	store_fixture_count_for(f->store, "bob");
	store_fixture_use_for(f->store, "bob");
	for (size_t i = 0; i < 3; i++) {
		make_old(f, STORE_EVIDENCE);
		f->store = store_fixture_open(f, modes[i]);
		assert_null(pt_store_set_aside(f->store));
		store_fixture_bounce_for(f->store, "ann");
		assert_int_equal(store_fixture_bounces(f->store, "ann"), 1);
		assert_int_equal(store_fixture_logins(f->store, "bob"), 1);
		assert_int_equal(store_fixture_total(f->store, &login), 1);
	}
}

static void
mark(struct pt_records *records, void *arg)
{
	(void)arg;
	records->activity->block.reason = PT_BLOCK_CRACKED;
	records->activity_changed = true;
}

static bool
note(const struct pt_login *login, void *arg)
{
	assert_string_equal(login->text, "ann@example.com");
	(*(unsigned *)arg)++;
	return true;
}

static unsigned
count_pending(struct store_fixture *f)
{
	unsigned count = 0;
	struct pt_err err;

	assert_int_equal(
	    pt_store_each_pending(f->store, note, &count, &err), 0);
	return count;
}

static void
a_state_without_a_list_of_pending_blocks_gets_it_whole(void **state)
{
	static const enum pt_store_mode modes[] = {
	    PT_STORE_WRITE, PT_STORE_ACTIVITY, PT_STORE_KEEP};
	struct store_fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	struct pt_err err;

	store_fixture_count_for(f->store, "bob");
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, mark, NULL, &err),
	    0);
	for (size_t i = 0; i < 3; i++) {
		make_old(f, STORE_PENDING);
		f->store = store_fixture_open(f, PT_STORE_READ);
		assert_int_equal(count_pending(f), 0);
		pt_store_close(f->store);
		f->store = store_fixture_open(f, modes[i]);
		assert_null(pt_store_set_aside(f->store));
		assert_int_equal(count_pending(f), 1);
	}
}

/* A database that only a later Postern knows is no damage. */
static void
a_database_that_is_not_known_is_left_alone(void **state)
{
	struct store_fixture *f = *state;
	MDB_txn *txn;
	MDB_dbi db;
	MDB_env *env;
	char path[400];

	pt_store_close(f->store);
	(void)snprintf(path, sizeof(path), "%s/activity", f->state);
	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 1), 0);
	assert_int_equal(mdb_env_set_mapsize(env, (size_t)16 << 20), 0);
	assert_int_equal(mdb_env_open(env, path, MDB_NOTLS, 0600), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, "later", MDB_CREATE, &db), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
	f->store = store_fixture_open(f, PT_STORE_KEEP);
	assert_null(pt_store_set_aside(f->store));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_state_without_usage_is_read_as_it_is),
	    STORE_TEST(a_state_without_usage_gets_it_from_who_writes),
	    STORE_TEST(a_state_without_evidence_is_read_as_it_is),
	    STORE_TEST(a_state_without_evidence_gets_it_from_who_writes),
	    STORE_TEST(a_state_without_a_list_of_pending_blocks_gets_it_whole),
	    STORE_TEST(a_database_that_is_not_known_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
