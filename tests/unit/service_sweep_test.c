/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the walk through all accounts does to them. */

#include "core/service/sweep.h"

#include "tests/unit/service_sweep.h"

static void
an_empty_state_is_swept_at_once(void **state)
{
	(void)state;
	sweep(TEST_NOW);
	assert_int_equal(site.sweep.accounts, 0);
	assert_int_equal(site.reports, 0);
	assert_in_range(site.steps, 1, 4);
}

static void
a_step_looks_at_so_many_accounts_and_no_more(void **state)
{
	uint64_t before = 0;

	(void)state;
	make_many(0, 3 * PT_SWEEP_STEP + 7);
	begin();
	while (step(TEST_NOW) > 0) {
		assert_true(site.sweep.accounts - before <= PT_SWEEP_STEP);
		before = site.sweep.accounts;
	}
	assert_int_equal(site.sweep.accounts, 3 * PT_SWEEP_STEP + 7);
	assert_int_equal(site.reports, 0);
	assert_in_range(site.steps, 4, 10); /* and those of history */
}

static void
what_is_not_used_ends_and_what_is_stays(void **state)
{
	int64_t lately = LATER - DAY;

	(void)state;
	make("ann", TEST_NOW);
	update("bob", enable, &lately);
	sweep(LATER);
	assert_int_equal(site.sweep.accounts, 2);
	assert_int_equal(site.sweep.blocked, 1);
	assert_int_equal(site.reports, 1);
	assert_string_equal(site.last_login, "ann@example.com");
	assert_int_equal(site.last.what, PT_IDLE_BLOCKED);
	assert_int_equal(site.last.figures.seconds, 60 * DAY);
	assert_int_equal(read_account("ann")->block_reason, PT_BLOCK_UNUSED);
	assert_int_equal(read_account("bob")->block_reason, PT_BLOCK_NONE);
	sweep(LATER);
	assert_int_equal(site.reports, 0);
}

static void
the_owner_is_told_first_where_notices_are_sent(void **state)
{
	struct pt_store_usage usage;
	struct pt_err err;

	(void)state;
	configure("notice { from = \"postmaster@example.com\" }", UNUSED);
	make("ann", TEST_NOW);
	sweep(LATER);
	assert_int_equal(site.sweep.told, 1);
	assert_int_equal(site.sweep.blocked, 0);
	assert_int_equal(site.last.what, PT_IDLE_TOLD);
	assert_true(site.last.until == LATER + PT_IDLE_TELL_SECONDS);
	assert_int_equal(pt_store_usage(site.f->store, &usage, &err), 0);
	assert_int_equal(usage.outbox, 1);
	sweep(LATER + DAY);
	assert_int_equal(site.reports, 0);
	sweep(LATER + PT_IDLE_TELL_SECONDS);
	assert_int_equal(site.sweep.blocked, 1);
	assert_int_equal(pt_store_usage(site.f->store, &usage, &err), 0);
	assert_int_equal(usage.outbox, 2);
}

static void
more_than_a_transaction_holds_is_changed_in_several(void **state)
{
	unsigned n = 2 * PT_SWEEP_STEP + 3;

	(void)state;
	make_many(0, n);
	sweep(LATER);
	assert_int_equal(site.sweep.accounts, n);
	assert_int_equal(site.sweep.blocked, n);
	assert_int_equal(site.reports, n);
	assert_int_equal(
	    read_account("user000000")->block_reason, PT_BLOCK_UNUSED);
	assert_int_equal(
	    read_account("user000514")->block_reason, PT_BLOCK_UNUSED);
}

static void
a_trial_only_tells(void **state)
{
	uint64_t before;
	uint64_t after;
	struct pt_err err;

	(void)state;
	make("ann", TEST_NOW);
	assert_int_equal(
	    pt_store_accounts_version(site.f->store, &before, &err), 0);
	begin();
	site.sweep.dry_run = true;
	while (step(LATER) > 0)
		continue;
	assert_int_equal(site.sweep.blocked, 1);
	assert_int_equal(site.last.what, PT_IDLE_BLOCKED);
	assert_int_equal(
	    pt_store_accounts_version(site.f->store, &after, &err), 0);
	assert_true(before == after);
}

static void
what_is_only_observed_is_counted_and_not_written(void **state)
{
	uint64_t before;
	uint64_t after;
	struct pt_err err;

	(void)state;
	configure("", UNUSED " observe = { \"unused_after\" }");
	make("ann", TEST_NOW);
	assert_int_equal(
	    pt_store_accounts_version(site.f->store, &before, &err), 0);
	sweep(LATER);
	assert_int_equal(site.sweep.would, 1);
	assert_int_equal(site.last.what, PT_IDLE_WOULD);
	assert_int_equal(
	    pt_store_accounts_version(site.f->store, &after, &err), 0);
	assert_true(before == after);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SWEEP_TEST(an_empty_state_is_swept_at_once),
	    SWEEP_TEST(a_step_looks_at_so_many_accounts_and_no_more),
	    SWEEP_TEST(what_is_not_used_ends_and_what_is_stays),
	    SWEEP_TEST(the_owner_is_told_first_where_notices_are_sent),
	    SWEEP_TEST(more_than_a_transaction_holds_is_changed_in_several),
	    SWEEP_TEST(a_trial_only_tells),
	    SWEEP_TEST(what_is_only_observed_is_counted_and_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
