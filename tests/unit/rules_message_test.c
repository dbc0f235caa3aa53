/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/message.h"

#include "core/rules/account_plan.h"
#include "tests/unit/rules_message_fixture.h"

static int
start_with_a_window(void **state)
{
	(void)start_anew(state);
	plan.messages = (struct pt_windows){1, {{2, 60}}};
	message.hash = 1;
	message.attempt = 1;
	return 0;
}

static struct pt_verdict
judge(void)
{
	return pt_message_judge(
	    &config, &account, &activity, NULL, &message, TEST_NOW, &effects);
}

static void
test_access_that_is_on_with_smtp_or_never_was_permits(void **state)
{
	(void)state;
	account.access = PT_ACCESS_NEVER;
	assert_int_equal(judge().reason, PT_REASON_NONE);
	account.access = PT_ACCESS_ON;
	account.protocols = PT_PROTOCOL_SMTP;
	message.hash = 2;
	assert_int_equal(judge().reason, PT_REASON_NONE);
}

static void
test_refusal_says_since_when(void **state)
{
	(void)state;
	account.access = PT_ACCESS_OFF;
	account.access_at = TEST_NOW - 9;
	assert_int_equal(judge().since, TEST_NOW - 9);
	activity.block.reason = PT_BLOCK_CRACKED;
	activity.block.at = TEST_NOW - 8;
	assert_int_equal(judge().since, TEST_NOW - 8);
	assert_int_equal(judge().block, PT_BLOCK_CRACKED);
	account.block_reason = PT_BLOCK_ADMIN;
	account.block.at = TEST_NOW - 7;
	assert_int_equal(judge().since, TEST_NOW - 7);
	assert_int_equal(judge().block, PT_BLOCK_ADMIN);
}

static void
test_refusal_is_counted_once_a_message(void **state)
{
	int i;

	(void)state;
	account.lock.at = TEST_NOW;
	message.stage = PT_MESSAGE_LOOK;
	(void)judge();
	assert_true(effects.activity_changed);
	for (i = 0; i < 30; i++) {
		(void)judge();
		assert_false(effects.activity_changed);
	}
	assert_int_equal(activity.refusals.total, 1);
	/* Two messages refused in turns are two. */
	for (i = 0; i < 30; i++) {
		message.attempt = 2 + (uint32_t)(i % 2);
		(void)judge();
	}
	assert_int_equal(activity.refusals.total, 3);
	assert_int_equal(
	    activity.refusals.last_reason, PT_REASON_SENDING_LOCKED);
	assert_int_equal(activity.refusals.last_at, TEST_NOW);
}

static void
test_look_that_permits_changes_nothing(void **state)
{
	(void)state;
	message.stage = PT_MESSAGE_LOOK;
	assert_int_equal(judge().code, PT_VERDICT_PERMIT);
	assert_false(effects.activity_changed);
}

static void
test_repeated_charge_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(judge().code, PT_VERDICT_PERMIT);
	assert_true(effects.activity_changed);
	assert_true(judge().repeated);
	assert_false(effects.activity_changed);
}

static void
test_override_holds_for_its_account_only(void **state)
{
	struct pt_plan room;

	(void)state;
	assert_true(pt_words_add(&account.overrides, "messages=50/1h"));
	assert_ptr_equal(
	    pt_account_plan(&config, &account, TEST_NOW, &room), &room);
	assert_int_equal(room.messages.count, 1);
	assert_int_equal(room.messages.at[0].limit, 50);
	assert_int_equal(room.messages.at[0].seconds, 3600);
	assert_int_equal(plan.messages.at[0].limit, 2);
}

static void
test_unknown_size_is_looked_at_as_one_byte(void **state)
{
	(void)state;
	plan.bytes.count = 1;
	plan.bytes.at[0] = (struct pt_window){1000, 3600};
	assert_int_equal(judge().reason, PT_REASON_NONE);
	message.stage = PT_MESSAGE_LOOK;
	message.hash = 2;
	message.size = 0;
	assert_int_equal(judge().reason, PT_REASON_QUOTA);
}

static void
test_sender_that_no_map_can_name_now_waits(void **state)
{
	(void)state;
	message.sender = "boss@example.com";
	message.sender_len = 16;
	message.sender_by_maps = PT_OWNED_UNKNOWN;
	assert_int_equal(judge().code, PT_VERDICT_DEFER);
	assert_int_equal(judge().reason, PT_REASON_SENDER_UNAVAILABLE);
	message.sender_by_maps = PT_OWNED_YES;
	assert_int_equal(judge().reason, PT_REASON_NONE);
}

#define MESSAGE_TEST(fn) cmocka_unit_test_setup(fn, start_with_a_window)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    MESSAGE_TEST(test_access_that_is_on_with_smtp_or_never_was_permits),
	    MESSAGE_TEST(test_refusal_says_since_when),
	    MESSAGE_TEST(test_refusal_is_counted_once_a_message),
	    MESSAGE_TEST(test_look_that_permits_changes_nothing),
	    MESSAGE_TEST(test_repeated_charge_changes_nothing),
	    MESSAGE_TEST(test_override_holds_for_its_account_only),
	    MESSAGE_TEST(test_unknown_size_is_looked_at_as_one_byte),
	    MESSAGE_TEST(test_sender_that_no_map_can_name_now_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
