/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Blocks and notices that are carried over into accounts, once each. */

#include "tests/unit/service_pending.h"

static void
a_block_is_carried_over_with_its_figures_and_its_notice(void **state)
{
	const struct pt_pending_job *job;

	(void)state;
	make("ann", "free");
	decide("ann",
	    (struct decision){PT_BLOCK_CRACKED, PT_NOTICE_NONE, TEST_NOW - 9});
	job = complete();
	assert_int_equal(site.pending.count, 1);
	assert_int_equal(job->reason, PT_BLOCK_CRACKED);
	assert_int_equal(job->figures.unit, PT_FIGURES_GUESSES);
	assert_int_equal(job->figures.used, 101);
	assert_int_equal(job->notice, PT_NOTICE_BLOCKED);
	assert_true(job->written);
	assert_false(job->hold_queue);
	assert_int_equal(count_outbox(), 1);
	assert_int_equal(count_history(), 2);
	(void)complete();
	assert_int_equal(site.pending.count, 0);
}

static void
a_notice_alone_is_carried_over_too(void **state)
{
	const struct pt_pending_job *job;

	(void)state;
	make("ann", "free");
	decide("ann",
	    (struct decision){PT_BLOCK_NONE, PT_NOTICE_LIMIT_SOON, TEST_NOW});
	job = complete();
	assert_int_equal(site.pending.count, 1);
	assert_int_equal(job->reason, PT_BLOCK_NONE);
	assert_int_equal(job->notice, PT_NOTICE_LIMIT_SOON);
	assert_true(job->written);
	assert_int_equal(count_outbox(), 1);
	(void)complete();
	assert_int_equal(site.pending.count, 0);
}

/* The mark is there again, as for one who died before it was taken away. */
static void
who_dies_between_the_updates_neither_blocks_nor_tells_twice(void **state)
{
	static const struct decision decisions[] = {
	    {PT_BLOCK_CRACKED, PT_NOTICE_NONE, TEST_NOW - 3},
	    {PT_BLOCK_NONE, PT_NOTICE_LIMIT_SOON, TEST_NOW - 3},
	    {PT_BLOCK_QUOTA, PT_NOTICE_PENALTY, TEST_NOW - 3},
	};
	static const char *const names[] = {"ann", "bob", "cyd"};
	unsigned outbox;
	unsigned history;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		make(names[i], "free");
		decide(names[i], decisions[i]);
		(void)complete();
		outbox = count_outbox();
		history = count_history();
		assert_int_equal(outbox, i + 1);
		decide(names[i], decisions[i]);
		(void)complete();
		assert_int_equal(site.pending.count, 1);
		assert_false(site.pending.job[0].written);
		assert_int_equal(count_outbox(), outbox);
		assert_int_equal(count_history(), history);
		(void)complete();
		assert_int_equal(site.pending.count, 0);
	}
}

static void
come_back(struct pt_records *records, void *arg)
{
	const struct pt_external_actor actor = {
	    .who = "test", .note = "", .now = TEST_NOW};

	(void)arg;
	records->account_changed =
	    pt_external_unblock(records->account, &actor, &records->trail);
}

/* The owner was quicker than the restart of who died. */
static void
a_block_that_was_ended_does_not_come_back(void **state)
{
	const struct decision decision = {
	    PT_BLOCK_QUOTA, PT_NOTICE_NONE, TEST_NOW - 3};

	(void)state;
	make("ann", "free");
	decide("ann", decision);
	(void)complete();
	decide("ann", decision);
	run(PT_UPDATE_ACCOUNT, "ann", come_back, NULL);
	assert_int_equal(complete()->reason, PT_BLOCK_NONE);
	assert_int_equal(count_outbox(), 1);
	/* Another decision is another block. */
	decide("ann",
	    (struct decision){PT_BLOCK_QUOTA, PT_NOTICE_NONE, TEST_NOW - 2});
	assert_int_equal(complete()->reason, PT_BLOCK_QUOTA);
	assert_int_equal(count_outbox(), 2);
}

static void
one_login_is_settled_and_no_other(void **state)
{
	const struct decision quota = {
	    PT_BLOCK_QUOTA, PT_NOTICE_NONE, TEST_NOW - 3};

	(void)state;
	make("ann", "free");
	make("bob", "free");
	assert_int_equal(settle("ann", site.orders), 0);
	assert_int_equal(site.pending.count, 0);
	decide("ann", quota);
	decide("bob", quota);
	assert_int_equal(settle("ann", site.orders), 0);
	assert_int_equal(site.pending.job[0].reason, PT_BLOCK_QUOTA);
	assert_int_equal(count_outbox(), 1);
	assert_int_equal(settle("ann", site.orders), 0);
	assert_int_equal(site.pending.count, 0);
	(void)complete();
	assert_int_equal(site.pending.count, 1);
	assert_string_equal(site.pending.job[0].login.text, "bob@example.com");
}

static void
the_keeper_is_known_by_its_life(void **state)
{
	static const struct {
		struct pt_life life;
		bool lives;
	} cases[] = {
	    {{1, TEST_NOW}, true},
	    {{1, TEST_NOW - PT_LIFE_SECONDS}, true},
	    {{1, TEST_NOW - PT_LIFE_SECONDS - 1}, false},
	    {{1, TEST_NOW + PT_LIFE_SECONDS}, true},
	    {{1, TEST_NOW + PT_LIFE_SECONDS + 1}, false},
	    {{1, 0}, false},
	};
	struct pt_store *store = site.f->store;
	struct pt_err err;
	size_t i;

	(void)state;
	assert_false(pt_pending_is_kept(store, TEST_NOW));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(pt_store_put_life(store, PT_LIFE_KEEPER,
				     &cases[i].life, &err),
		    0);
		if (pt_pending_is_kept(store, TEST_NOW) != cases[i].lives)
			fail_msg("case %u", (unsigned)i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PENDING_TEST(
		a_block_is_carried_over_with_its_figures_and_its_notice),
	    PENDING_TEST(a_notice_alone_is_carried_over_too),
	    PENDING_TEST(
		who_dies_between_the_updates_neither_blocks_nor_tells_twice),
	    PENDING_TEST(a_block_that_was_ended_does_not_come_back),
	    PENDING_TEST(one_login_is_settled_and_no_other),
	    PENDING_TEST(the_keeper_is_known_by_its_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
