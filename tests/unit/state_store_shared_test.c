/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What processes share beside the records: token key, life, version. */

#include <sys/wait.h>
#include <unistd.h>

#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

static void
touch_account(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->created_at = TEST_NOW;
	records->account_changed = true;
}

static void
touch_account_of(struct pt_store *store, const char *name)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(store, PT_UPDATE_ACCOUNT, &login, touch_account,
		NULL, &err) != 0)
		fail_msg("update: %s", err.text);
}

static void
the_version_moves_with_each_commit_to_accounts(void **state)
{
	struct store_fixture *f = *state;
	uint64_t before = store_fixture_version(f->store);
	struct pt_err err;
	struct pt_counters counters = {.requests = 1};

	store_fixture_count_for(f->store, "ann");
	store_fixture_use_for(f->store, "ann");
	assert_int_equal(pt_store_put_counters(
			     f->store, "policyd", &counters, TEST_NOW, &err),
	    0);
	assert_int_equal(store_fixture_version(f->store), before);
	for (int i = 0; i < 3; i++) {
		touch_account_of(f->store, "ann");
		assert_true(store_fixture_version(f->store) > before);
		before = store_fixture_version(f->store);
	}
}

static void
touch_in_child(struct store_fixture *f)
{
	struct pt_store *store = store_fixture_open(f, PT_STORE_WRITE);

	touch_account_of(store, "bob");
	pt_store_close(store);
	_exit(0);
}

static void
the_version_moves_with_the_commits_of_others(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login bob = test_login("bob@example.com");
	struct pt_account account;
	uint64_t before;
	struct pt_err err;
	pid_t child;
	int status;

	pt_store_close(f->store);
	f->store = store_fixture_open(f, PT_STORE_ACTIVITY);
	before = store_fixture_version(f->store);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		touch_in_child(f);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(store_fixture_version(f->store) > before);
	assert_int_equal(
	    pt_store_read(f->store, &bob, &account, NULL, NULL, &err), 0);
	assert_true(account.exists);
}

static void
the_token_key_belongs_to_the_state(void **state)
{
	static const unsigned char zero[PT_STORE_TOKEN_KEY_BYTES];
	unsigned char key[PT_STORE_TOKEN_KEY_BYTES];
	struct store_fixture *f = *state;
	struct pt_store *other;
	struct pt_err err;
	char dir[320];

	memcpy(key, pt_store_token_key(f->store), sizeof(key));
	assert_memory_not_equal(key, zero, sizeof(key));
	/* It is not the one that hashes keys, which is lost with activity/. */
	assert_memory_not_equal(key, f->store->hash_key, sizeof(key));
	pt_store_close(f->store);
	f->store = store_fixture_open(f, PT_STORE_ACTIVITY);
	assert_memory_equal(pt_store_token_key(f->store), key, sizeof(key));
	(void)snprintf(dir, sizeof(dir), "%s/other", f->dir);
	assert_int_equal(pt_store_create(dir, &err), 0);
	pt_store_close(f->store);
	f->store = NULL;
	assert_int_equal(pt_store_open(dir, PT_STORE_READ, &other, &err), 0);
	assert_memory_not_equal(pt_store_token_key(other), key, sizeof(key));
	pt_store_close(other);
}

static void
the_life_comes_back(void **state)
{
	static const struct pt_life lives[] = {
	    {1, TEST_NOW}, {UINT32_MAX, INT64_MAX}, {7, 0}};
	struct store_fixture *f = *state;
	struct pt_counters counters = {.requests = 17};
	struct pt_life life = {5, 5};
	struct pt_err err;

	assert_int_equal(
	    pt_store_get_life(f->store, PT_LIFE_POLICYD, &life, &err), 0);
	assert_int_equal(life.number, 0);
	assert_int_equal(life.seen_at, 0);
	assert_int_equal(pt_store_put_counters(
			     f->store, "policyd", &counters, TEST_NOW, &err),
	    0);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(pt_store_put_life(f->store, PT_LIFE_POLICYD,
				     &lives[i], &err),
		    0);
		assert_int_equal(
		    pt_store_get_life(f->store, PT_LIFE_POLICYD, &life, &err),
		    0);
		assert_int_equal(life.number, lives[i].number);
		assert_int_equal(life.seen_at, lives[i].seen_at);
	}
	counters.requests = 0;
	assert_int_equal(
	    pt_store_get_counters(f->store, "policyd", &counters, &err), 0);
	assert_int_equal(counters.requests, 17);
}

static void
a_life_that_cannot_be_read_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum pt_err_kind kind;
	} cases[] = {
	    {"", 0, PT_ERR_DAMAGED},
	    {"\0\1\0\0\0\1\0\0\0\0\0\0\0", 13, PT_ERR_DAMAGED},
	    {"\1\1\0\0\0\1\0\0\0\0\0\0", 12, PT_ERR_DAMAGED},
	    {"\1\1\0\0\0\1\0\0\0\0\0\0\0\0", 14, PT_ERR_DAMAGED},
	    {"\1\1\0\0\0\1\0\0\0\0\0\0\xff", 13, PT_ERR_DAMAGED},
	    {"\2\1\0\0\0\1\0\0\0\0\0\0\0", 13, PT_ERR_NEWER},
	};
	struct store_fixture *f = *state;
	struct store_env *env = &f->store->activity;
	struct pt_life life = {5, 5};
	struct pt_err err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		MDB_val key = {4, (void *)(uintptr_t) "life"};
		MDB_val data = {
		    cases[i].len, (void *)(uintptr_t)cases[i].bytes};
		MDB_txn *txn;

		assert_int_equal(mdb_txn_begin(env->env, NULL, 0, &txn), 0);
		assert_int_equal(
		    mdb_put(txn, env->db[STORE_OTHER], &key, &data, 0), 0);
		assert_int_equal(mdb_txn_commit(txn), 0);
		assert_int_equal(
		    pt_store_get_life(f->store, PT_LIFE_SESSIONS, &life, &err),
		    -1);
		assert_int_equal(err.kind, cases[i].kind);
		assert_int_equal(life.number, 5);
	}
	life.number = 6;
	assert_int_equal(
	    pt_store_put_life(f->store, PT_LIFE_SESSIONS, &life, &err), 0);
	assert_int_equal(
	    pt_store_get_life(f->store, PT_LIFE_SESSIONS, &life, &err), 0);
	assert_int_equal(life.number, 6);
}

/* More life than the file has room for. */
static void
a_full_map_grows_for_counters_too(void **state)
{
	struct store_fixture *f = *state;
	struct pt_counters counters = {.requests = 1};
	struct pt_store_usage usage;
	char name[32];
	struct pt_err err;

	assert_int_equal(
	    mdb_env_set_mapsize(f->store->activity.env, (size_t)64 << 10), 0);
	for (int i = 0; i < 200; i++) {
		(void)snprintf(name, sizeof(name), "program%d", i);
		if (pt_store_put_counters(
			f->store, name, &counters, TEST_NOW, &err) != 0)
			fail_msg("%d: %s", i, err.text);
	}
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_true(usage.activity_map > (uint64_t)64 << 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(the_version_moves_with_each_commit_to_accounts),
	    STORE_TEST(the_version_moves_with_the_commits_of_others),
	    STORE_TEST(the_token_key_belongs_to_the_state),
	    STORE_TEST(the_life_comes_back),
	    STORE_TEST(a_life_that_cannot_be_read_is_refused),
	    STORE_TEST(a_full_map_grows_for_counters_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
