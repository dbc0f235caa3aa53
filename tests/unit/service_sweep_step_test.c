/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Steps of the walk, and what happens between them. */

#include "core/service/sweep.h"

#include "tests/unit/service_sweep.h"
#include "tests/unit/support/store_raw.h"

/* Whoever makes accounts as fast as the walk goes cannot keep it for ever. */
static void
accounts_made_meanwhile_do_not_hold_the_walk_up(void **state)
{
	unsigned n = 2 * PT_SWEEP_STEP;
	unsigned extra = 0;

	(void)state;
	make_many(1000, n);
	begin();
	while (step(TEST_NOW) > 0) {
		make_many(extra, 20); /* before its place */
		extra += 20;
	}
	assert_true(site.sweep.accounts >= n);
	assert_true(site.sweep.accounts <= n + extra);
	/* Behind it, they are met. */
	make_many(900000, 1);
	begin();
	(void)step(TEST_NOW);
	make_many(900001, 1);
	while (step(TEST_NOW) > 0)
		continue;
	assert_int_equal(site.sweep.accounts, n + extra + 2);
}

static void
forget_account(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account_deleted = true;
}

static void
accounts_deleted_meanwhile_are_left_alone(void **state)
{
	(void)state;
	make_many(0, PT_SWEEP_STEP + 40);
	begin();
	(void)step(LATER);
	/* Also the one at the place where it goes on. */
	update("user000255", forget_account, NULL);
	update("user000256", forget_account, NULL);
	update("user000290", forget_account, NULL);
	while (step(LATER) > 0)
		continue;
	assert_int_equal(site.sweep.accounts, PT_SWEEP_STEP + 38);
	assert_int_equal(site.sweep.damaged, 0);
}

static void
damage(const char *name)
{
	struct pt_login login = test_login(name);

	store_raw_put(&site.f->store->accounts, STORE_RECORDS,
	    (MDB_val){login.len, login.text},
	    (MDB_val){2, (void *)(uintptr_t) "\x01\xff"});
}

static void
one_damaged_record_harms_no_other(void **state)
{
	(void)state;
	make("ann", TEST_NOW);
	make("bob", TEST_NOW);
	damage("ann");
	sweep(LATER);
	assert_int_equal(site.sweep.accounts, 2);
	assert_int_equal(site.sweep.damaged, 1);
	assert_int_equal(site.sweep.blocked, 1);
	assert_int_equal(site.reports, 2);
	assert_int_equal(read_account("bob")->block_reason, PT_BLOCK_UNUSED);
}

static void
what_fails_goes_on_where_it_was(void **state)
{
	struct pt_err err;

	(void)state;
	make_many(0, PT_SWEEP_STEP + 10);
	begin();
	(void)step(LATER);
	/* Nothing can be written for a while. */
	site.sweep.store = store_fixture_reopen(site.f, PT_STORE_READ);
	assert_int_equal(
	    pt_sweep_step(&site.sweep, LATER, on_found, &site, &err), -1);
	assert_int_equal(site.sweep.accounts, PT_SWEEP_STEP);
	site.sweep.store = store_fixture_reopen(site.f, PT_STORE_WRITE);
	while (step(LATER) > 0)
		continue;
	assert_int_equal(site.sweep.accounts, PT_SWEEP_STEP + 10);
	assert_int_equal(site.sweep.blocked, PT_SWEEP_STEP + 10);
}

static void
open_session(struct pt_records *records, void *arg)
{
	records->usage->sessions = *(const struct pt_open_sessions *)arg;
	records->usage_changed = true;
}

static void
whoever_is_logged_in_uses_it(void **state)
{
	struct pt_open_sessions sessions = {7, 1};
	struct pt_life life = {7, LATER};
	struct pt_login login = test_login("ann");
	struct pt_update updates = {.login = &login,
	    .usage = true,
	    .fn = open_session,
	    .arg = &sessions};
	struct pt_err err;

	(void)state;
	make("ann", TEST_NOW);
	assert_int_equal(pt_store_update(site.f->store, PT_UPDATE_ACTIVITY,
			     &updates, 1, &err),
	    0);
	assert_int_equal(
	    pt_store_put_life(site.f->store, PT_LIFE_SESSIONS, &life, &err), 0);
	sweep(LATER);
	assert_int_equal(site.sweep.blocked, 0);
	/* policyd is gone, and its count with it. */
	sweep(LATER + PT_LIFE_SECONDS + 1);
	assert_int_equal(site.sweep.blocked, 1);
}

static void
old_history_is_forgotten_unless_it_is_kept_for_ever(void **state)
{
	(void)state;
	configure("history_keep = unlimited", "unused_after = unlimited");
	make_many(0, PT_SWEEP_STEP + 5);
	make("late", LATER);
	assert_int_equal(
	    store_fixture_usage(site.f->store).history, PT_SWEEP_STEP + 6);
	sweep(LATER);
	assert_int_equal(
	    store_fixture_usage(site.f->store).history, PT_SWEEP_STEP + 6);
	configure("history_keep = \"30d\"", "unused_after = unlimited");
	sweep(LATER);
	assert_int_equal(site.sweep.history_deleted, PT_SWEEP_STEP + 5);
	assert_int_equal(store_fixture_usage(site.f->store).history, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SWEEP_TEST(accounts_made_meanwhile_do_not_hold_the_walk_up),
	    SWEEP_TEST(accounts_deleted_meanwhile_are_left_alone),
	    SWEEP_TEST(one_damaged_record_harms_no_other),
	    SWEEP_TEST(what_fails_goes_on_where_it_was),
	    SWEEP_TEST(whoever_is_logged_in_uses_it),
	    SWEEP_TEST(old_history_is_forgotten_unless_it_is_kept_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
