/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The sending limits beside the windows, as a message meets them. */
#include "core/rules/penalty.h"
#include "tests/unit/rules_message_fixture.h"

static void
test_each_limit_refuses_with_its_reason_and_costs_nothing(void **state)
{
	struct pt_verdict verdict;
	unsigned i;
	unsigned n;

	for (i = 0; i < PT_ARRAY_LEN(limits); i++) {
		(void)start_anew(state);
		limits[i].make();
		for (n = 0; n < MESSAGES; n++) {
			verdict = send_next(TEST_NOW + n);
			limits[i].step();
			assert_int_equal(verdict.code, n < limits[i].permitted
							   ? PT_VERDICT_PERMIT
							   : PT_VERDICT_DEFER);
			assert_int_equal(effects.would.reason, PT_REASON_NONE);
		}
		assert_int_equal(verdict.reason, limits[i].reason);
		assert_true(verdict.until > TEST_NOW + n);
		assert_int_equal(
		    activity.total[PT_COUNT_MESSAGES], limits[i].permitted);
		assert_int_equal(
		    activity.refusals.total, MESSAGES - limits[i].permitted);
	}
}

static void
test_a_limit_that_the_plan_observes_is_told_and_passes(void **state)
{
	struct pt_verdict verdict;
	unsigned would;
	unsigned i;
	unsigned n;

	for (i = 0; i < PT_ARRAY_LEN(limits); i++) {
		(void)start_anew(state);
		limits[i].make();
		plan.observe = limits[i].observe;
		would = 0;
		for (n = 0; n < MESSAGES; n++) {
			verdict = send_next(TEST_NOW + n);
			limits[i].step();
			assert_int_equal(verdict.code, PT_VERDICT_PERMIT);
			assert_false(verdict.repeated);
			if (effects.would.reason == PT_REASON_NONE)
				continue;
			assert_int_equal(
			    effects.would.reason, limits[i].reason);
			assert_int_equal(
			    effects.would.limit, limits[i].window.limit);
			would++;
		}
		assert_int_equal(would, MESSAGES - limits[i].permitted);
		assert_int_equal(activity.refusals.total, 0);
		assert_int_equal(activity.refused.count, 0);
		assert_int_equal(activity.notice.kind, PT_NOTICE_NONE);
		assert_int_equal(activity.total[PT_COUNT_MESSAGES], MESSAGES);
	}
}

static void
test_a_trusted_network_never_counts_among_client_addresses(void **state)
{
	unsigned i;
	unsigned n;

	for (i = 0; i < PT_ARRAY_LEN(limits); i++) {
		(void)start_anew(state);
		limits[i].make();
		message.trusted = true;
		for (n = 0; n < MESSAGES; n++) {
			(void)send_next(TEST_NOW + n);
			limits[i].step();
		}
		assert_int_equal(
		    activity.total[PT_COUNT_MESSAGES] == limits[i].permitted,
		    limits[i].holds_for_webmail);
		assert_int_equal(signals.client_count, 0);
	}
}

static void
test_a_message_that_two_programs_charge_counts_signals_once(void **state)
{
	struct pt_verdict verdict;

	(void)state;
	make_clients();
	make_strangers();
	assert_int_equal(send_next(TEST_NOW).code, PT_VERDICT_PERMIT);
	assert_true(effects.signals_changed);
	next_recipient();
	next_client();
	verdict = pt_message_judge(&config, &account, &activity, &signals,
	    &message, TEST_NOW + 1, &effects);
	assert_true(verdict.repeated);
	assert_false(effects.signals_changed);
	assert_int_equal(signals.client_count, 1);
	assert_int_equal(signals.now.count, 1);
	assert_int_equal(signals.strangers.entry[0].amount, 1);
}

static void
test_a_look_and_a_refusal_leave_the_signals_alone(void **state)
{
	struct pt_signals before;

	(void)state;
	make_clients();
	make_strangers();
	plan.messages = (struct pt_windows){1, {{1, HOUR}}};
	message.stage = PT_MESSAGE_LOOK;
	before = signals;
	assert_int_equal(send_next(TEST_NOW).code, PT_VERDICT_PERMIT);
	assert_false(effects.signals_changed || effects.activity_changed);
	assert_memory_equal(&before, &signals, sizeof(signals));
	message.stage = PT_MESSAGE_CHARGE;
	assert_int_equal(send_next(TEST_NOW).code, PT_VERDICT_PERMIT);
	before = signals;
	next_client();
	next_recipient();
	assert_int_equal(send_next(TEST_NOW).reason, PT_REASON_QUOTA);
	assert_false(effects.signals_changed);
	assert_memory_equal(&before, &signals, sizeof(signals));
}

static void
test_without_the_record_signals_are_not_held_against_a_message(void **state)
{
	unsigned n;

	(void)state;
	make_clients();
	make_strangers();
	for (n = 0; n < MESSAGES; n++) {
		message.hash++;
		next_client();
		next_recipient();
		assert_int_equal(pt_message_judge(&config, &account, &activity,
				     NULL, &message, TEST_NOW, &effects)
				     .code,
		    PT_VERDICT_PERMIT);
	}
}

static void
test_a_refund_leaves_the_strangers_known(void **state)
{
	(void)state;
	make_strangers();
	assert_int_equal(send_next(TEST_NOW).code, PT_VERDICT_PERMIT);
	assert_true(pt_message_refuse(
	    &activity, &message, PT_REASON_FROM_NOT_OWNED, TEST_NOW + 1));
	/* The message in its place costs no stranger. */
	assert_int_equal(send_next(TEST_NOW + 2).code, PT_VERDICT_PERMIT);
	assert_int_equal(signals.strangers.count, 1);
	assert_int_equal(signals.strangers.entry[0].amount, 1);
}

static void
test_a_penalty_is_told_once_with_its_figures(void **state)
{
	unsigned n;

	(void)state;
	make_penalty();
	for (n = 0; n < 4; n++) {
		(void)send_next(TEST_NOW + n);
		assert_int_equal(effects.penalty.reason, PT_REASON_NONE);
	}
	(void)send_next(TEST_NOW + 4);
	assert_int_equal(effects.penalty.reason, PT_REASON_PENALTY);
	assert_int_equal(effects.penalty.used, 5);
	assert_int_equal(effects.penalty.limit, 5);
	assert_int_equal(effects.penalty.seconds, DAY);
	assert_int_equal(effects.penalty.until, TEST_NOW + 4 + 2 * DAY);
	assert_false(effects.penalty_is_watched);
	assert_int_equal(activity.notice.kind, PT_NOTICE_PENALTY);
	assert_int_equal(activity.notice.at, TEST_NOW + 4);
	assert_int_equal(activity.notice.until, TEST_NOW + 4 + 2 * DAY);
	assert_int_equal(activity.notice.figures.unit, PT_FIGURES_MESSAGES);
	assert_int_equal(activity.notice.figures.used, 5);
	assert_int_equal(activity.notice.figures.limit, 2);
	assert_int_equal(activity.notice.figures.seconds, HOUR);
	(void)send_next(TEST_NOW + 5);
	assert_int_equal(effects.penalty.reason, PT_REASON_NONE);
}

static void
test_nothing_is_told_in_observe_mode_or_without_notices(void **state)
{
	unsigned which;
	unsigned n;

	for (which = 0; which < 2; which++) {
		(void)start_anew(state);
		make_penalty();
		plan.warn_at = (struct pt_limit){true, 80};
		plan.messages = (struct pt_windows){1, {{6, DAY}}};
		if (which == 0)
			config.mode = PT_MODE_OBSERVE;
		else
			config.notice.from[0] = '\0';
		for (n = 0; n < 5; n++)
			(void)send_next(TEST_NOW + n);
		assert_int_equal(effects.penalty.reason, PT_REASON_PENALTY);
		assert_int_equal(effects.penalty_is_watched, which == 0);
		assert_int_equal(activity.notice.kind, PT_NOTICE_NONE);
		assert_int_equal(activity.limit_told_at, 0);
	}
}

static void
test_each_refused_message_extends_a_penalty_once(void **state)
{
	struct pt_verdict verdict;
	unsigned n;

	(void)state;
	make_penalty();
	plan.penalty_extend = true;
	for (n = 0; n < 5; n++)
		(void)send_next(TEST_NOW + n);
	verdict = send_next(TEST_NOW + 100);
	assert_int_equal(verdict.reason, PT_REASON_PENALTY);
	assert_int_equal(verdict.term_until, TEST_NOW + 100 + 2 * DAY);
	assert_int_equal(activity.penalty.until, TEST_NOW + 100 + 2 * DAY);
	/* The same message at its next recipient. */
	verdict = pt_message_judge(&config, &account, &activity, &signals,
	    &message, TEST_NOW + 200, &effects);
	assert_int_equal(verdict.reason, PT_REASON_PENALTY);
	assert_int_equal(activity.penalty.until, TEST_NOW + 100 + 2 * DAY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_each_limit_refuses_with_its_reason_and_costs_nothing),
	    TEST(test_a_limit_that_the_plan_observes_is_told_and_passes),
	    TEST(test_a_trusted_network_never_counts_among_client_addresses),
	    TEST(test_a_message_that_two_programs_charge_counts_signals_once),
	    TEST(test_a_look_and_a_refusal_leave_the_signals_alone),
	    TEST(
		test_without_the_record_signals_are_not_held_against_a_message),
	    TEST(test_a_refund_leaves_the_strangers_known),
	    TEST(test_a_penalty_is_told_once_with_its_figures),
	    TEST(test_nothing_is_told_in_observe_mode_or_without_notices),
	    TEST(test_each_refused_message_extends_a_penalty_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
