/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Since when a state can tell use from disuse. */

#include "core/base/clock.h"
#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

static void
forget_begun(struct store_env *env)
{
	MDB_val key = {5, (void *)(uintptr_t) "begun"};
	MDB_txn *txn;

	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_del(txn, env->db[STORE_META], &key, NULL), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static void
set_begun(struct store_env *env, int64_t at)
{
	MDB_txn *txn;

	assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
	assert_int_equal(pt_store_meta_put_begun(txn, env, at), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static int64_t
begun(struct pt_store *store)
{
	int64_t at = -1;
	struct pt_err err;

	if (pt_store_begun(store, &at, &err) != 0)
		fail_msg("begun: %s", err.text);
	return at;
}

/* Is it written there, or only taken for now? */
static bool
knows_begun(struct store_env *env)
{
	int64_t at;
	MDB_txn *txn;
	int rc;

	assert_int_equal(mdb_txn_begin(env->env, NULL, MDB_RDONLY, &txn), 0);
	rc = pt_store_meta_get_begun(txn, env, &at);
	mdb_txn_abort(txn);
	assert_true(rc == 0 || rc == MDB_NOTFOUND);
	return rc == 0;
}

static void
a_state_has_begun_when_the_younger_part_was_made(void **state)
{
	struct store_fixture *f = *state;
	int64_t now = pt_clock_now();

	assert_in_range(begun(f->store), now - 60, now);
	set_begun(&f->store->accounts, 1000);
	set_begun(&f->store->activity, 900);
	assert_int_equal(begun(f->store), 1000);
	set_begun(&f->store->activity, 2000);
	assert_int_equal(begun(f->store), 2000);
	pt_store_close(f->store);
	f->store = store_fixture_open(f, PT_STORE_KEEP);
	assert_int_equal(begun(f->store), 2000);
	/* The clock was set back since. */
	set_begun(&f->store->accounts, now + 100000);
	assert_in_range(begun(f->store), now, now + 60);
}

static void
an_older_state_begins_when_it_is_first_written(void **state)
{
	static const enum pt_store_mode modes[] = {
	    PT_STORE_WRITE, PT_STORE_KEEP};
	struct store_fixture *f = *state;
	int64_t now = pt_clock_now();

	for (size_t i = 0; i < 2; i++) {
		set_begun(&f->store->activity, 1000);
		forget_begun(&f->store->accounts);
		pt_store_close(f->store);
		f->store = store_fixture_open(f, PT_STORE_READ);
		assert_in_range(begun(f->store), now, now + 60);
		assert_false(knows_begun(&f->store->accounts));
		pt_store_close(f->store);
		f->store = store_fixture_open(f, modes[i]);
		assert_in_range(begun(f->store), now, now + 60);
		assert_true(knows_begun(&f->store->accounts));
		set_begun(&f->store->accounts, 3000);
		pt_store_close(f->store);
		f->store = store_fixture_open(f, modes[i]);
		assert_int_equal(begun(f->store), 3000);
	}
}

static void
a_new_activity_begins_anew(void **state)
{
	struct store_fixture *f = *state;
	int64_t now = pt_clock_now();
	char path[400];

	set_begun(&f->store->accounts, 1000);
	set_begun(&f->store->activity, 1000);
	pt_store_close(f->store);
	(void)snprintf(path, sizeof(path), "%s/activity", f->state);
	test_remove_dir(path);
	f->store = store_fixture_open(f, PT_STORE_KEEP);
	assert_in_range(begun(f->store), now, now + 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_state_has_begun_when_the_younger_part_was_made),
	    STORE_TEST(an_older_state_begins_when_it_is_first_written),
	    STORE_TEST(a_new_activity_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
