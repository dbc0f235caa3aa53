/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What expires, and what is tidied up.  Access was switched on at day 0. */

#include "tests/unit/rules_idle.h"

static uint32_t
add_expiring(int64_t at, const char *label)
{
	const struct pt_password_wish wish = {.label = label, .expires_at = at};
	uint32_t id = 0;

	assert_int_equal(
	    pt_external_add_password(&site.config, &site.account, &wish,
		RULES_OTHER, &rules_actor, &id, &site.trail, &site.err),
	    0);
	return id;
}

static void
test_expired_app_passwords_end_a_day_later(void **state)
{
	int64_t at = DAY_0 + 10 * RULES_DAY;
	const struct pt_password *password = &site.account.passwords[1];

	(void)state;
	assert_int_equal(add_expiring(at, "Trip"), 2);
	assert_int_equal(judge_at(at + RULES_DAY - 1), 0);
	assert_int_equal(judge_at(at + RULES_DAY), PT_IDLE_EXPIRED);
	assert_int_equal(password->ending, PT_ENDING_EXPIRED);
	assert_int_equal(password->ended_at, at + RULES_DAY);
	assert_int_equal(site.account.passwords[0].ending, PT_ENDING_NONE);
	assert_string_equal(site.trail.note.what, "expire");
	assert_string_equal(site.trail.note.detail, "id=2 label=\"Trip\"");
	assert_int_equal(site.trail.notice.kind, PT_NOTICE_NONE);
	assert_int_equal(judge_at(at + RULES_DAY), 0);
}

static void
test_expiry_and_notice_leave_one_trail(void **state)
{
	(void)state;
	(void)add_expiring(DAY_0 + 10 * RULES_DAY, "Trip");
	assert_int_equal(judge(53), PT_IDLE_EXPIRED | PT_IDLE_TOLD);
	assert_string_equal(site.trail.note.what, "expire");
	assert_int_equal(site.trail.notice.kind, PT_NOTICE_UNUSED_SOON);
}

static void
test_block_ends_expired_ones_too(void **state)
{
	(void)state;
	assert_int_equal(judge(53), PT_IDLE_TOLD);
	(void)add_expiring(DAY_0 + 54 * RULES_DAY, "Trip");
	assert_int_equal(judge(60), PT_IDLE_BLOCKED);
	assert_string_equal(site.trail.note.what, "block");
	assert_int_equal(site.account.passwords[1].ending, PT_ENDING_BLOCKED);
}

static void
test_tombstones_go_after_ninety_days(void **state)
{
	int64_t at = DAY_0 + 5 * RULES_DAY;

	(void)state;
	(void)add_expiring(0, "Old");
	pt_password_end(
	    &site.account.passwords[1], PT_ENDING_REVOKED, PT_BLOCK_NONE, at);
	site.usage.last_login_at = at + PT_TOMBSTONE_SECONDS;
	assert_int_equal(judge_at(at + PT_TOMBSTONE_SECONDS - 1), 0);
	assert_int_equal(judge_at(at + PT_TOMBSTONE_SECONDS), PT_IDLE_TIDIED);
	assert_int_equal(site.account.password_count, 1);
	assert_string_equal(site.trail.note.what, "");
}

static void
test_plan_whose_time_has_come_becomes_the_plan(void **state)
{
	(void)state;
	memcpy(site.account.next_plan, "free", 5);
	site.account.next_plan_at = DAY_0 + 2 * RULES_DAY;
	assert_int_equal(judge(1), 0);
	assert_int_equal(judge(2), PT_IDLE_TIDIED);
	assert_string_equal(site.account.plan, "free");
	assert_string_equal(site.account.next_plan, "");
	assert_int_equal(site.account.next_plan_at, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IDLE_TEST(test_expired_app_passwords_end_a_day_later),
	    IDLE_TEST(test_expiry_and_notice_leave_one_trail),
	    IDLE_TEST(test_block_ends_expired_ones_too),
	    IDLE_TEST(test_tombstones_go_after_ninety_days),
	    IDLE_TEST(test_plan_whose_time_has_come_becomes_the_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
