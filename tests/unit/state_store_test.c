/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/store.h"

#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

static void
lock_account(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->lock.at = TEST_NOW;
	records->account->created_at = TEST_NOW;
	records->account_changed = true;
	records->trail.note.at = TEST_NOW;
	(void)snprintf(
	    records->trail.note.who, sizeof(records->trail.note.who), "test");
	(void)snprintf(
	    records->trail.note.what, sizeof(records->trail.note.what), "lock");
}

static void
delete_both(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account_deleted = true;
	records->activity_deleted = true;
}

static void
test_update_of_unknown_login_starts_from_empty_records(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	uint64_t total = 0;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, store_fixture_count, &total, &err),
	    0);
	assert_int_equal(total, 1);
	assert_int_equal(store_fixture_total(f->store, &login), 1);
}

static void
test_batch_runs_several_of_one_login_in_order(void **state)
{
	struct store_fixture *f = *state;
	struct pt_update updates[PT_BATCH_MAX] = {0};
	struct pt_login alice = test_login("alice@example.com");
	struct pt_login bob = test_login("bob@example.com");
	uint64_t totals[PT_BATCH_MAX];
	struct pt_err err;
	size_t i;

	for (i = 0; i < PT_BATCH_MAX; i++) {
		updates[i].login = i % 3 == 0 ? &alice : &bob;
		updates[i].fn = store_fixture_count;
		updates[i].arg = &totals[i];
	}
	assert_int_equal(pt_store_update(f->store, PT_UPDATE_ACTIVITY, updates,
			     PT_BATCH_MAX, &err),
	    0);
	for (i = 0; i < PT_BATCH_MAX; i++)
		assert_int_equal(totals[i], i % 3 == 0 ? i / 3 + 1 : i - i / 3);
}

/* Of accounts more fit into a batch, so that loading them takes less time. */
static void
test_batch_has_its_limit(void **state)
{
	static const struct {
		enum pt_update_scope scope;
		size_t max;
	} cases[] = {
	    {PT_UPDATE_ACTIVITY, PT_BATCH_MAX},
	    {PT_UPDATE_ACCOUNT, PT_BULK_MAX},
	};
	static struct pt_update updates[PT_BULK_MAX + 1];
	static uint64_t totals[PT_BULK_MAX + 1];
	struct store_fixture *f = *state;
	struct pt_login logins[2] = {test_login("alice"), test_login("bob")};
	struct pt_err err;
	uint64_t sum = 0;

	for (size_t i = 0; i < PT_BULK_MAX + 1; i++)
		updates[i] = (struct pt_update){
		    .login = &logins[i % 2],
		    .fn = store_fixture_count,
		    .arg = &totals[i],
		};
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(pt_store_update(f->store, cases[i].scope,
				     updates, cases[i].max + 1, &err),
		    -1);
		assert_int_equal(err.kind, PT_ERR_INTERNAL);
		assert_int_equal(pt_store_update(f->store, cases[i].scope,
				     updates, cases[i].max, &err),
		    0);
		sum += cases[i].max / 2;
		for (size_t j = 0; j < cases[i].max; j++)
			assert_int_equal(
			    totals[j], sum - cases[i].max / 2 + j / 2 + 1);
	}
}

static void
test_activity_update_cannot_change_an_account(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	struct pt_account account;
	struct pt_activity activity;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACTIVITY,
			     &login, lock_account, NULL, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_INTERNAL);
	assert_int_equal(
	    pt_store_read(f->store, &login, &account, &activity, NULL, &err),
	    0);
	assert_int_equal(account.lock.at, 0);
}

static bool
count_history(const struct pt_history *entry, void *arg)
{
	unsigned *n = arg;

	assert_string_equal(entry->note.what, "lock");
	assert_string_equal(entry->note.who, "test");
	(*n)++;
	return true;
}

static void
test_account_change_stands_with_its_history(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login alice = test_login("alice@example.com");
	struct pt_login other = test_login("alic@example.com");
	struct pt_account account;
	struct pt_activity activity;
	struct pt_err err;
	unsigned n = 0;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &alice, lock_account, NULL, &err),
	    0);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &other, lock_account, NULL, &err),
	    0);
	pt_store_close(f->store);
	f->store = store_fixture_open(f, PT_STORE_READ);
	assert_int_equal(
	    pt_store_read(f->store, &alice, &account, &activity, NULL, &err),
	    0);
	assert_true(account.exists);
	assert_int_equal(account.lock.at, TEST_NOW);
	assert_int_equal(
	    pt_store_each_history(f->store, &alice, count_history, &n, &err),
	    0);
	assert_int_equal(n, 1);
	assert_int_equal(
	    pt_store_each_history(f->store, NULL, count_history, &n, &err), 0);
	assert_int_equal(n, 3);
}

static void
lock_with_a_forged_note(struct pt_records *records, void *arg)
{
	lock_account(records, arg);
	(void)snprintf(records->trail.note.detail,
	    sizeof(records->trail.note.detail), "two\nlines");
}

static void
test_text_that_cannot_be_stored_changes_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	struct pt_account account;
	struct pt_activity activity;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, lock_with_a_forged_note, NULL, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_INPUT);
	assert_int_equal(
	    pt_store_read(f->store, &login, &account, &activity, NULL, &err),
	    0);
	assert_false(account.exists);
}

static void
test_delete_leaves_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	struct pt_store_usage usage;
	struct pt_err err;

	store_fixture_count_for(f->store, "alice@example.com");
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, lock_account, NULL, &err),
	    0);
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, delete_both, NULL, &err),
	    0);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.accounts, 0);
	assert_int_equal(usage.activities, 0);
}

static void
test_logins_with_one_key_are_kept_apart(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login;
	char name[32];
	struct pt_err err;
	int i;
	int round;

	f->store->key_mask = 0; /* every login hashes to 0 */
	for (round = 1; round <= 3; round++) {
		for (i = 0; i < 10; i++) {
			(void)snprintf(
			    name, sizeof(name), "u%d@example.com", i);
			store_fixture_count_for(f->store, name);
			login = test_login(name);
			assert_int_equal(
			    store_fixture_total(f->store, &login), round);
		}
	}
	/* Deleting one in the middle must not hide those behind it. */
	login = test_login("u4@example.com");
	assert_int_equal(pt_store_update_one(f->store, PT_UPDATE_ACCOUNT,
			     &login, delete_both, NULL, &err),
	    0);
	assert_int_equal(store_fixture_total(f->store, &login), 0);
	login = test_login("u9@example.com");
	assert_int_equal(store_fixture_total(f->store, &login), 3);
}

static void
test_open_without_state_names_the_remedy(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store *store;
	struct pt_err err;
	char dir[320];

	(void)snprintf(dir, sizeof(dir), "%s/none", f->dir);
	assert_int_equal(pt_store_open(dir, PT_STORE_WRITE, &store, &err), -1);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
	assert_non_null(strstr(err.text, "posternctl init"));
}

static void
test_backup_is_a_state_of_its_own(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login login = test_login("alice@example.com");
	struct pt_store *copy;
	struct pt_err err;
	char dir[320];

	store_fixture_count_for(f->store, "alice@example.com");
	(void)snprintf(dir, sizeof(dir), "%s/backup", f->dir);
	assert_int_equal(pt_store_backup(f->store, dir, &err), 0);
	store_fixture_count_for(f->store, "alice@example.com");
	assert_int_equal(pt_store_open(dir, PT_STORE_WRITE, &copy, &err), 0);
	assert_int_equal(store_fixture_total(copy, &login), 1);
	pt_store_close(copy);
	/* A second one into the same place would mix two moments. */
	assert_int_equal(pt_store_backup(f->store, dir, &err), -1);
}

static void
test_counters_come_back(void **state)
{
	struct store_fixture *f = *state;
	struct pt_counters counters;
	struct pt_counters again;
	struct pt_err err;

	assert_int_equal(
	    pt_store_get_counters(f->store, "policyd", &counters, &err), 0);
	assert_int_equal(counters.requests, 0);
	counters.requests = 17;
	counters.refused[2] = UINT64_MAX;
	assert_int_equal(pt_store_put_counters(
			     f->store, "policyd", &counters, TEST_NOW, &err),
	    0);
	assert_int_equal(
	    pt_store_get_counters(f->store, "policyd", &again, &err), 0);
	assert_memory_equal(&again, &counters, sizeof(again));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(test_update_of_unknown_login_starts_from_empty_records),
	    STORE_TEST(test_batch_runs_several_of_one_login_in_order),
	    STORE_TEST(test_batch_has_its_limit),
	    STORE_TEST(test_activity_update_cannot_change_an_account),
	    STORE_TEST(test_account_change_stands_with_its_history),
	    STORE_TEST(test_text_that_cannot_be_stored_changes_nothing),
	    STORE_TEST(test_delete_leaves_nothing),
	    STORE_TEST(test_logins_with_one_key_are_kept_apart),
	    STORE_TEST(test_open_without_state_names_the_remedy),
	    STORE_TEST(test_backup_is_a_state_of_its_own),
	    STORE_TEST(test_counters_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
