/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/rules_quota.h"

static struct pt_verdict
send_one(uint32_t hash, uint64_t recipients, uint64_t size, int64_t now)
{
	struct pt_charge charge = {
	    .hash = hash,
	    .amount = {1, recipients, size},
	};

	return pt_quota_charge(&plan, &account, &activity, &charge, now);
}

static void
test_sixth_message_of_a_minute_waits_until_the_first_leaves(void **state)
{
	struct pt_verdict verdict;
	uint32_t i;

	(void)state;
	add_window(&plan.messages, 5, 60);
	add_window(&plan.messages, 15, 3600);
	for (i = 0; i < 5; i++) {
		verdict = send_one(i, 1, 1000, TEST_NOW + i);
		assert_int_equal(verdict.code, PT_VERDICT_PERMIT);
	}
	verdict = send_one(5, 1, 1000, TEST_NOW + 10);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.reason, PT_REASON_QUOTA);
	assert_int_equal(verdict.used, 5);
	assert_int_equal(verdict.limit, 5);
	assert_int_equal(verdict.seconds, 60);
	assert_int_equal(verdict.until, TEST_NOW + 61);
	verdict = send_one(5, 1, 1000, verdict.until - 1);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	verdict = send_one(5, 1, 1000, TEST_NOW + 61);
	assert_int_equal(verdict.code, PT_VERDICT_PERMIT);
}

static void
test_of_two_full_windows_the_later_one_is_named(void **state)
{
	struct pt_verdict verdict;
	uint32_t i;

	(void)state;
	add_window(&plan.messages, 2, 60);
	add_window(&plan.messages, 3, 3600);
	for (i = 0; i < 3; i++)
		(void)send_one(i, 1, 1, TEST_NOW + 61 * (int64_t)i);
	(void)send_one(3, 1, 1, TEST_NOW + 122);
	verdict = send_one(4, 1, 1, TEST_NOW + 123);
	assert_int_equal(verdict.seconds, 3600);
	assert_int_equal(verdict.until, TEST_NOW + 3601);
}

static void
test_refused_message_costs_nothing_in_any_window(void **state)
{
	(void)state;
	add_window(&plan.messages, 100, 3600);
	add_window(&plan.recipients, 10, 3600);
	assert_int_equal(send_one(1, 8, 1, TEST_NOW).code, PT_VERDICT_PERMIT);
	assert_int_equal(send_one(2, 3, 1, TEST_NOW).code, PT_VERDICT_DEFER);
	assert_int_equal(activity.log[PT_COUNT_MESSAGES].entry[0].amount, 1);
	assert_int_equal(activity.total[PT_COUNT_MESSAGES], 1);
	assert_int_equal(activity.recent_count, 1);
	assert_int_equal(send_one(3, 2, 1, TEST_NOW).code, PT_VERDICT_PERMIT);
}

static void
test_repeated_request_is_charged_once(void **state)
{
	struct pt_verdict verdict;

	(void)state;
	add_window(&plan.messages, 1, 3600);
	assert_int_equal(send_one(7, 1, 1, TEST_NOW).code, PT_VERDICT_PERMIT);
	verdict = send_one(7, 1, 1, TEST_NOW + PT_RECENT_SECONDS);
	assert_int_equal(verdict.code, PT_VERDICT_PERMIT);
	assert_true(verdict.repeated);
	assert_int_equal(activity.total[PT_COUNT_MESSAGES], 1);
	/* A queue id may come again another day. */
	verdict = send_one(7, 1, 1, TEST_NOW + PT_RECENT_SECONDS + 1);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
}

static void
test_message_larger_than_a_window_is_refused_for_good(void **state)
{
	struct pt_verdict verdict;

	(void)state;
	add_window(&plan.messages, 5, 60);
	add_window(&plan.recipients, 100, 86400);
	verdict = send_one(1, 101, 1, TEST_NOW);
	assert_int_equal(verdict.code, PT_VERDICT_REFUSE);
	assert_int_equal(verdict.reason, PT_REASON_QUOTA_NEVER);
	assert_int_equal(verdict.amount, 101);
	assert_int_equal(verdict.limit, 100);
	assert_int_equal(verdict.counted, PT_COUNT_RECIPIENTS);
}

static void
test_look_charges_nothing(void **state)
{
	struct pt_charge charge = {.hash = 1, .amount = {1, 1, 1}};
	struct pt_verdict verdict;
	int i;

	(void)state;
	add_window(&plan.messages, 1, 60);
	for (i = 0; i < 10; i++) {
		verdict = pt_quota_look(
		    &plan, &account, &activity, &charge, TEST_NOW);
		assert_int_equal(verdict.code, PT_VERDICT_PERMIT);
	}
	assert_int_equal(activity.log[PT_COUNT_MESSAGES].count, 0);
	assert_int_equal(activity.recent_count, 0);
}

static void
test_no_windows_means_no_limit_but_totals_go_on(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		assert_int_equal(
		    send_one(i, 3, 10, TEST_NOW).code, PT_VERDICT_PERMIT);
	assert_int_equal(activity.total[PT_COUNT_MESSAGES], 1000);
	assert_int_equal(activity.total[PT_COUNT_RECIPIENTS], 3000);
	assert_int_equal(activity.total[PT_COUNT_BYTES], 10000);
	assert_int_equal(activity.log[PT_COUNT_MESSAGES].count, 0);
	assert_int_equal(activity.last_sent_at, TEST_NOW);
}

static void
test_grant_lets_exactly_so_many_more_pass(void **state)
{
	uint32_t hash = 0;
	unsigned passed = 0;

	(void)state;
	add_window(&plan.messages, 5, 3600);
	account.grant.amount = 3;
	account.grant.until = TEST_NOW + 100;
	account.grant.id = 1;
	while (hash < 20) {
		if (send_one(hash++, 1, 1, TEST_NOW).code == PT_VERDICT_PERMIT)
			passed++;
	}
	assert_int_equal(passed, 8);
	assert_int_equal(pt_quota_grant_left(&account, &activity, TEST_NOW), 0);
	/* The windows themselves never held more than their limit. */
	assert_int_equal(activity.log[PT_COUNT_MESSAGES].entry[0].amount, 5);
	/* A new grant is counted anew. */
	account.grant.id = 2;
	assert_int_equal(pt_quota_grant_left(&account, &activity, TEST_NOW), 3);
	assert_int_equal(
	    send_one(hash, 1, 1, TEST_NOW).code, PT_VERDICT_PERMIT);
	assert_int_equal(pt_quota_grant_left(&account, &activity, TEST_NOW), 2);
}

static void
test_grant_ends_at_its_time(void **state)
{
	(void)state;
	add_window(&plan.messages, 0, 3600);
	account.grant.amount = 3;
	account.grant.until = TEST_NOW + 100;
	account.grant.id = 1;
	assert_int_equal(
	    send_one(1, 1, 1, TEST_NOW + 99).code, PT_VERDICT_PERMIT);
	assert_int_equal(
	    send_one(2, 1, 1, TEST_NOW + 100).code, PT_VERDICT_REFUSE);
}

static void
test_clock_set_back_locks_nobody_out(void **state)
{
	struct pt_verdict verdict;
	uint32_t i;
	int64_t now;

	(void)state;
	add_window(&plan.messages, 5, 60);
	for (i = 0; i < 5; i++)
		(void)send_one(i, 1, 1, TEST_NOW);
	now = TEST_NOW - 86400;
	assert_true(pt_activity_settle(&activity, now));
	verdict = send_one(9, 1, 1, now);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.until, now + 61);
	assert_false(pt_activity_settle(&activity, now + 61));
	assert_int_equal(send_one(9, 1, 1, now + 61).code, PT_VERDICT_PERMIT);
}

static void
test_hashes_of_queue_ids_differ(void **state)
{
	static const char *const ids[] = {"4ZQ1Xy0B7Nz9sQw", "4ZQ1Xy0B7Nz9sQx",
	    "5ZQ1Xy0B7Nz9sQw", "", "0", "1", "00"};
	size_t i;
	size_t j;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(ids); i++) {
		for (j = 0; j < i; j++)
			assert_int_not_equal(
			    pt_charge_hash(ids[i], strlen(ids[i])),
			    pt_charge_hash(ids[j], strlen(ids[j])));
	}
}

#define QUOTA_TEST(fn) cmocka_unit_test_setup(fn, start_anew)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    QUOTA_TEST(
		test_sixth_message_of_a_minute_waits_until_the_first_leaves),
	    QUOTA_TEST(test_of_two_full_windows_the_later_one_is_named),
	    QUOTA_TEST(test_refused_message_costs_nothing_in_any_window),
	    QUOTA_TEST(test_repeated_request_is_charged_once),
	    QUOTA_TEST(test_message_larger_than_a_window_is_refused_for_good),
	    QUOTA_TEST(test_look_charges_nothing),
	    QUOTA_TEST(test_no_windows_means_no_limit_but_totals_go_on),
	    QUOTA_TEST(test_grant_lets_exactly_so_many_more_pass),
	    QUOTA_TEST(test_grant_ends_at_its_time),
	    QUOTA_TEST(test_clock_set_back_locks_nobody_out),
	    QUOTA_TEST(test_hashes_of_queue_ids_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
