/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Messages that are refused for a reason that was found elsewhere. */

#include "core/rules/message.h"
#include "core/rules/quota.h"
#include "core/rules/reason.h"
#include "tests/unit/support/testing.h"

static struct pt_activity activity;
static struct pt_message message;

static int
start_anew(void **state)
{
	struct pt_login login = test_login("alice@example.com");

	(void)state;
	pt_activity_init(&activity, &login);
	memset(&message, 0, sizeof(message));
	message.hash = 1;
	message.attempt = 1;
	return 0;
}

/* As another program did before. */
static void
charge(void)
{
	static struct pt_account account;
	static struct pt_plan plan;
	struct pt_charge added = {.hash = message.hash, .amount = {1, 1, 1}};

	pt_account_init(&account, &activity.login);
	plan.messages.count = 1;
	plan.messages.at[0] = (struct pt_window){2, 60};
	assert_int_equal(
	    pt_quota_charge(&plan, &account, &activity, &added, TEST_NOW).code,
	    PT_VERDICT_PERMIT);
}

static void
test_refusal_found_elsewhere_takes_the_charge_back(void **state)
{
	(void)state;
	charge();
	assert_true(pt_message_refuse(
	    &activity, &message, PT_REASON_FROM_NOT_OWNED, TEST_NOW + 1));
	assert_int_equal(activity.log[PT_COUNT_MESSAGES].count, 0);
	assert_int_equal(activity.total[PT_COUNT_MESSAGES], 0);
	assert_int_equal(activity.refusals.total, 1);
	assert_int_equal(
	    activity.refusals.last_reason, PT_REASON_FROM_NOT_OWNED);
	assert_int_equal(activity.refusals.last_at, TEST_NOW + 1);
	/* Told twice, it is counted and refunded once. */
	assert_false(pt_message_refuse(
	    &activity, &message, PT_REASON_FROM_NOT_OWNED, TEST_NOW + 2));
	assert_int_equal(activity.refusals.total, 1);
	message.hash = 2;
	message.attempt = 2;
	assert_false(pt_message_refuse(
	    &activity, &message, PT_REASON_FROM_MISSING, TEST_NOW + 2));
	assert_int_equal(activity.refusals.total, 2);
}

static void
test_refusal_found_elsewhere_knows_a_clock_set_back(void **state)
{
	(void)state;
	charge();
	assert_true(pt_message_refuse(
	    &activity, &message, PT_REASON_FROM_NOT_OWNED, TEST_NOW - 9000));
	assert_int_equal(activity.log[PT_COUNT_MESSAGES].count, 0);
	assert_int_equal(activity.last_sent_at, TEST_NOW - 9000);
}

#define REFUSE_TEST(fn) cmocka_unit_test_setup(fn, start_anew)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    REFUSE_TEST(test_refusal_found_elsewhere_takes_the_charge_back),
	    REFUSE_TEST(test_refusal_found_elsewhere_knows_a_clock_set_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
