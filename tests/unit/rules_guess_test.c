/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Wrong passwords: each counts once, and too many block. */

#include "core/rules/guess.h"
#include "tests/unit/rules_fixture.h"

static struct rules_site site;

static int
start(void **state)
{
	(void)state;
	rules_start(&site);
	(void)rules_enable(&site);
	site.plan.guesses = rules_windows(5, 3600);
	return 0;
}

static struct pt_guess guess;

static bool
count(uint32_t hash, int64_t now)
{
	guess = pt_guess_count(&site.config, &site.account, &site.activity,
	    &site.usage, hash, now);
	return guess.counted;
}

static uint32_t
hash_of(const char *login, const char *secret)
{
	struct pt_login parsed = test_login(login);

	return pt_guess_hash(&parsed, secret, strlen(secret));
}

static void
test_hash_knows_a_password_again_and_tells_little(void **state)
{
	(void)state;
	assert_int_equal(hash_of("ann@example.com", "Summer 2026"),
	    hash_of("ANN@example.com", "summer2026"));
	assert_int_not_equal(hash_of("ann@example.com", "summer2026"),
	    hash_of("bob@example.com", "summer2026"));
	assert_int_not_equal(hash_of("ann@example.com", "summer2026"),
	    hash_of("ann@example.com", "summer2027"));
	assert_true(hash_of("ann@example.com", "summer2026") <= 0xffff);
}

static void
test_forgotten_phone_counts_once(void **state)
{
	int i;

	(void)state;
	assert_true(count(1, TEST_NOW));
	for (i = 1; i < 1000; i++)
		assert_false(count(1, TEST_NOW + i));
	assert_int_equal(site.usage.guess_count, 1);
	assert_int_equal(site.activity.block.reason, PT_BLOCK_NONE);
}

static void
test_distinct_guesses_block_at_the_limit(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_true(count(i, TEST_NOW + i));
		assert_false(guess.blocked);
	}
	assert_int_equal(site.activity.block.reason, PT_BLOCK_NONE);
	assert_true(count(4, TEST_NOW + 4));
	assert_true(guess.blocked);
	assert_int_equal(site.activity.block.reason, PT_BLOCK_CRACKED);
	assert_int_equal(site.activity.block.at, TEST_NOW + 4);
	assert_int_equal(site.activity.block.figures.unit, PT_FIGURES_GUESSES);
	assert_int_equal(site.activity.block.figures.used, 5);
	assert_int_equal(site.activity.block.figures.limit, 5);
	assert_int_equal(site.activity.block.figures.seconds, 3600);
	/* One that is pending keeps its time. */
	for (i = 5; i < 10; i++)
		assert_true(count(i, TEST_NOW + 5));
	assert_false(guess.blocked);
	assert_int_equal(site.activity.block.at, TEST_NOW + 4);
}

static void
test_guesses_that_are_only_observed_say_so(void **state)
{
	uint32_t i;

	(void)state;
	site.plan.observe = PT_OBSERVE_GUESSES;
	for (i = 0; i < 4; i++) {
		assert_true(count(i, TEST_NOW));
		assert_false(guess.would);
	}
	assert_true(count(4, TEST_NOW));
	assert_true(guess.would);
	assert_false(guess.blocked);
	assert_int_equal(guess.figures.used, 5);
	assert_int_equal(site.activity.block.reason, PT_BLOCK_NONE);
}

static void
test_who_comes_back_is_not_blocked_for_the_guesses_of_before(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_true(count(i, TEST_NOW));
	assert_true(guess.blocked);
	site.activity.block.reason = PT_BLOCK_NONE;
	/* The wrong passwords of before are known. */
	assert_false(count(4, TEST_NOW + 1));
	for (i = 5; i < 9; i++)
		assert_true(count(i, TEST_NOW + 1));
	assert_false(guess.blocked);
	assert_true(count(9, TEST_NOW + 1));
	assert_true(guess.blocked);
}

static void
test_guesses_block_in_observe_mode_too(void **state)
{
	uint32_t i;

	(void)state;
	site.config.mode = PT_MODE_OBSERVE;
	for (i = 0; i < 5; i++)
		assert_true(count(i, TEST_NOW));
	assert_int_equal(site.activity.block.reason, PT_BLOCK_CRACKED);
}

static void
test_slow_guesses_do_not_block(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 200; i++)
		assert_true(count(i, TEST_NOW + (int64_t)i * 901));
	assert_int_equal(site.activity.block.reason, PT_BLOCK_NONE);
	assert_int_equal(site.usage.guess_count, PT_GUESSES_MAX);
	assert_int_equal(site.usage.guess[PT_GUESSES_MAX - 1], 199);
	assert_int_equal(site.usage.guess[0], 200 - PT_GUESSES_MAX);
}

static void
make_unknown(struct rules_site *at)
{
	at->account.exists = false;
}

static void
make_unlimited(struct rules_site *at)
{
	at->plan.guesses.count = 0;
}

static void
test_nothing_is_counted_where_nothing_can_be_guessed(void **state)
{
	static void (*const makes[])(struct rules_site *) = {make_unknown,
	    rules_make_off, rules_make_never, rules_make_blocked,
	    make_unlimited, rules_make_unknown_plan};
	struct pt_usage before;
	uint32_t i;
	size_t j;

	for (j = 0; j < PT_ARRAY_LEN(makes); j++) {
		(void)start(state);
		makes[j](&site);
		before = site.usage;
		for (i = 0; i < 10; i++)
			assert_false(count(i, TEST_NOW));
		assert_memory_equal(&site.usage, &before, sizeof(before));
		assert_int_equal(site.activity.block.reason, PT_BLOCK_NONE);
	}
}

static void
test_guesses_of_the_future_count_as_of_now(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		(void)count(i, TEST_NOW + RULES_DAY);
	(void)count(3, TEST_NOW);
	assert_int_equal(site.usage.guesses.count, 1);
	assert_int_equal(site.usage.guesses.entry[0].at, TEST_NOW);
	assert_int_equal(site.usage.guesses.entry[0].amount, 4);
	(void)count(4, TEST_NOW);
	assert_int_equal(site.activity.block.at, TEST_NOW);
}

#define GUESS_TEST(fn) cmocka_unit_test_setup(fn, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    GUESS_TEST(test_hash_knows_a_password_again_and_tells_little),
	    GUESS_TEST(test_forgotten_phone_counts_once),
	    GUESS_TEST(test_distinct_guesses_block_at_the_limit),
	    GUESS_TEST(test_guesses_that_are_only_observed_say_so),
	    GUESS_TEST(
		test_who_comes_back_is_not_blocked_for_the_guesses_of_before),
	    GUESS_TEST(test_guesses_block_in_observe_mode_too),
	    GUESS_TEST(test_slow_guesses_do_not_block),
	    GUESS_TEST(test_nothing_is_counted_where_nothing_can_be_guessed),
	    GUESS_TEST(test_guesses_of_the_future_count_as_of_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
