/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/notice.h"

#include "tests/unit/rules_fixture.h"

static struct rules_site site;

static int
start(void **state)
{
	(void)state;
	rules_start(&site);
	memcpy(site.config.notice.from, "postmaster@example.com", 23);
	site.config.notice.max = rules_windows(2, RULES_DAY);
	return 0;
}

static bool
put(enum pt_notice_kind kind, int64_t at)
{
	const struct pt_notice notice = {.kind = kind, .at = at, .until = 7};
	bool done;

	site.trail.notice.kind = PT_NOTICE_NONE;
	done = pt_notice_put(&site.config, &site.account, &notice, &site.trail);
	assert_int_equal(site.trail.notice.kind, done ? kind : PT_NOTICE_NONE);
	return done;
}

static void
test_notice_goes_into_the_trail_and_is_counted(void **state)
{
	(void)state;
	assert_true(put(PT_NOTICE_ENABLED, TEST_NOW));
	assert_int_equal(site.trail.notice.at, TEST_NOW);
	assert_int_equal(site.trail.notice.until, 7);
	assert_int_equal(site.account.notices.since, TEST_NOW);
	assert_int_equal(site.account.notices.count, 1);
	assert_int_equal(site.account.created_at, TEST_NOW);
}

static void
test_nothing_is_told_while_notices_are_off(void **state)
{
	(void)state;
	assert_true(pt_notice_is_possible(&site.config));
	site.config.notice.from[0] = '\0';
	assert_false(put(PT_NOTICE_BLOCKED, TEST_NOW));
	assert_int_equal(site.account.notices.count, 0);
	assert_int_equal(site.account.created_at, 0);
	assert_false(pt_notice_is_possible(&site.config));
}

static void
test_an_account_gets_no_more_than_max_but_blocks_are_told(void **state)
{
	(void)state;
	assert_true(put(PT_NOTICE_ENABLED, TEST_NOW));
	assert_true(put(PT_NOTICE_LIMIT_SOON, TEST_NOW + 1));
	assert_false(put(PT_NOTICE_PENALTY, TEST_NOW + 2));
	assert_true(put(PT_NOTICE_BLOCKED, TEST_NOW + 3));
	assert_int_equal(site.account.notices.count, 3);
	assert_false(put(PT_NOTICE_PENALTY, TEST_NOW + RULES_DAY - 1));
	assert_true(put(PT_NOTICE_PENALTY, TEST_NOW + RULES_DAY));
	assert_int_equal(site.account.notices.count, 1);
}

static void
test_max_of_none_leaves_blocks_alone(void **state)
{
	(void)state;
	site.config.notice.max = rules_windows(0, RULES_DAY);
	assert_false(pt_notice_is_possible(&site.config));
	assert_false(put(PT_NOTICE_ENABLED, TEST_NOW));
	assert_true(put(PT_NOTICE_BLOCKED, TEST_NOW));
	site.config.notice.max.count = 0;
	assert_true(pt_notice_is_possible(&site.config));
	assert_true(put(PT_NOTICE_ENABLED, TEST_NOW));
}

static void
test_clock_that_was_set_back_neither_forgives_nor_waits(void **state)
{
	(void)state;
	assert_true(put(PT_NOTICE_ENABLED, TEST_NOW + 90 * RULES_DAY));
	assert_true(put(PT_NOTICE_ENABLED, TEST_NOW));
	assert_false(put(PT_NOTICE_ENABLED, TEST_NOW + 1));
	assert_true(put(PT_NOTICE_ENABLED, TEST_NOW + RULES_DAY));
}

static void
test_later_mark_takes_the_place_of_one_that_waits(void **state)
{
	const struct pt_notice soon = {
	    .kind = PT_NOTICE_LIMIT_SOON,
	    .at = TEST_NOW,
	    .figures = {PT_FIGURES_MESSAGES, 80, 100, RULES_DAY},
	};
	const struct pt_notice penalty = {.kind = PT_NOTICE_PENALTY,
	    .at = TEST_NOW + 1,
	    .until = TEST_NOW + 9};
	const struct pt_pending_notice *waits = &site.activity.notice;

	(void)state;
	pt_notice_mark(&site.activity, &soon);
	assert_int_equal(waits->kind, PT_NOTICE_LIMIT_SOON);
	assert_int_equal(waits->figures.used, 80);
	pt_notice_mark(&site.activity, &penalty);
	assert_int_equal(waits->kind, PT_NOTICE_PENALTY);
	assert_int_equal(waits->at, TEST_NOW + 1);
	assert_int_equal(waits->until, TEST_NOW + 9);
	assert_int_equal(waits->figures.unit, PT_FIGURES_NONE);
}

#define NOTICE_TEST(fn) cmocka_unit_test_setup(fn, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    NOTICE_TEST(test_notice_goes_into_the_trail_and_is_counted),
	    NOTICE_TEST(test_nothing_is_told_while_notices_are_off),
	    NOTICE_TEST(
		test_an_account_gets_no_more_than_max_but_blocks_are_told),
	    NOTICE_TEST(test_max_of_none_leaves_blocks_alone),
	    NOTICE_TEST(
		test_clock_that_was_set_back_neither_forgives_nor_waits),
	    NOTICE_TEST(test_later_mark_takes_the_place_of_one_that_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
