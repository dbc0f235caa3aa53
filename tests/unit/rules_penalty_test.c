/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/penalty.h"

#include "core/base/attr.h"
#include "tests/unit/rules_quota.h"

#define HOUR ((int64_t)3600)
#define DAY  (24 * HOUR)

static uint32_t hash;

/* 15/1h, and 4/1h for 2d after 90/1d. */
static int
start_with_penalty(void **state)
{
	(void)start_anew(state);
	plan.messages = (struct pt_windows){1, {{15, HOUR}}};
	plan.penalty = (struct pt_penalty){
	    .on = true,
	    .window = {4, HOUR},
	    .seconds = 2 * DAY,
	    .after = {90, DAY},
	};
	hash = 0;
	return 0;
}

static struct pt_verdict
send_one(int64_t now)
{
	struct pt_charge charge = {.hash = hash, .amount = {1, 1, 1000}};
	struct pt_verdict verdict;

	hash++;
	verdict = pt_quota_charge(&plan, &account, &activity, &charge, now);
	if (verdict.code == PT_VERDICT_PERMIT)
		(void)pt_penalty_begin(&plan, &activity, now);
	return verdict;
}

/* As much as the plan permits until the penalty begins; when it did. */
static int64_t
send_until_penalty(void)
{
	int64_t now = TEST_NOW;

	while (!pt_penalty_runs(&plan, &activity, now)) {
		now += 240;
		(void)send_one(now);
		assert_true(now < TEST_NOW + 2 * DAY);
	}
	return now;
}

static void
test_the_message_that_reaches_the_limit_begins_a_term(void **state)
{
	int64_t at = send_until_penalty();

	(void)state;
	assert_int_equal(activity.total[PT_COUNT_MESSAGES], 90);
	assert_int_equal(activity.penalty.since, at);
	assert_int_equal(activity.penalty.until, at + 2 * DAY);
	assert_true(pt_penalty_runs(&plan, &activity, at + 2 * DAY - 1));
	assert_false(pt_penalty_runs(&plan, &activity, at + 2 * DAY));
	assert_false(pt_penalty_begin(&plan, &activity, at + 1));
}

static void
test_a_term_defers_with_its_window_and_its_end(void **state)
{
	int64_t at = send_until_penalty();
	struct pt_verdict verdict = send_one(at + 240);

	(void)state;
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.reason, PT_REASON_PENALTY);
	assert_int_equal(verdict.limit, 4);
	assert_int_equal(verdict.seconds, HOUR);
	assert_true(verdict.used > 4);
	assert_int_equal(verdict.term_until, at + 2 * DAY);
	assert_true(verdict.until > at + 240 && verdict.until < at + 2 * HOUR);
	assert_int_equal(send_one(verdict.until - 1).code, PT_VERDICT_DEFER);
	assert_int_equal(send_one(verdict.until).code, PT_VERDICT_PERMIT);
}

static void
test_when_the_term_is_over_the_plan_alone_holds(void **state)
{
	int64_t at = send_until_penalty();
	int64_t end = activity.penalty.until;
	unsigned i;

	(void)state;
	(void)at;
	for (i = 0; i < 4; i++)
		assert_int_equal(
		    send_one(end - 10 + i).code, PT_VERDICT_PERMIT);
	assert_int_equal(send_one(end - 1).reason, PT_REASON_PENALTY);
	/* Accepted at the end of the term, though the window is still full. */
	assert_int_equal(send_one(end - 1).until, end);
	assert_int_equal(send_one(end).code, PT_VERDICT_PERMIT);
}

static void
test_a_window_of_nothing_waits_for_the_end(void **state)
{
	struct pt_verdict verdict;
	int64_t at;

	(void)state;
	plan.penalty.window.limit = 0;
	at = send_until_penalty();
	verdict = send_one(at + 5 * HOUR);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.reason, PT_REASON_PENALTY);
	assert_int_equal(verdict.until, at + 2 * DAY);
}

static void
test_a_window_of_the_plan_that_is_free_later_is_told(void **state)
{
	struct pt_verdict verdict;
	unsigned i;

	(void)state;
	plan.messages = (struct pt_windows){2, {{15, HOUR}, {20, DAY}}};
	plan.penalty.after = (struct pt_window){10, DAY};
	for (i = 0; i < 10; i++)
		(void)send_one(TEST_NOW + i);
	for (i = 1; i <= 10; i++)
		(void)send_one(TEST_NOW + i * 1000);
	verdict = send_one(TEST_NOW + 10500);
	assert_int_equal(verdict.reason, PT_REASON_PENALTY);
	plan.messages.at[1].limit = activity.total[PT_COUNT_MESSAGES];
	verdict = send_one(TEST_NOW + 10500);
	assert_int_equal(verdict.reason, PT_REASON_QUOTA);
	assert_int_equal(verdict.seconds, DAY);
}

static void
test_a_grant_passes_a_penalty_and_counts_nowhere(void **state)
{
	int64_t at = send_until_penalty();
	struct pt_verdict verdict;

	(void)state;
	account.grant = (struct pt_grant){
	    .until = at + DAY,
	    .amount = 1,
	    .id = 7,
	};
	verdict = send_one(at + 1);
	assert_int_equal(verdict.code, PT_VERDICT_PERMIT);
	assert_true(verdict.granted);
	assert_int_equal(send_one(at + 2).reason, PT_REASON_PENALTY);
}

static void
test_a_refused_attempt_extends_only_where_the_plan_says_so(void **state)
{
	int64_t at = send_until_penalty();

	(void)state;
	assert_false(pt_penalty_extend(&plan, &activity, at + HOUR));
	assert_int_equal(activity.penalty.until, at + 2 * DAY);
	plan.penalty_extend = true;
	assert_true(pt_penalty_extend(&plan, &activity, at + HOUR));
	assert_int_equal(activity.penalty.until, at + HOUR + 2 * DAY);
	assert_int_equal(activity.penalty.since, at + HOUR);
	assert_false(pt_penalty_extend(&plan, &activity, at + HOUR));
	/* What is over stays over. */
	assert_false(pt_penalty_extend(&plan, &activity, at + 5 * DAY));
}

static void
test_a_penalty_that_is_only_watched_does_not_defer(void **state)
{
	int64_t at;

	(void)state;
	plan.observe = PT_OBSERVE_PENALTY;
	at = send_until_penalty();
	assert_int_equal(send_one(at + 600).code, PT_VERDICT_PERMIT);
	assert_int_equal(pt_penalty_look(&plan, &activity, at + 601).reason,
	    PT_REASON_PENALTY);
}

static void
test_a_term_means_nothing_to_a_plan_without_penalty(void **state)
{
	int64_t at = send_until_penalty();

	(void)state;
	plan.penalty.on = false;
	assert_false(pt_penalty_runs(&plan, &activity, at));
	assert_int_equal(send_one(at + 600).code, PT_VERDICT_PERMIT);
}

static void
test_entries_are_kept_for_all_windows_that_count(void **state)
{
	static const struct {
		size_t windows;
		struct pt_window window;
		struct pt_window after;
		size_t want;
		int64_t longest;
	} cases[] = {
	    {1, {4, HOUR}, {90, DAY}, 2, DAY},
	    {1, {4, 2 * HOUR}, {90, DAY}, 3, DAY},
	    {0, {4, HOUR}, {90, DAY}, 2, DAY},
	    {0, {4, DAY}, {90, HOUR}, 2, DAY},
	    /* A full list makes room for what is longer. */
	    {8, {4, 30}, {90, 30 * DAY}, 8, 30 * DAY},
	    {8, {4, 30 * DAY}, {90, 40 * DAY}, 8, 40 * DAY},
	};
	struct pt_windows room;
	const struct pt_windows *kept;
	size_t i;
	size_t n;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		plan.messages.count = cases[i].windows;
		for (n = 0; n < cases[i].windows; n++)
			plan.messages.at[n] =
			    (struct pt_window){n + 1, HOUR * ((int64_t)n + 1)};
		plan.penalty.window = cases[i].window;
		plan.penalty.after = cases[i].after;
		kept = pt_penalty_kept(&plan, &room);
		assert_int_equal(kept->count, cases[i].want);
		assert_int_equal(
		    kept->at[kept->count - 1].seconds, cases[i].longest);
		for (n = 1; n < kept->count; n++)
			assert_true(
			    kept->at[n - 1].seconds < kept->at[n].seconds);
	}
	plan.penalty.on = false;
	assert_ptr_equal(pt_penalty_kept(&plan, &room), &plan.messages);
}

/* What was sent, to hold the rule against. */
#define SENT_MAX 4000
static struct {
	int64_t at[SENT_MAX];
	size_t count;
} sent;

static uint64_t
sent_within(int64_t from, int64_t to)
{
	uint64_t n = 0;
	size_t i = sent.count;

	while (i > 0 && sent.at[i - 1] >= from) {
		i--;
		n += sent.at[i] <= to;
	}
	return n;
}

/*
 * Whatever the schedule: while a term runs, a message passes only if with it
 * no more than the limit passed in the window that ends there; and a term
 * begins exactly when so many were sent.
 */
static void
attempt(int64_t now)
{
	const struct pt_window *after = &plan.penalty.after;
	const struct pt_window *window = &plan.penalty.window;
	bool ran = pt_penalty_runs(&plan, &activity, now);
	struct pt_verdict verdict = send_one(now);

	if (verdict.code != PT_VERDICT_PERMIT) {
		assert_true(verdict.until > now);
		assert_true(
		    verdict.reason == PT_REASON_QUOTA ||
		    (ran && verdict.term_until == activity.penalty.until));
		return;
	}
	assert_true(sent.count < SENT_MAX);
	sent.at[sent.count++] = now;
	if (ran)
		assert_true(
		    sent_within(now - window->seconds, now) <= window->limit);
	/* Joined entries may count a little longer, never less. */
	if (sent_within(now - after->seconds, now) >= after->limit)
		assert_true(pt_penalty_runs(&plan, &activity, now));
}

static void
test_a_term_never_admits_more_than_its_window(void **state)
{
	uint64_t seed = 20261122;
	unsigned round;
	unsigned i;
	int64_t now;

	for (round = 0; round < 60; round++) {
		(void)start_with_penalty(state);
		sent.count = 0;
		plan.penalty.window.limit = 1 + test_random_below(&seed, 6);
		plan.penalty.window.seconds =
		    600 + (int64_t)test_random_below(&seed, 7200);
		plan.penalty.after.limit = 10 + test_random_below(&seed, 80);
		plan.penalty.seconds =
		    HOUR + (int64_t)test_random_below(&seed, 2 * DAY);
		plan.penalty_extend = round % 2 == 0;
		now = TEST_NOW;
		for (i = 0; i < 1500; i++) {
			now += (int64_t)test_random_below(
			    &seed, i % 100 < 50 ? 5 : 1200);
			attempt(now);
			if (test_random_below(&seed, 4) == 0)
				(void)pt_penalty_extend(&plan, &activity, now);
		}
		assert_true(sent.count > 20);
	}
}

/* One that was extended, too, and while the clock was wrong. */
static void
test_a_clock_that_was_set_back_makes_no_term_longer(void **state)
{
	static const int64_t aheads[] = {0, 40 * DAY, 365 * DAY};
	int64_t began = send_until_penalty();
	int64_t now = began;
	size_t i;

	(void)state;
	plan.penalty_extend = true;
	for (i = 0; i < 30; i++) {
		now += DAY;
		assert_true(pt_penalty_extend(&plan, &activity, now));
	}
	for (i = 0; i < PT_ARRAY_LEN(aheads); i++) {
		(void)pt_penalty_extend(&plan, &activity, now + aheads[i]);
		(void)pt_activity_settle(&activity, began - DAY);
		assert_true(activity.penalty.until <= began - DAY + 2 * DAY);
		(void)pt_penalty_extend(&plan, &activity, now);
		(void)pt_activity_settle(&activity, began + DAY);
		assert_true(activity.penalty.until <= began + DAY + 2 * DAY);
	}
}

#define TEST(fn) cmocka_unit_test_setup(fn, start_with_penalty)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_the_message_that_reaches_the_limit_begins_a_term),
	    TEST(test_a_term_defers_with_its_window_and_its_end),
	    TEST(test_when_the_term_is_over_the_plan_alone_holds),
	    TEST(test_a_window_of_nothing_waits_for_the_end),
	    TEST(test_a_window_of_the_plan_that_is_free_later_is_told),
	    TEST(test_a_grant_passes_a_penalty_and_counts_nowhere),
	    TEST(test_a_refused_attempt_extends_only_where_the_plan_says_so),
	    TEST(test_a_clock_that_was_set_back_makes_no_term_longer),
	    TEST(test_a_penalty_that_is_only_watched_does_not_defer),
	    TEST(test_a_term_means_nothing_to_a_plan_without_penalty),
	    TEST(test_entries_are_kept_for_all_windows_that_count),
	    TEST(test_a_term_never_admits_more_than_its_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
