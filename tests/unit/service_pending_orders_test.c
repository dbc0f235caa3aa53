/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What is carried over orders mail to be held, where a plan says so. */

#include "tests/unit/service_pending.h"

static void
mail_of_a_cracked_account_is_ordered_to_be_held_at_least_once(void **state)
{
	const struct decision cracked = {
	    PT_BLOCK_CRACKED, PT_NOTICE_NONE, TEST_NOW - 3};
	const struct decision quota = {
	    PT_BLOCK_QUOTA, PT_NOTICE_NONE, TEST_NOW - 3};
	size_t line = strlen("ann@example.com\n");

	(void)state;
	make("bob", "held");
	decide("bob", quota);
	assert_false(complete()->hold_queue);
	assert_int_equal(size_of_orders(), 0);
	make("ann", "held");
	decide("ann", cracked);
	assert_true(complete()->hold_queue);
	assert_int_equal(size_of_orders(), line);
	/* Who died after it left the mark; twice does no harm. */
	decide("ann", cracked);
	assert_true(complete()->hold_queue);
	assert_false(site.pending.job[0].written);
	assert_int_equal(size_of_orders(), 2 * line);
}

/* Also after one who died between the block and the order. */
static void
an_order_is_left_to_who_may_give_it(void **state)
{
	const struct decision cracked = {
	    PT_BLOCK_CRACKED, PT_NOTICE_NONE, TEST_NOW - 3};
	size_t line = strlen("ann@example.com\n");

	(void)state;
	make("ann", "held");
	decide("ann", cracked);
	assert_int_equal(settle("ann", NULL), 0);
	assert_int_equal(site.pending.job[0].reason, PT_BLOCK_CRACKED);
	assert_false(site.pending.job[0].hold_queue);
	assert_int_equal(settle("ann", site.orders), 0);
	assert_false(site.pending.job[0].written);
	assert_true(site.pending.job[0].hold_queue);
	assert_int_equal(size_of_orders(), line);
	assert_int_equal(count_outbox(), 1);
	(void)complete();
	assert_int_equal(site.pending.count, 0);
	assert_int_equal(size_of_orders(), line);
}

static void
an_order_that_cannot_be_given_is_told_and_the_block_stands(void **state)
{
	const struct decision cracked = {
	    PT_BLOCK_CRACKED, PT_NOTICE_NONE, TEST_NOW - 3};

	(void)state;
	(void)snprintf(
	    site.orders, sizeof(site.orders), "%s/none/orders", site.f->dir);
	make("ann", "held");
	decide("ann", cracked);
	assert_int_equal(complete()->reason, PT_BLOCK_CRACKED);
	assert_true(site.pending.order_failed);
	assert_non_null(strstr(site.pending.order_err.text, "none/orders"));
	assert_false(site.pending.job[0].hold_queue);
	(void)complete();
	assert_int_equal(site.pending.count, 0);
	assert_false(site.pending.order_failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PENDING_TEST(
		mail_of_a_cracked_account_is_ordered_to_be_held_at_least_once),
	    PENDING_TEST(an_order_is_left_to_who_may_give_it),
	    PENDING_TEST(
		an_order_that_cannot_be_given_is_told_and_the_block_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
