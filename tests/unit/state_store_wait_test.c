/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Who waits for the disk. */
#define _DEFAULT_SOURCE /* syscall() */

#include "tests/unit/support/store_fixture.h"
#include "tests/unit/support/sync_watch.h"

static void
touch_account(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->created_at = TEST_NOW;
	records->account_changed = true;
	records->trail.note.at = TEST_NOW;
	(void)snprintf(
	    records->trail.note.what, sizeof(records->trail.note.what), "set");
}

static void
nobody_waits_for_the_disk_of_accounts(void **state)
{
	struct store_fixture *f = *state;
	struct pt_login ann = test_login("ann@example.com");
	struct pt_login bob = test_login("bob@example.com");
	struct pt_update updates[2] = {
	    {.login = &ann, .usage = true, .fn = touch_account},
	    {.login = &bob, .fn = touch_account},
	};
	struct pt_account account;
	struct pt_err err;

	sync_watch_begin(f->state);
	assert_int_equal(
	    pt_store_update(f->store, PT_UPDATE_ACCOUNT, updates, 2, &err), 0);
	sync_watch_end();
	assert_int_equal(store_fixture_total(f->store, &bob), other.answered);
	assert_int_equal(
	    pt_store_read(f->store, &ann, &account, NULL, NULL, &err), 0);
	assert_int_equal(account.created_at, TEST_NOW);
}

static void
a_change_of_activity_syncs_nothing(void **state)
{
	struct store_fixture *f = *state;

	other.syncs = 0;
	other.ask = -1;
	other.is_watched = true;
	store_fixture_count_for(f->store, "ann");
	store_fixture_use_for(f->store, "ann");
	other.is_watched = false;
	assert_int_equal(other.syncs, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(nobody_waits_for_the_disk_of_accounts),
	    STORE_TEST(a_change_of_activity_syncs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
