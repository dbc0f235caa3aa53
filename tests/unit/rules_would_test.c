/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What is only observed, as messages leave it in the activity. */
#include "tests/unit/rules_would_fixture.h"

static void
test_nothing_is_noted_of_what_would_pass(void **state)
{
	(void)state;
	plan.messages = (struct pt_windows){1, {{5, HOUR}}};
	send_many(5, TEST_NOW, 1);
	assert_int_equal(observed->count, 0);
	assert_int_equal(observed->hash_count, 0);
	assert_int_equal(observed->passed[PT_COUNT_MESSAGES].count, 0);
}

static void
test_what_no_limit_could_change_has_a_reason_alone(void **state)
{
	static const struct {
		const char *sender;
		bool encrypted;
		enum pt_reason_id reason;
	} cases[] = {
	    {"carol@example.com", true, PT_REASON_SENDER_NOT_OWNED},
	    {"alice@example.com", false, PT_REASON_TLS_REQUIRED},
	};

	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)start_observing(state);
		config.require_tls = true;
		plan.messages = (struct pt_windows){1, {{5, HOUR}}};
		message.sender = cases[i].sender;
		message.encrypted = cases[i].encrypted;
		send_many(3, TEST_NOW, 1);
		assert_int_equal(observed->count, 1);
		check_peak(cases[i].reason, PT_FIGURES_NONE, 0, 3, 0, 0);
		/* They would not have gone out, whatever the limit. */
		assert_int_equal(observed->passed[PT_COUNT_MESSAGES].count, 0);
	}
}

static void
test_a_message_is_noted_at_its_end_and_once(void **state)
{
	(void)state;
	plan.messages = (struct pt_windows){1, {{1, HOUR}}};
	(void)send_next(TEST_NOW);
	message.stage = PT_MESSAGE_LOOK;
	assert_int_equal(send_next(TEST_NOW + 1).reason, PT_REASON_QUOTA);
	assert_int_equal(observed->count, 0);
	message.stage = PT_MESSAGE_CHARGE;
	(void)send_next(TEST_NOW + 1);
	assert_true(effects.activity_changed);
	/* The milter comes after policyd, with an attempt of its own, and has
	 * nothing to write. */
	message.hash--;
	(void)send_next(TEST_NOW + 1);
	assert_false(effects.activity_changed);
	check_peak(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR, 1, 1, 2);
	/* Also when there is room meanwhile. */
	message.hash--;
	assert_int_equal(
	    send_next(TEST_NOW + HOUR + 1).code, PT_VERDICT_PERMIT);
	assert_int_equal(
	    observed->passed[PT_COUNT_MESSAGES].entry[0].amount, 1);
}

/* Other filters may hold them between policyd and the milter. */
static void
test_many_messages_at_a_time_are_noted_once_each(void **state)
{
	const uint32_t first = message.hash;

	(void)state;
	plan.messages = (struct pt_windows){1, {{1, HOUR}}};
	(void)send_next(TEST_NOW);
	for (int program = 0; program < 2; program++) {
		message.hash = first + 1;
		send_many(PT_WOULD_HASHES_MAX, TEST_NOW + program, 0);
	}
	check_peak(PT_REASON_QUOTA, PT_FIGURES_MESSAGES, HOUR,
	    PT_WOULD_HASHES_MAX, 1, PT_WOULD_HASHES_MAX + 1);
	/* In enforce mode nobody asks for them. */
	config.mode = PT_MODE_ENFORCE;
	(void)send_next(TEST_NOW + DAY);
	assert_int_equal(observed->hash_count, 0);
}

static void
test_what_the_plan_observes_is_noted_in_enforce_mode(void **state)
{
	for (size_t i = 0; i < PT_ARRAY_LEN(limits); i++) {
		(void)start_anew(state);
		limits[i].make();
		plan.observe = limits[i].observe;
		for (unsigned n = 0; n < MESSAGES; n++) {
			(void)send_next(TEST_NOW + n);
			limits[i].step();
		}
		assert_int_equal(observed->count, 1);
		check_peak(limits[i].reason, limits[i].unit,
		    limits[i].window.seconds, MESSAGES - limits[i].permitted,
		    limits[i].window.limit, MESSAGES);
		assert_int_equal(observed->hash_count, 0);
	}
}

static void
test_a_watched_limit_of_one_message_has_its_amount(void **state)
{
	const struct pt_verdict verdict = {
	    .code = PT_VERDICT_REFUSE,
	    .reason = PT_REASON_MESSAGE_SIZE,
	    .used = 70,
	    .amount = 70,
	    .limit = 50,
	};

	(void)state;
	pt_would_note_watched(&activity, &verdict, TEST_NOW);
	check_peak(PT_REASON_MESSAGE_SIZE, PT_FIGURES_BYTES, 0, 1, 50, 70);
}

static void
test_of_signals_observe_mode_knows_no_peak(void **state)
{
	(void)state;
	make_clients();
	for (unsigned n = 0; n < MESSAGES; n++) {
		(void)send_next(TEST_NOW + n);
		next_client();
	}
	check_peak(PT_REASON_CLIENT_ADDRESSES, PT_FIGURES_ADDRESSES, HOUR,
	    MESSAGES - 2, 2, 0);
}

static void
test_a_penalty_is_told_by_its_own_window(void **state)
{
	(void)state;
	make_penalty();
	send_many(9, TEST_NOW, 1);
	check_peak(PT_REASON_PENALTY, PT_FIGURES_MESSAGES, HOUR, 4, 2, 9);
}

static void
test_a_block_that_would_have_been_is_noted(void **state)
{
	(void)state;
	plan.messages = (struct pt_windows){1, {{1, HOUR}}};
	plan.block_after_refusals = (struct pt_windows){1, {{3, HOUR}}};
	send_many(10, TEST_NOW, 1);
	check_peak(PT_REASON_BLOCKED, PT_FIGURES_REFUSALS, HOUR, 1, 3, 4);
	assert_int_equal(activity.block.reason, PT_BLOCK_NONE);
}

/* Each bounce over the limit tells of the same one. */
static void
test_a_block_counts_once_in_its_window(void **state)
{
	struct pt_figures figures = {PT_FIGURES_BOUNCES, 26, 25, HOUR};

	(void)state;
	for (int i = 0; i < 5; i++) {
		pt_would_note_block(&activity, &figures, TEST_NOW + i * HOUR);
		figures.used++;
	}
	check_peak(PT_REASON_BLOCKED, PT_FIGURES_BOUNCES, HOUR, 1, 25, 30);
	pt_would_note_block(&activity, &figures, TEST_NOW + 5 * HOUR + 1);
	check_peak(PT_REASON_BLOCKED, PT_FIGURES_BOUNCES, HOUR, 2, 25, 31);
}

static void
test_nothing_is_noted_of_what_is_refused(void **state)
{
	(void)state;
	config.mode = PT_MODE_ENFORCE;
	plan.messages = (struct pt_windows){1, {{1, HOUR}}};
	send_many(5, TEST_NOW, 1);
	assert_int_equal(observed->count, 0);
}

static void
test_an_unknown_plan_is_a_reason_too(void **state)
{
	(void)state;
	memcpy(account.plan, "gold", 5);
	send_many(2, TEST_NOW, 1);
	check_peak(PT_REASON_PLAN_UNKNOWN, PT_FIGURES_NONE, 0, 2, 0, 0);
}

static void
test_of_nine_the_one_met_longest_ago_gives_way(void **state)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_REFUSE};

	(void)state;
	for (unsigned i = 0; i <= PT_WOULD_MAX; i++) {
		verdict.reason = (enum pt_reason_id)(PT_REASON_ACCESS_OFF + i);
		pt_would_note_header(&activity, &verdict, TEST_NOW + i);
		/* The first comes again and again. */
		verdict.reason = PT_REASON_ACCESS_OFF;
		pt_would_note_header(&activity, &verdict, TEST_NOW + i);
	}
	assert_int_equal(observed->count, PT_WOULD_MAX);
	assert_int_equal(
	    need(PT_REASON_ACCESS_OFF, PT_FIGURES_NONE, 0)->messages,
	    PT_WOULD_MAX + 2);
	assert_null(entry_of(PT_REASON_PASSWORD_REVOKED, PT_FIGURES_NONE, 0));
	assert_int_equal(observed->entry[PT_WOULD_MAX - 1].first_at,
	    TEST_NOW + PT_WOULD_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    OBSERVE(test_nothing_is_noted_of_what_would_pass),
	    OBSERVE(test_what_no_limit_could_change_has_a_reason_alone),
	    OBSERVE(test_a_message_is_noted_at_its_end_and_once),
	    OBSERVE(test_many_messages_at_a_time_are_noted_once_each),
	    OBSERVE(test_what_the_plan_observes_is_noted_in_enforce_mode),
	    OBSERVE(test_a_watched_limit_of_one_message_has_its_amount),
	    OBSERVE(test_of_signals_observe_mode_knows_no_peak),
	    OBSERVE(test_a_penalty_is_told_by_its_own_window),
	    OBSERVE(test_a_block_that_would_have_been_is_noted),
	    OBSERVE(test_a_block_counts_once_in_its_window),
	    OBSERVE(test_nothing_is_noted_of_what_is_refused),
	    OBSERVE(test_an_unknown_plan_is_a_reason_too),
	    OBSERVE(test_of_nine_the_one_met_longest_ago_gives_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
