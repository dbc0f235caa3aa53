/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The peaks of what is only observed: which limits would do. */
#include "tests/unit/rules_would_fixture.h"

static void
test_the_peak_is_all_that_passed_in_the_window(void **state)
{
	const struct pt_would *would;

	(void)state;
	plan.messages = (struct pt_windows){1, {{5, HOUR}}};
	send_many(12, TEST_NOW, 10);
	check_peak(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR, 7, 5, 12);
	would = need(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR);
	assert_int_equal(would->first_at, TEST_NOW + 50);
	assert_int_equal(would->last_at, TEST_NOW + 110);
	/* They cost nothing all the same: the windows tell what enforce mode
	 * would have let through. */
	assert_int_equal(activity.total[PT_COUNT_MESSAGES], 5);
	/* A smaller heap later does not lower it, nor does it add up. */
	send_many(7, TEST_NOW + 2 * HOUR, 10);
	check_peak(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR, 9, 5, 12);
}

static void
test_every_window_that_is_exceeded_has_its_peak(void **state)
{
	(void)state;
	plan.messages = (struct pt_windows){2, {{5, 60}, {15, HOUR}}};
	plan.recipients = (struct pt_windows){1, {{20, HOUR}}};
	message.recipients = 2;
	/* The minute refuses 5 of them; the hour would, were it raised. */
	send_many(10, TEST_NOW, 1);
	send_many(5, TEST_NOW + 600, 1);
	check_peak(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, 60, 5, 5, 10);
	assert_null(entry_of(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR));
	send_many(1, TEST_NOW + 1200, 1);
	check_peak(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR, 0, 15, 16);
	/* 11 messages of it were charged. */
	check_peak(PT_REASON_QUOTA, PT_FIGURES_RECIPIENTS, HOUR, 1, 20, 32);
}

/* The traffic of a day in bursts, the same each time; how many are refused. */
static unsigned
send_traffic(uint64_t random)
{
	unsigned refused = 0;
	int64_t now = TEST_NOW;

	for (unsigned i = 0; i < 400; i++) {
		uint64_t gap = test_random_below(&random, 4) == 0 ? 900 : 12;

		now += (int64_t)test_random_below(&random, gap);
		message.recipients = 1 + test_random_below(&random, 6);
		message.size = 1 + test_random_below(&random, 5000000);
		if (send_next(now).code != PT_VERDICT_PERMIT)
			refused++;
	}
	return refused;
}

static void
set_limits_to_peaks(struct pt_windows *windows, enum pt_figures_unit unit)
{
	for (size_t i = 0; i < windows->count; i++) {
		struct pt_window *window = &windows->at[i];
		const struct pt_would *would =
		    entry_of(PT_REASON_QUOTA, unit, window->seconds);

		if (would != NULL)
			window->limit = would->peak.used;
	}
}

static void
set_limit_to_peak(
    struct pt_limit *limit, enum pt_reason_id reason, enum pt_figures_unit unit)
{
	limit->value = need(reason, unit, 0)->peak.used;
}

static void
make_limits(void)
{
	plan.messages =
	    (struct pt_windows){3, {{3, 60}, {12, HOUR}, {90, DAY}}};
	plan.recipients = (struct pt_windows){1, {{40, HOUR}}};
	plan.bytes = (struct pt_windows){1, {{100000000, DAY}}};
	plan.recipients_per_message = (struct pt_limit){true, 5};
	plan.message_size = (struct pt_limit){true, 4500000};
}

static void
set_all_to_peaks(void)
{
	set_limits_to_peaks(&plan.messages, PT_FIGURES_MESSAGES);
	set_limits_to_peaks(&plan.recipients, PT_FIGURES_RECIPIENTS);
	set_limits_to_peaks(&plan.bytes, PT_FIGURES_BYTES);
	set_limit_to_peak(&plan.recipients_per_message,
	    PT_REASON_RECIPIENTS_PER_MESSAGE, PT_FIGURES_RECIPIENTS);
	set_limit_to_peak(
	    &plan.message_size, PT_REASON_MESSAGE_SIZE, PT_FIGURES_BYTES);
}

static void
test_limits_at_the_peaks_let_the_same_traffic_pass(void **state)
{
	struct pt_plan chosen;

	for (uint64_t seed = 1; seed <= 30; seed++) {
		(void)start_observing(state);
		make_limits();
		assert_true(send_traffic(seed) > 100);
		set_all_to_peaks();
		chosen = plan;
		(void)start_anew(state);
		plan = chosen;
		assert_int_equal(send_traffic(seed), 0);
		/* One less would be too little. */
		(void)start_anew(state);
		plan = chosen;
		plan.messages.at[1].limit--;
		assert_int_not_equal(send_traffic(seed), 0);
	}
}

static void
test_a_message_larger_than_a_window_raises_that_window(void **state)
{
	(void)state;
	plan.bytes = (struct pt_windows){1, {{5000, DAY}}};
	(void)send_next(TEST_NOW);
	message.size = 6000;
	(void)send_next(TEST_NOW + 1);
	check_peak(PT_REASON_QUOTA_NEVER, PT_FIGURES_BYTES, DAY, 1, 5000, 7000);
	assert_int_equal(observed->count, 1);
}

static void
test_what_another_program_charged_is_not_added_to_the_window(void **state)
{
	(void)state;
	plan.messages = (struct pt_windows){1, {{2, HOUR}}};
	plan.message_size = (struct pt_limit){true, 1000};
	send_many(4, TEST_NOW, 1);
	check_peak(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR, 2, 2, 4);
	(void)send_next(TEST_NOW + HOUR + 2);
	/* The milter measures it differently. */
	message.size = 1001;
	message.hash--;
	(void)send_next(TEST_NOW + HOUR + 2);
	check_peak(PT_REASON_MESSAGE_SIZE, PT_FIGURES_BYTES, 0, 1, 1000, 1001);
	assert_int_equal(pt_window_used(&observed->passed[PT_COUNT_MESSAGES],
			     HOUR, TEST_NOW + HOUR + 2),
	    3);
}

static void
test_a_limit_behind_another_one_is_told_too(void **state)
{
	(void)state;
	plan.recipients_per_message = (struct pt_limit){true, 1};
	plan.message_size = (struct pt_limit){true, 999};
	message.recipients = 4;
	(void)send_next(TEST_NOW);
	check_peak(PT_REASON_RECIPIENTS_PER_MESSAGE, PT_FIGURES_RECIPIENTS, 0,
	    1, 1, 4);
	check_peak(PT_REASON_MESSAGE_SIZE, PT_FIGURES_BYTES, 0, 0, 999, 1000);
}

static void
test_enforce_mode_ends_what_passed_and_keeps_the_peak(void **state)
{
	(void)state;
	plan.messages = (struct pt_windows){1, {{3, HOUR}}};
	send_many(5, TEST_NOW, 1);
	config.mode = PT_MODE_ENFORCE;
	(void)send_next(TEST_NOW + 2 * HOUR);
	assert_int_equal(observed->passed[PT_COUNT_MESSAGES].count, 0);
	check_peak(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR, 2, 3, 5);
}

static void
test_logs_of_what_passed_go_when_they_make_no_difference(void **state)
{
	(void)state;
	plan.messages = (struct pt_windows){2, {{3, HOUR}, {50, DAY}}};
	send_many(5, TEST_NOW, 1);
	(void)send_next(TEST_NOW + DAY - 10);
	assert_int_equal(observed->passed[PT_COUNT_MESSAGES].count, 6);
	(void)send_next(TEST_NOW + DAY + 6);
	assert_int_equal(observed->passed[PT_COUNT_MESSAGES].count, 0);
	assert_int_equal(observed->count, 1);
}

static void
test_a_grant_leaves_nothing_to_note(void **state)
{
	(void)state;
	plan.messages = (struct pt_windows){1, {{1, HOUR}}};
	account.grant =
	    (struct pt_grant){.until = TEST_NOW + DAY, .amount = 3, .id = 1};
	send_many(4, TEST_NOW, 1);
	assert_int_equal(observed->count, 0);
	send_many(2, TEST_NOW + 10, 1);
	/* What passed on the grant is in no window, so none must be higher. */
	check_peak(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR, 2, 1, 3);
}

static void
test_a_peak_without_messages_takes_no_place_of_others(void **state)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_REFUSE};

	(void)state;
	plan.messages = (struct pt_windows){2, {{1, 60}, {2, HOUR}}};
	send_many(2, TEST_NOW, 1);
	for (unsigned i = 1; i < PT_WOULD_MAX; i++) {
		verdict.reason = (enum pt_reason_id)(PT_REASON_ACCESS_OFF + i);
		pt_would_note_header(&activity, &verdict, TEST_NOW);
	}
	(void)send_next(TEST_NOW + 2);
	assert_int_equal(observed->count, PT_WOULD_MAX);
	assert_null(entry_of(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR));
	check_peak(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, 60, 2, 1, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    OBSERVE(test_the_peak_is_all_that_passed_in_the_window),
	    OBSERVE(test_every_window_that_is_exceeded_has_its_peak),
	    OBSERVE(test_limits_at_the_peaks_let_the_same_traffic_pass),
	    OBSERVE(test_a_message_larger_than_a_window_raises_that_window),
	    OBSERVE(
		test_what_another_program_charged_is_not_added_to_the_window),
	    OBSERVE(test_a_limit_behind_another_one_is_told_too),
	    OBSERVE(test_enforce_mode_ends_what_passed_and_keeps_the_peak),
	    OBSERVE(test_logs_of_what_passed_go_when_they_make_no_difference),
	    OBSERVE(test_a_grant_leaves_nothing_to_note),
	    OBSERVE(test_a_peak_without_messages_takes_no_place_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
