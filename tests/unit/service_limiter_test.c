/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/limiter.h"

#include "tests/unit/support/testing.h"

static void
test_line_is_held_back_for_ten_seconds_and_counted(void **state)
{
	static struct pt_limiter limiter;
	uint64_t suppressed = 99;
	int i;

	(void)state;
	pt_limiter_init(&limiter);
	assert_true(pt_limiter_allow(&limiter, 7, 5000, &suppressed));
	assert_int_equal(suppressed, 0);
	for (i = 0; i < 3; i++)
		assert_false(pt_limiter_allow(&limiter, 7, 14999, &suppressed));
	assert_true(pt_limiter_allow(&limiter, 7, 15000, &suppressed));
	assert_int_equal(suppressed, 3);
	assert_false(pt_limiter_allow(&limiter, 7, 15001, &suppressed));
	assert_true(pt_limiter_allow(&limiter, 7, 90000, &suppressed));
	assert_int_equal(suppressed, 1);
}

static void
test_lines_do_not_hold_each_other_back(void **state)
{
	static struct pt_limiter limiter;
	uint64_t suppressed;
	uint64_t key;

	(void)state;
	pt_limiter_init(&limiter);
	for (key = 0; key < 99; key++)
		assert_true(
		    pt_limiter_allow(&limiter, key * 2, 1000, &suppressed));
	assert_false(pt_limiter_allow(&limiter, 196, 1001, &suppressed));
}

static void
test_table_is_bounded_and_forgets_the_oldest(void **state)
{
	static struct pt_limiter limiter;
	uint64_t suppressed;
	uint64_t i;

	(void)state;
	pt_limiter_init(&limiter);
	/* These keys all fall into one set. */
	for (i = 1; i <= PT_LIMITER_WAYS + 1; i++)
		assert_true(pt_limiter_allow(&limiter, i * PT_LIMITER_SETS,
		    (int64_t)(1000 + i), &suppressed));
	assert_false(
	    pt_limiter_allow(&limiter, 2 * PT_LIMITER_SETS, 1100, &suppressed));
	assert_true(
	    pt_limiter_allow(&limiter, 1 * PT_LIMITER_SETS, 1100, &suppressed));
	assert_int_equal(suppressed, 0);
}

static void
test_lines_of_all_keys_are_bounded_by_the_second(void **state)
{
	static struct pt_limiter limiter;
	uint64_t suppressed;
	uint64_t key;
	unsigned allowed = 0;

	(void)state;
	pt_limiter_init(&limiter);
	for (key = 1; key <= 500; key++)
		allowed += pt_limiter_allow(&limiter, key, 1000, &suppressed);
	assert_int_equal(allowed, PT_LIMITER_A_SECOND);
	assert_int_equal(
	    pt_limiter_take_dropped(&limiter), 500 - PT_LIMITER_A_SECOND);
	assert_int_equal(pt_limiter_take_dropped(&limiter), 0);
	/* What was dropped has had no line yet and may come next. */
	assert_true(pt_limiter_allow(&limiter, 500, 2000, &suppressed));
	assert_false(pt_limiter_allow(&limiter, 1, 2000, &suppressed));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_line_is_held_back_for_ten_seconds_and_counted),
	    cmocka_unit_test(test_lines_do_not_hold_each_other_back),
	    cmocka_unit_test(test_table_is_bounded_and_forgets_the_oldest),
	    cmocka_unit_test(test_lines_of_all_keys_are_bounded_by_the_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
