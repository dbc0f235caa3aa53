/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Walks on a clock that was wrong, or that nobody looked at for long. */

#include "core/service/sweep.h"

#include "core/service/doubt.h"
#include "tests/unit/service_sweep.h"

#define YEAR (365 * DAY)

/* Once a day, as if by cron. */
static void
sweep_daily(int64_t from, int64_t until)
{
	for (int64_t at = from; at <= until; at += DAY)
		sweep(at);
}

static void
assert_nothing_done(void)
{
	assert_int_equal(site.sweep.told, 0);
	assert_int_equal(site.sweep.blocked, 0);
	assert_int_equal(site.sweep.history_deleted, 0);
	assert_int_equal(site.reports, 0);
}

static void
a_clock_that_is_a_year_ahead_for_a_while_ends_nothing(void **state)
{
	static const char *const heads[] = {"history_keep = \"60d\"",
	    "history_keep = \"60d\"\n"
	    "notice { from = \"postmaster@example.com\" }"};
	const int64_t offsets[] = {YEAR, 2 * YEAR, -YEAR, -30 * YEAR};
	size_t i;
	size_t j;

	for (i = 0; i < PT_ARRAY_LEN(heads); i++) {
		for (j = 0; j < PT_ARRAY_LEN(offsets); j++) {
			(void)tear_down(state);
			(void)set_up(state);
			configure(heads[i], UNUSED);
			make("ann", TEST_NOW);
			sweep(TEST_NOW + DAY);
			sweep(TEST_NOW + DAY + offsets[j]);
			assert_nothing_done();
			sweep(TEST_NOW + DAY + offsets[j] + 3600);
			assert_nothing_done();
			sweep(TEST_NOW + DAY + 7200);
			assert_nothing_done();
			sweep(TEST_NOW + DAY + 10800);
			assert_nothing_done();
			assert_int_equal(
			    store_fixture_usage(site.f->store).history, 1);
		}
	}
}

/* From when it was put right on, as if the state were new. */
static void
disuse_counts_anew_after_it(void **state)
{
	int64_t right = TEST_NOW + DAY;

	(void)state;
	make("ann", TEST_NOW);
	sweep(TEST_NOW);
	sweep(TEST_NOW + YEAR);
	sweep_daily(right, right + 59 * DAY);
	assert_int_equal(read_account("ann")->block_reason, PT_BLOCK_NONE);
	sweep(right + 60 * DAY);
	assert_int_equal(read_account("ann")->block_reason, PT_BLOCK_UNUSED);
}

static void
housekeeping_waits_until_the_clock_was_right_for_a_week(void **state)
{
	int64_t at = TEST_NOW + YEAR;

	(void)state;
	configure("history_keep = \"60d\"", "unused_after = unlimited");
	make("ann", TEST_NOW);
	sweep(TEST_NOW);
	assert_false(site.sweep.is_doubted);
	sweep(at);
	assert_true(site.sweep.is_doubted);
	assert_int_equal(site.sweep.accounts, 0);
	sweep_daily(at, at + PT_DOUBT_SECONDS - DAY);
	assert_true(site.sweep.is_doubted);
	assert_int_equal(store_fixture_usage(site.f->store).history, 1);
	sweep(at + PT_DOUBT_SECONDS);
	assert_false(site.sweep.is_doubted);
	assert_int_equal(site.sweep.accounts, 1);
	assert_int_equal(site.sweep.history_deleted, 1);
}

static void
a_jump_in_the_middle_of_a_walk_ends_it(void **state)
{
	(void)state;
	make_many(0, 2 * PT_SWEEP_STEP);
	begin();
	assert_int_equal(step(TEST_NOW), 1);
	while (step(TEST_NOW + YEAR) > 0)
		continue;
	assert_true(site.sweep.is_doubted);
	assert_int_equal(site.sweep.accounts, PT_SWEEP_STEP);
	assert_nothing_done();
}

static void
a_dry_run_leaves_no_trace(void **state)
{
	(void)state;
	make("ann", TEST_NOW);
	sweep(TEST_NOW);
	begin();
	site.sweep.dry_run = true;
	while (step(TEST_NOW + YEAR) > 0)
		continue;
	assert_true(site.sweep.is_doubted);
	sweep(TEST_NOW + DAY);
	assert_false(site.sweep.is_doubted);
	assert_int_equal(site.sweep.accounts, 1);
}

static void
seldom_walks_and_small_steps_back_are_no_reason_to_doubt(void **state)
{
	const int64_t ats[] = {TEST_NOW, TEST_NOW + PT_DOUBT_GAP_SECONDS,
	    TEST_NOW + PT_DOUBT_GAP_SECONDS - 3600,
	    TEST_NOW + PT_DOUBT_GAP_SECONDS + DAY};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(ats); i++) {
		sweep(ats[i]);
		assert_false(site.sweep.is_doubted);
	}
}

static void
live(enum pt_life_of whose, int64_t at)
{
	const struct pt_life life = {.number = 1, .seen_at = at};
	struct pt_err err;

	assert_int_equal(
	    pt_store_put_life(site.f->store, whose, &life, &err), 0);
}

static int
start_at(int64_t now)
{
	int64_t since = 0;
	struct pt_err err;
	int doubted = pt_doubt_begin(site.f->store, now, &since, &err);

	assert_int_not_equal(doubted, -1);
	assert_int_equal(since, doubted == 1 ? now : 0);
	return doubted;
}

static void
a_start_compares_the_clock_with_the_last_lives(void **state)
{
	static const struct {
		int64_t policyd, keeper, swept, now;
		int doubted;
	} cases[] = {
	    {0, 0, 0, TEST_NOW, 0},
	    {TEST_NOW, 0, 0, TEST_NOW + DAY, 0},
	    {TEST_NOW, 0, 0, TEST_NOW - DAY, 0},
	    {TEST_NOW, 0, 0, TEST_NOW - DAY - 1, 1},
	    {0, TEST_NOW, 0, TEST_NOW - YEAR, 1},
	    {0, TEST_NOW, 0, TEST_NOW + YEAR, 1},
	    {TEST_NOW, 0, 0, TEST_NOW + PT_DOUBT_GAP_SECONDS, 0},
	    {TEST_NOW, 0, 0, TEST_NOW + PT_DOUBT_GAP_SECONDS + 1, 1},
	    /* One of them was there all the time. */
	    {TEST_NOW, TEST_NOW + YEAR, 0, TEST_NOW + YEAR, 0},
	    {TEST_NOW + YEAR, TEST_NOW, 0, TEST_NOW + YEAR, 0},
	    {TEST_NOW, TEST_NOW, TEST_NOW + YEAR, TEST_NOW + YEAR, 0},
	    {0, 0, TEST_NOW, TEST_NOW + YEAR, 1},
	    /* They saw the jump, and no walk did. */
	    {TEST_NOW + YEAR, TEST_NOW + YEAR, TEST_NOW, TEST_NOW + YEAR, 1},
	};
	struct pt_swept swept = {.doubted_at = 0};
	struct pt_err err;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		live(PT_LIFE_POLICYD, cases[i].policyd);
		live(PT_LIFE_KEEPER, cases[i].keeper);
		swept.at = cases[i].swept;
		assert_int_equal(
		    pt_store_put_swept(site.f->store, &swept, &err), 0);
		if (start_at(cases[i].now) != cases[i].doubted)
			fail_msg("case %zu", i);
	}
}

static void
a_doubt_at_the_start_is_put_down(void **state)
{
	int64_t since;
	struct pt_err err;

	(void)state;
	make("ann", TEST_NOW - 90 * DAY);
	live(PT_LIFE_KEEPER, TEST_NOW);
	assert_int_equal(start_at(TEST_NOW + YEAR), 1);
	/* Also when the new life has hidden what it came from. */
	live(PT_LIFE_KEEPER, TEST_NOW + YEAR);
	assert_int_equal(
	    pt_doubt_look(site.f->store, TEST_NOW + YEAR + DAY, &since, &err),
	    1);
	assert_int_equal(since, TEST_NOW + YEAR);
	sweep(TEST_NOW + YEAR + 60);
	assert_true(site.sweep.is_doubted);
	assert_nothing_done();
}

/* As on a machine that learns the time from others, a little later. */
static void
a_clock_put_right_before_the_first_walk_delays_it_for_a_week(void **state)
{
	const int64_t offsets[] = {YEAR, -30 * YEAR};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(offsets); i++) {
		(void)tear_down(state);
		(void)set_up(state);
		sweep(TEST_NOW);
		live(PT_LIFE_KEEPER, TEST_NOW);
		assert_int_equal(start_at(TEST_NOW + offsets[i]), 1);
		live(PT_LIFE_KEEPER, TEST_NOW);
		sweep(TEST_NOW + 60);
		assert_int_equal(site.sweep.is_doubted, offsets[i] > 0);
		sweep(TEST_NOW + 60 + PT_DOUBT_SECONDS);
		assert_false(site.sweep.is_doubted);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SWEEP_TEST(a_clock_that_is_a_year_ahead_for_a_while_ends_nothing),
	    SWEEP_TEST(disuse_counts_anew_after_it),
	    SWEEP_TEST(housekeeping_waits_until_the_clock_was_right_for_a_week),
	    SWEEP_TEST(a_jump_in_the_middle_of_a_walk_ends_it),
	    SWEEP_TEST(a_dry_run_leaves_no_trace),
	    SWEEP_TEST(
		seldom_walks_and_small_steps_back_are_no_reason_to_doubt),
	    SWEEP_TEST(a_start_compares_the_clock_with_the_last_lives),
	    SWEEP_TEST(a_doubt_at_the_start_is_put_down),
	    SWEEP_TEST(
		a_clock_put_right_before_the_first_walk_delays_it_for_a_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
