/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Charges that are taken back. */

#include "core/rules/window.h"
#include "tests/unit/rules_quota.h"
#include "tests/unit/support/random_activity.h"

static bool
charge(struct pt_activity *to, uint32_t hash, uint64_t recipients,
    uint64_t size, int64_t now)
{
	struct pt_charge charge = {
	    .hash = hash,
	    .amount = {1, recipients, size},
	};
	struct pt_verdict verdict =
	    pt_quota_charge(&plan, &account, to, &charge, now);

	return verdict.code == PT_VERDICT_PERMIT && !verdict.repeated;
}

static void
check_totals(uint64_t messages, uint64_t recipients, uint64_t bytes)
{
	assert_int_equal(activity.total[PT_COUNT_MESSAGES], messages);
	assert_int_equal(activity.total[PT_COUNT_RECIPIENTS], recipients);
	assert_int_equal(activity.total[PT_COUNT_BYTES], bytes);
}

static void
test_refund_takes_back_all_that_was_charged(void **state)
{
	(void)state;
	add_window(&plan.messages, 2, 60);
	add_window(&plan.recipients, 10, 3600);
	add_window(&plan.bytes, 5000, 3600);
	assert_true(charge(&activity, 1, 3, 1000, TEST_NOW));
	assert_true(charge(&activity, 2, 4, 2000, TEST_NOW + 1));
	assert_false(charge(&activity, 3, 1, 1, TEST_NOW + 2));
	assert_true(pt_quota_refund(&activity, 1, TEST_NOW + 2));
	check_totals(1, 4, 2000);
	for (int i = 0; i < PT_COUNTED; i++)
		assert_int_equal(activity.log[i].count, 1);
	assert_true(charge(&activity, 3, 6, 3000, TEST_NOW + 2));
	check_totals(2, 10, 5000);
	/* The account was used, whatever became of its message. */
	assert_true(pt_quota_refund(&activity, 3, TEST_NOW + 2));
	assert_int_equal(activity.last_sent_at, TEST_NOW + 2);
}

static void
test_refunded_message_is_charged_anew(void **state)
{
	(void)state;
	add_window(&plan.messages, 5, 3600);
	assert_true(charge(&activity, 1, 1, 1, TEST_NOW));
	assert_true(charge(&activity, 2, 1, 1, TEST_NOW));
	assert_true(pt_quota_refund(&activity, 1, TEST_NOW));
	assert_int_equal(activity.recent_count, 1);
	assert_int_equal(activity.recent[0].hash, 2);
	assert_false(charge(&activity, 2, 1, 1, TEST_NOW));
	assert_true(charge(&activity, 1, 1, 1, TEST_NOW));
	check_totals(2, 2, 2);
}

static void
test_what_was_not_charged_is_not_refunded(void **state)
{
	struct pt_activity before;

	(void)state;
	add_window(&plan.messages, 5, 3600);
	assert_false(pt_quota_refund(&activity, 1, TEST_NOW));
	assert_true(charge(&activity, 1, 1, 1, TEST_NOW));
	before = activity;
	assert_false(pt_quota_refund(&activity, 2, TEST_NOW));
	assert_false(
	    pt_quota_refund(&activity, 1, TEST_NOW + PT_RECENT_SECONDS + 1));
	assert_true(is_same_activity(&before, &activity));
	assert_true(
	    pt_quota_refund(&activity, 1, TEST_NOW + PT_RECENT_SECONDS));
	assert_false(pt_quota_refund(&activity, 1, TEST_NOW));
	check_totals(0, 0, 0);
}

static void
test_message_that_passed_on_a_grant_gives_it_back(void **state)
{
	(void)state;
	add_window(&plan.messages, 1, 3600);
	account.grant.amount = 1;
	account.grant.until = TEST_NOW + 100;
	account.grant.id = 1;
	assert_true(charge(&activity, 1, 1, 7, TEST_NOW));
	assert_true(charge(&activity, 2, 1, 7, TEST_NOW));
	assert_false(charge(&activity, 3, 1, 7, TEST_NOW));
	assert_true(pt_quota_refund(&activity, 2, TEST_NOW));
	/* The window keeps what did not pass on the grant. */
	assert_int_equal(activity.log[PT_COUNT_MESSAGES].entry[0].amount, 1);
	assert_int_equal(pt_quota_grant_left(&account, &activity, TEST_NOW), 1);
	check_totals(1, 1, 7);
	assert_true(charge(&activity, 3, 1, 7, TEST_NOW));
	assert_int_equal(pt_quota_grant_left(&account, &activity, TEST_NOW), 0);
}

static void
test_charge_of_an_older_postern_gives_back_a_message(void **state)
{
	(void)state;
	add_window(&plan.messages, 5, 3600);
	assert_true(charge(&activity, 1, 3, 1000, TEST_NOW));
	activity.recent[0].recipients = 0;
	activity.recent[0].bytes = 0;
	assert_true(pt_quota_refund(&activity, 1, TEST_NOW));
	assert_int_equal(activity.log[PT_COUNT_MESSAGES].count, 0);
	check_totals(0, 3, 1000);
}

static void
test_clock_set_back_refunds_all_the_same(void **state)
{
	(void)state;
	add_window(&plan.messages, 5, 3600);
	assert_true(charge(&activity, 1, 1, 1, TEST_NOW));
	assert_true(charge(&activity, 2, 1, 1, TEST_NOW + 9));
	(void)pt_activity_settle(&activity, TEST_NOW - 86400);
	assert_true(pt_quota_refund(&activity, 1, TEST_NOW - 86400));
	assert_int_equal(activity.log[PT_COUNT_MESSAGES].count, 1);
	assert_int_equal(activity.log[PT_COUNT_MESSAGES].entry[0].amount, 1);
}

/*
 * Random schedules of charges and refunds against a memory of every message
 * that passed and was not taken back.
 */
#define PASSED_MAX 1200

struct passed {
	int64_t at;
	uint64_t amount[PT_COUNTED];
	bool refunded;
};

static struct passed passed[PASSED_MAX];

static void
random_plan(uint64_t *random)
{
	static const int64_t units[] = {1, 60, 3600};
	int64_t seconds;

	memset(&plan, 0, sizeof(plan));
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		struct pt_windows *windows = i == 0   ? &plan.messages
					     : i == 1 ? &plan.recipients
						      : &plan.bytes;

		seconds = 0;
		for (unsigned n = 0; n < 3; n++) {
			seconds += units[n] *
				   (1 + (int64_t)test_random_below(random, 30));
			if (test_random_below(random, 3) > 0)
				add_window(windows,
				    (n + 1) *
					(1 + test_random_below(random, 40)),
				    seconds);
		}
	}
}

static void
check_windows(unsigned count, int64_t now)
{
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		const struct pt_windows *windows =
		    pt_quota_windows(&plan, (enum pt_counted)i);

		for (size_t w = 0; w < windows->count; w++) {
			int64_t since = now - windows->at[w].seconds;
			uint64_t sum = 0;

			for (unsigned n = count; n-- > 0;) {
				if (passed[n].at < since)
					break;
				if (!passed[n].refunded)
					sum += passed[n].amount[i];
			}
			assert_true(sum <= windows->at[w].limit);
		}
	}
}

static void
refund_one_of(unsigned count, uint64_t *random, int64_t now)
{
	unsigned back = (unsigned)test_random_below(random, 8);
	struct passed *one;
	bool refunded;

	if (back >= count)
		return;
	one = &passed[count - 1 - back];
	refunded = pt_quota_refund(&activity, count - 1 - back, now);
	assert_int_equal(
	    refunded, !one->refunded && now - one->at <= PT_RECENT_SECONDS);
	one->refunded = one->refunded || refunded;
}

static void
test_no_window_admits_too_much_whatever_is_refunded(void **state)
{
	uint64_t random = 20261122;

	(void)state;
	for (unsigned schedule = 0; schedule < 300; schedule++) {
		int64_t now = TEST_NOW;
		unsigned count = 0;

		(void)start_anew(NULL);
		random_plan(&random);
		for (unsigned i = 0; i < PASSED_MAX; i++) {
			uint64_t pause = schedule % 3 == 0 ? 400 : 40;
			struct passed *one = &passed[count];

			now += (int64_t)test_random_below(&random, pause);
			one->at = now;
			one->refunded = false;
			one->amount[0] = 1;
			one->amount[1] = 1 + test_random_below(&random, 4);
			one->amount[2] = test_random_below(&random, 9);
			if (charge(&activity, count, one->amount[1],
				one->amount[2], now))
				count++;
			if (test_random_below(&random, 3) == 0)
				refund_one_of(count, &random, now);
			check_windows(count, now);
		}
	}
}

/* Do all windows say the same, now and for as long as they last? */
static void
check_twins(const struct pt_activity *twin, int64_t now)
{
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		const struct pt_windows *windows =
		    pt_quota_windows(&plan, (enum pt_counted)i);

		assert_int_equal(activity.total[i], twin->total[i]);
		for (size_t w = 0; w < windows->count; w++) {
			const struct pt_window *window = &windows->at[w];

			assert_int_equal(pt_window_used(&activity.log[i],
					     window->seconds, now),
			    pt_window_used(
				&twin->log[i], window->seconds, now));
			for (uint64_t n = 0; n <= window->limit; n++)
				assert_int_equal(
				    pt_window_free_at(
					&activity.log[i], window, n, now),
				    pt_window_free_at(
					&twin->log[i], window, n, now));
		}
	}
}

/*
 * One of the messages is charged and taken back later; the twin never had it.
 * So few that nothing is joined.
 */
static void
test_windows_say_what_they_said_without_the_charge(void **state)
{
	static struct pt_activity twin;
	uint64_t random = 4;

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		unsigned n = 1 + (unsigned)test_random_below(&random, 30);
		unsigned taken = (unsigned)test_random_below(&random, n);
		int64_t begins = TEST_NOW;
		int64_t now = TEST_NOW;
		bool was_charged = false;

		(void)start_anew(NULL);
		twin = activity;
		random_plan(&random);
		for (unsigned i = 0; i < n; i++) {
			uint64_t recipients = test_random_below(&random, 3);
			uint64_t size = test_random_below(&random, 5);
			bool fits;

			now += (int64_t)test_random_below(&random, 10);
			fits = charge(&activity, i, recipients, size, now);
			if (i == taken) {
				was_charged = fits;
				begins = now;
			} else if (fits) {
				assert_true(
				    charge(&twin, i, recipients, size, now));
			}
		}
		assert_true(now - begins <= PT_RECENT_SECONDS);
		assert_int_equal(
		    pt_quota_refund(&activity, taken, now), was_charged);
		check_twins(&twin, now);
		assert_int_equal(activity.recent_count, twin.recent_count);
	}
}

#define REFUND_TEST(fn) cmocka_unit_test_setup(fn, start_anew)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    REFUND_TEST(test_refund_takes_back_all_that_was_charged),
	    REFUND_TEST(test_refunded_message_is_charged_anew),
	    REFUND_TEST(test_what_was_not_charged_is_not_refunded),
	    REFUND_TEST(test_message_that_passed_on_a_grant_gives_it_back),
	    REFUND_TEST(test_charge_of_an_older_postern_gives_back_a_message),
	    REFUND_TEST(test_clock_set_back_refunds_all_the_same),
	    cmocka_unit_test(
		test_no_window_admits_too_much_whatever_is_refunded),
	    cmocka_unit_test(
		test_windows_say_what_they_said_without_the_charge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
