/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What refusals and charges bring about: a block, a warning, a plan told. */
#include "core/rules/warning.h"
#include "tests/unit/rules_message_fixture.h"

static void
make_quota(void)
{
	plan.messages = (struct pt_windows){1, {{1, HOUR}}};
	plan.block_after_refusals = (struct pt_windows){1, {{3, HOUR}}};
	(void)send_next(TEST_NOW);
}

/* The first of so many refusals that blocks; 0: none. */
static unsigned
refused_until_blocked(unsigned max)
{
	unsigned n;

	for (n = 1; n <= max; n++) {
		assert_int_not_equal(
		    send_next(TEST_NOW + n).code, PT_VERDICT_PERMIT);
		if (activity.block.reason != PT_BLOCK_NONE ||
		    effects.would_block.reason != PT_REASON_NONE)
			return n;
	}
	return 0;
}

static void
test_more_refusals_than_the_limit_block(void **state)
{
	(void)state;
	make_quota();
	assert_int_equal(refused_until_blocked(10), 4);
	assert_int_equal(activity.block.reason, PT_BLOCK_QUOTA);
	assert_int_equal(activity.block.at, TEST_NOW + 4);
	assert_int_equal(activity.block.figures.unit, PT_FIGURES_REFUSALS);
	assert_int_equal(activity.block.figures.used, 4);
	assert_int_equal(activity.block.figures.limit, 3);
	assert_int_equal(activity.block.figures.seconds, HOUR);
	assert_int_equal(effects.would_block.reason, PT_REASON_NONE);
	/* Who comes back begins anew. */
	assert_int_equal(activity.refused.count, 0);
	assert_int_equal(send_next(TEST_NOW + 9).reason, PT_REASON_BLOCKED);
	assert_int_equal(activity.refused.count, 0);
}

static void
test_every_sending_limit_counts_towards_the_block(void **state)
{
	unsigned i;
	unsigned n;

	for (i = 0; i < PT_ARRAY_LEN(limits); i++) {
		(void)start_anew(state);
		limits[i].make();
		plan.block_after_refusals = (struct pt_windows){1, {{2, HOUR}}};
		for (n = 0; n < MESSAGES; n++) {
			(void)send_next(TEST_NOW + n);
			limits[i].step();
			assert_int_equal(activity.block.reason != PT_BLOCK_NONE,
			    n >= limits[i].permitted + 2);
		}
	}
}

static void
test_a_message_refused_many_times_is_one_refusal(void **state)
{
	unsigned n;

	(void)state;
	make_quota();
	(void)send_next(TEST_NOW + 1);
	for (n = 0; n < 10; n++)
		(void)pt_message_judge(&config, &account, &activity, &signals,
		    &message, TEST_NOW + 2, &effects);
	assert_int_equal(activity.refusals.total, 1);
	assert_int_equal(activity.refused.entry[0].amount, 1);
	assert_int_equal(activity.block.reason, PT_BLOCK_NONE);
}

static void
test_in_observe_mode_a_refusal_is_counted_at_the_end(void **state)
{
	(void)state;
	make_quota();
	config.mode = PT_MODE_OBSERVE;
	message.stage = PT_MESSAGE_LOOK;
	(void)send_next(TEST_NOW + 1);
	assert_int_equal(activity.refusals.total, 0);
	assert_false(effects.activity_changed);
	message.stage = PT_MESSAGE_CHARGE;
	(void)send_next(TEST_NOW + 1);
	/* The milter has an attempt of its own. */
	message.hash--;
	(void)send_next(TEST_NOW + 1);
	assert_int_equal(activity.refusals.total, 1);
	assert_int_equal(activity.refused.entry[0].amount, 1);
}

static void
test_what_never_blocks(void **state)
{
	static const char *const names[] = {"webmail", "no record",
	    "access off", "other reason", "no limit", "observe mode",
	    "observed by the plan"};
	unsigned i;
	unsigned blocked;

	for (i = 0; i < PT_ARRAY_LEN(names); i++) {
		(void)start_anew(state);
		make_quota();
		message.trusted = i == 0;
		account.exists = i != 1;
		if (i == 2)
			account.access = PT_ACCESS_NEVER;
		if (i == 3)
			message.sender = "carol@example.com";
		if (i == 4)
			plan.block_after_refusals.count = 0;
		if (i == 5)
			config.mode = PT_MODE_OBSERVE;
		if (i == 6)
			plan.observe = PT_OBSERVE_BLOCK_AFTER_REFUSALS;
		blocked = refused_until_blocked(10);
		if (activity.block.reason != PT_BLOCK_NONE)
			fail_msg("%s", names[i]);
		assert_int_equal(blocked, i < 5 ? 0 : 4);
		if (i < 5)
			continue;
		assert_int_equal(effects.would_block.block, PT_BLOCK_QUOTA);
		assert_int_equal(effects.would_block.used, 4);
		assert_int_equal(effects.would_block.limit, 3);
	}
}

static void
test_a_plan_on_its_way_is_told_where_the_plan_refuses(void **state)
{
	static const struct {
		int64_t at;
		int64_t want;
	} cases[] = {
	    {0, 0},
	    {TEST_NOW - 10, 0},
	    {TEST_NOW + 1, 0}, /* it holds already */
	    {TEST_NOW + DAY, TEST_NOW + DAY},
	};
	struct pt_verdict verdict;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)start_anew(state);
		make_quota();
		if (cases[i].at != 0)
			memcpy(account.next_plan, "free", 5);
		account.next_plan_at = cases[i].at;
		verdict = send_next(TEST_NOW + 1);
		assert_int_equal(verdict.reason, PT_REASON_QUOTA);
		assert_int_equal(verdict.plan_from, cases[i].want);
	}
	/* The lock stands in every plan. */
	account.lock.at = TEST_NOW;
	verdict = send_next(TEST_NOW + 2);
	assert_int_equal(verdict.reason, PT_REASON_SENDING_LOCKED);
	assert_int_equal(verdict.plan_from, 0);
}

static void
test_signals_are_wanted_by_plan_or_override(void **state)
{
	static const struct {
		void (*make)(void);
		const char *override;
		bool want;
	} cases[] = {
	    {same_again, NULL, false},
	    {make_penalty, NULL, false},
	    {make_clients, NULL, true},
	    {make_strangers, NULL, true},
	    {same_again, "messages=5/1h", false},
	    {same_again, "client_addresses=5/1h", true},
	    {same_again, "new_recipients=5/1d", true},
	};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)start_anew(state);
		cases[i].make();
		if (cases[i].override != NULL)
			assert_true(pt_words_add(
			    &account.overrides, cases[i].override));
		assert_int_equal(
		    pt_message_wants_signals(&config, &account, TEST_NOW),
		    cases[i].want);
	}
	memcpy(account.plan, "gold", 5);
	assert_false(pt_message_wants_signals(&config, &account, TEST_NOW));
}

static void
test_the_owner_is_warned_once_in_a_window(void **state)
{
	unsigned n;

	(void)state;
	plan.messages = (struct pt_windows){2, {{20, HOUR}, {100, DAY}}};
	plan.recipients = (struct pt_windows){1, {{10, DAY}}};
	plan.warn_at = (struct pt_limit){true, 80};
	for (n = 0; n < 7; n++)
		(void)send_next(TEST_NOW + n);
	assert_int_equal(activity.notice.kind, PT_NOTICE_NONE);
	(void)send_next(TEST_NOW + 7);
	assert_int_equal(activity.notice.kind, PT_NOTICE_LIMIT_SOON);
	assert_int_equal(activity.notice.at, TEST_NOW + 7);
	assert_int_equal(activity.notice.figures.unit, PT_FIGURES_RECIPIENTS);
	assert_int_equal(activity.notice.figures.used, 8);
	assert_int_equal(activity.notice.figures.limit, 10);
	assert_int_equal(activity.notice.figures.seconds, DAY);
	assert_int_equal(activity.limit_told_at, TEST_NOW + 7);
	activity.notice.kind = PT_NOTICE_NONE;
	(void)send_next(TEST_NOW + 8);
	(void)send_next(TEST_NOW + DAY + 5);
	assert_int_equal(activity.notice.kind, PT_NOTICE_NONE);
	for (n = 0; n < 8; n++)
		(void)send_next(TEST_NOW + 2 * DAY + n);
	assert_int_equal(activity.notice.kind, PT_NOTICE_LIMIT_SOON);
	assert_int_equal(activity.limit_told_at, TEST_NOW + 2 * DAY + 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_more_refusals_than_the_limit_block),
	    TEST(test_every_sending_limit_counts_towards_the_block),
	    TEST(test_a_message_refused_many_times_is_one_refusal),
	    TEST(test_in_observe_mode_a_refusal_is_counted_at_the_end),
	    TEST(test_what_never_blocks),
	    TEST(test_a_plan_on_its_way_is_told_where_the_plan_refuses),
	    TEST(test_signals_are_wanted_by_plan_or_override),
	    TEST(test_the_owner_is_warned_once_in_a_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
