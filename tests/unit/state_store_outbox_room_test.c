/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The outbox in maps that are too small, and in other states. */

#include <sys/wait.h>
#include <unistd.h>

#include "core/state/store_private.h"
#include "tests/unit/support/outbox_fixture.h"
#include "tests/unit/support/store_fixture.h"

static void
who_only_reads_changes_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct pt_outbox_change change_to;
	struct pt_err err;

	outbox_leave_for(f->store, "ann", TEST_NOW);
	change_to = outbox_change_of(&outbox_look(f->store)->entry[0]);
	change_to.is_done = true;
	for (int i = 0; i < 2; i++) {
		pt_store_close(f->store);
		f->store = store_fixture_open(
		    f, i == 0 ? PT_STORE_READ : PT_STORE_ACTIVITY);
		assert_int_equal(outbox_look(f->store)->count, 1);
		assert_int_equal(
		    pt_store_change_outbox(f->store, &change_to, 1, &err), -1);
		assert_int_equal(err.kind, PT_ERR_INTERNAL);
	}
}

static void
a_full_map_grows_for_the_outbox(void **state)
{
	struct store_fixture *f = *state;
	struct pt_outbox_change change_to;
	struct pt_store_usage usage;
	struct pt_err err;

	assert_int_equal(
	    mdb_env_set_mapsize(f->store->accounts.env, (size_t)64 << 10), 0);
	for (int i = 0; i < 300; i++)
		outbox_leave_for(f->store, "ann", TEST_NOW);
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.outbox, 300);
	assert_true(usage.accounts_map > (uint64_t)64 << 10);
	/* A change copies pages, for which there is no room now. */
	assert_int_equal(mdb_env_set_mapsize(f->store->accounts.env,
			     (size_t)usage.accounts_bytes),
	    0);
	for (unsigned i = 0; i < 50; i++) {
		struct outbox_seen seen = {.max = 1};

		assert_int_equal(
		    pt_store_each_outbox(f->store, outbox_see, &seen, &err), 0);
		change_to = outbox_change_of(&seen.entry[0]);
		change_to.entry.next_at = TEST_NOW + 7200;
		(void)snprintf(change_to.entry.error,
		    sizeof(change_to.entry.error), "%0120d", 0);
		outbox_change(f->store, &change_to);
	}
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_int_equal(usage.outbox, 300);
	assert_true(usage.accounts_map > usage.accounts_bytes);
}

static void
a_map_that_another_has_grown_is_adopted_for_a_change(void **state)
{
	struct store_fixture *f = *state;
	struct pt_outbox_change change_to;
	pid_t child;
	int status;

	outbox_leave_for(f->store, "ann", TEST_NOW - 1);
	change_to = outbox_change_of(&outbox_look(f->store)->entry[0]);
	change_to.is_done = true;
	assert_int_equal(
	    mdb_env_set_mapsize(f->store->accounts.env, (size_t)64 << 10), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct pt_store *store = store_fixture_open(f, PT_STORE_WRITE);

		for (int i = 0; i < 300; i++)
			outbox_leave_for(store, "bob", TEST_NOW);
		pt_store_close(store);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	outbox_change(f->store, &change_to);
	change_to = outbox_change_of(
	    &(struct pt_outbox_entry){.id = 2, .next_at = TEST_NOW});
	change_to.is_done = true;
	outbox_change(f->store, &change_to);
	outbox_leave_for(f->store, "ann", TEST_NOW);
}

static void
a_backup_has_the_outbox(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store *copy;

	outbox_leave_for(f->store, "ann", TEST_NOW);
	copy = store_fixture_backup(f);
	assert_int_equal(outbox_look(copy)->count, 1);
	outbox_leave_for(copy, "bob", TEST_NOW);
	assert_int_equal(outbox_look(copy)->entry[1].id, 2);
	pt_store_close(copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(who_only_reads_changes_nothing),
	    STORE_TEST(a_full_map_grows_for_the_outbox),
	    STORE_TEST(a_map_that_another_has_grown_is_adopted_for_a_change),
	    STORE_TEST(a_backup_has_the_outbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
