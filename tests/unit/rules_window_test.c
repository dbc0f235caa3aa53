/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/window.h"

#include "tests/unit/support/testing.h"

static struct pt_windows
windows_of(size_t n, const struct pt_window *at)
{
	struct pt_windows windows = {.count = n};
	size_t i;

	for (i = 0; i < n; i++)
		windows.at[i] = at[i];
	return windows;
}

static void
test_used_counts_the_second_of_the_window_end_too(void **state)
{
	struct pt_windows windows = windows_of(1, &(struct pt_window){5, 60});
	struct pt_window_log log = {0};

	(void)state;
	pt_window_add(&log, &windows, 1, TEST_NOW);
	assert_int_equal(pt_window_used(&log, 60, TEST_NOW), 1);
	/* Stamped 0, it may have passed at 0.99: 60.5 is within a minute. */
	assert_int_equal(pt_window_used(&log, 60, TEST_NOW + 60), 1);
	assert_int_equal(pt_window_used(&log, 60, TEST_NOW + 61), 0);
}

static void
test_free_at_names_the_first_moment_that_admits(void **state)
{
	struct pt_windows windows = windows_of(1, &(struct pt_window){5, 60});
	struct pt_window_log log = {0};
	int64_t t;

	(void)state;
	for (t = 0; t < 50; t += 10)
		pt_window_add(&log, &windows, 1, TEST_NOW + t);
	t = TEST_NOW + 45;
	assert_int_equal(
	    pt_window_free_at(&log, &windows.at[0], 1, t), TEST_NOW + 61);
	assert_int_equal(
	    pt_window_free_at(&log, &windows.at[0], 2, t), TEST_NOW + 71);
	assert_int_equal(
	    pt_window_free_at(&log, &windows.at[0], 5, t), TEST_NOW + 101);
	assert_int_equal(pt_window_free_at(&log, &windows.at[0], 6, t), -1);
	assert_int_equal(pt_window_free_at(&log, &windows.at[0], 0, t), t);
	t = TEST_NOW + 61;
	assert_int_equal(pt_window_free_at(&log, &windows.at[0], 1, t), t);
}

static void
test_free_at_with_limit_zero_admits_nothing(void **state)
{
	struct pt_window closed = {0, 60};
	struct pt_window_log log = {0};

	(void)state;
	assert_int_equal(pt_window_free_at(&log, &closed, 1, TEST_NOW), -1);
}

static void
test_full_names_the_window_that_admits_last(void **state)
{
	const struct pt_window at[] = {{2, 60}, {3, 3600}, {4, 7200}};
	struct pt_windows windows = windows_of(3, at);
	struct pt_window_log log = {0};
	int64_t free_at = 7;

	(void)state;
	assert_null(pt_window_full(&log, &windows, 1, TEST_NOW, &free_at));
	assert_int_equal(free_at, 7);
	pt_window_add(&log, &windows, 2, TEST_NOW);
	assert_ptr_equal(pt_window_full(&log, &windows, 1, TEST_NOW, &free_at),
	    &windows.at[0]);
	assert_int_equal(free_at, TEST_NOW + 61);
	pt_window_add(&log, &windows, 1, TEST_NOW + 10);
	assert_ptr_equal(
	    pt_window_full(&log, &windows, 1, TEST_NOW + 11, &free_at),
	    &windows.at[1]);
	assert_int_equal(free_at, TEST_NOW + 3601);
	/* One that never admits it outranks all that only take time. */
	assert_ptr_equal(
	    pt_window_full(&log, &windows, 4, TEST_NOW + 11, &free_at),
	    &windows.at[1]);
	assert_int_equal(free_at, -1);
}

static void
test_add_without_windows_keeps_nothing(void **state)
{
	struct pt_windows none = {0};
	struct pt_windows one = windows_of(1, &(struct pt_window){5, 60});
	struct pt_window_log log = {0};

	(void)state;
	pt_window_add(&log, &one, 1, TEST_NOW);
	pt_window_add(&log, &none, 1, TEST_NOW + 1);
	assert_int_equal(log.count, 0);
}

static void
test_add_of_one_second_shares_an_entry(void **state)
{
	struct pt_windows windows =
	    windows_of(1, &(struct pt_window){1000, 3600});
	struct pt_window_log log = {0};
	int i;

	(void)state;
	for (i = 0; i < 1000; i++)
		pt_window_add(&log, &windows, 1, TEST_NOW);
	assert_int_equal(log.count, 1);
	assert_int_equal(pt_window_used(&log, 3600, TEST_NOW), 1000);
	assert_int_equal(log.entry[0].since, TEST_NOW);
}

static void
test_used_saturates_instead_of_wrapping(void **state)
{
	struct pt_windows windows =
	    windows_of(1, &(struct pt_window){UINT64_MAX, 3600});
	struct pt_window_log log = {0};

	(void)state;
	pt_window_add(&log, &windows, UINT64_MAX - 1, TEST_NOW);
	pt_window_add(&log, &windows, 7, TEST_NOW);
	pt_window_add(&log, &windows, UINT64_MAX, TEST_NOW + 1);
	assert_true(pt_window_used(&log, 3600, TEST_NOW + 1) == UINT64_MAX);
}

static void
test_plans_of_providers_stay_exact(void **state)
{
	/* 5/1m and 15/1h never hold more than 16 entries: nothing is joined. */
	const struct pt_window at[] = {{5, 60}, {15, 3600}};
	struct pt_windows windows = windows_of(2, at);
	struct pt_window_log log = {0};
	uint64_t random = 42;
	int64_t now = TEST_NOW;
	unsigned i;
	unsigned j;

	(void)state;
	for (i = 0; i < 20000; i++) {
		now += (int64_t)test_random_below(&random, 400);
		if (pt_window_free_at(&log, &at[0], 1, now) == now &&
		    pt_window_free_at(&log, &at[1], 1, now) == now)
			pt_window_add(&log, &windows, 1, now);
		for (j = 0; j < log.count; j++)
			assert_int_equal(log.entry[j].at, log.entry[j].since);
	}
}

/*
 * The two promises, for random windows and schedules, against a memory of
 * everything that passed.
 */
#define PASSED_MAX 4096

struct memory {
	size_t count;
	int64_t at[PASSED_MAX];
	uint64_t amount[PASSED_MAX];
};

static uint64_t
passed_since(const struct memory *memory, int64_t since)
{
	uint64_t sum = 0;
	size_t i = memory->count;

	while (i > 0 && memory->at[i - 1] >= since)
		sum += memory->amount[--i];
	return sum;
}

static void
random_windows(uint64_t *random, struct pt_windows *windows)
{
	int64_t seconds = 0;
	uint64_t limit = 0;
	size_t i;

	windows->count = 1 + test_random_below(random, 4);
	for (i = 0; i < windows->count; i++) {
		seconds += 1 + (int64_t)test_random_below(random, 60) *
				   (int64_t)(i == 0 ? 1 : seconds / 4 + 1);
		limit += 1 + test_random_below(random,
				 test_random_below(random, 2) == 0 ? 60 : 1000);
		windows->at[i].seconds = seconds;
		windows->at[i].limit = limit;
	}
}

/* How much longer than its length a window may hold a unit. */
static int64_t
stretch(const struct pt_windows *windows, const struct pt_window *window)
{
	int64_t k = (int64_t)windows->count;
	int64_t pairs = (31 + k - 1) / k;

	return 2 * (window->seconds + 1) / (pairs - 1) + 2;
}

static void
try_one(const struct pt_windows *windows, struct pt_window_log *log,
    struct memory *memory, uint64_t amount, int64_t now)
{
	const struct pt_window *window;
	bool fits = true;
	size_t i;

	for (i = 0; i < windows->count; i++) {
		window = &windows->at[i];
		if (pt_window_free_at(log, window, amount, now) == now)
			continue;
		fits = false;
		/* Refused: a window a little longer is full indeed. */
		assert_true(amount > window->limit ||
			    passed_since(memory, now - window->seconds -
						     stretch(windows, window)) >
				window->limit - amount);
	}
	if (!fits)
		return;
	pt_window_add(log, windows, amount, now);
	memory->at[memory->count] = now;
	memory->amount[memory->count++] = amount;
	for (i = 0; i < windows->count; i++)
		assert_true(
		    passed_since(memory, now - windows->at[i].seconds) <=
		    windows->at[i].limit);
}

/*
 * Pauses between tries.  One way of sending lasts for a while: wide pauses
 * followed by a steady stream are what tempts a log to join for ever into
 * its newest entry.
 */
static int64_t
random_pause(uint64_t *random, const struct pt_windows *windows, unsigned i)
{
	static const uint64_t parts[] = {1, 8, 40, 200, 1000};
	static uint64_t part = 1;
	uint64_t longest = (uint64_t)windows->at[windows->count - 1].seconds;

	if (i % 30 == 0)
		part = parts[test_random_below(random, 5)];
	return (int64_t)test_random_below(random, longest / part + 2);
}

static void
test_no_window_admits_too_much_nor_holds_too_long(void **state)
{
	static struct memory memory;
	struct pt_windows windows = {0};
	struct pt_window_log log;
	uint64_t random = 20261121;
	uint64_t amount;
	int64_t now;
	unsigned schedule;
	unsigned i;

	(void)state;
	for (schedule = 0; schedule < 400; schedule++) {
		random_windows(&random, &windows);
		log.count = 0;
		memory.count = 0;
		now = TEST_NOW;
		for (i = 0; i < PASSED_MAX; i++) {
			now += random_pause(&random, &windows, i);
			amount = test_random_below(&random, 4) == 0
				     ? 1 + test_random_below(&random, 9)
				     : 1;
			try_one(&windows, &log, &memory, amount, now);
			assert_true(log.count <= PT_WINDOW_LOG_MAX);
		}
	}
}

static void
test_free_at_is_true_when_nothing_else_passes(void **state)
{
	static struct memory memory;
	struct pt_windows windows = {0};
	struct pt_window_log log;
	uint64_t random = 7;
	int64_t free_at;
	int64_t now;
	unsigned schedule;
	unsigned i;

	(void)state;
	for (schedule = 0; schedule < 200; schedule++) {
		random_windows(&random, &windows);
		log.count = 0;
		memory.count = 0;
		now = TEST_NOW;
		for (i = 0; i < 300; i++) {
			now += random_pause(&random, &windows, i);
			try_one(&windows, &log, &memory, 1, now);
		}
		free_at = pt_window_free_at(&log, &windows.at[0], 1, now);
		assert_true(free_at >= now);
		assert_int_equal(
		    pt_window_free_at(&log, &windows.at[0], 1, free_at),
		    free_at);
		if (free_at > now)
			assert_true(pt_window_free_at(&log, &windows.at[0], 1,
					free_at - 1) == free_at);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_used_counts_the_second_of_the_window_end_too),
	    cmocka_unit_test(test_free_at_names_the_first_moment_that_admits),
	    cmocka_unit_test(test_free_at_with_limit_zero_admits_nothing),
	    cmocka_unit_test(test_full_names_the_window_that_admits_last),
	    cmocka_unit_test(test_add_without_windows_keeps_nothing),
	    cmocka_unit_test(test_add_of_one_second_shares_an_entry),
	    cmocka_unit_test(test_used_saturates_instead_of_wrapping),
	    cmocka_unit_test(test_plans_of_providers_stay_exact),
	    cmocka_unit_test(test_no_window_admits_too_much_nor_holds_too_long),
	    cmocka_unit_test(test_free_at_is_true_when_nothing_else_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
