/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "keeper/schedule.h"

#include "tests/unit/support/testing.h"

#define START_MS ((int64_t)5000000)
#define USUAL    ((unsigned)PK_DUE_TICK | PK_DUE_SECOND)

static struct pk_schedule
started(uint64_t watchdog_ms)
{
	struct pk_schedule schedule;

	pk_schedule_init(&schedule, watchdog_ms, START_MS);
	return schedule;
}

/* A keeper without work of its own: how often was each thing due? */
struct counts {
	unsigned ticks, seconds, minutes, watchdogs, sweeps;
};

static struct counts
live(struct pk_schedule *schedule, int64_t from_ms, int64_t to_ms)
{
	struct counts counts = {0};
	int64_t now_ms = from_ms;
	unsigned due;

	while (now_ms < to_ms) {
		due = pk_schedule_take(schedule, now_ms);
		assert_true(due != 0);
		counts.ticks += (due & PK_DUE_TICK) != 0;
		counts.seconds += (due & PK_DUE_SECOND) != 0;
		counts.minutes += (due & PK_DUE_MINUTE) != 0;
		counts.watchdogs += (due & PK_DUE_WATCHDOG) != 0;
		counts.sweeps += (due & PK_DUE_SWEEP) != 0;
		if ((due & PK_DUE_SWEEP) != 0)
			pk_schedule_stepped(
			    schedule, PK_STEP_DONE, now_ms, now_ms);
		assert_int_equal(pk_schedule_take(schedule, now_ms), 0);
		now_ms += pk_schedule_wait_ms(schedule, now_ms);
	}
	return counts;
}

static void
each_thing_is_due_as_often_as_it_should_be(void **state)
{
	struct pk_schedule schedule = started(5000);
	struct counts counts = live(&schedule, START_MS, START_MS + 3600000);

	(void)state;
	assert_int_equal(counts.ticks, 3600 * 4);
	assert_int_equal(counts.seconds, 3600);
	assert_int_equal(counts.minutes, 59);
	assert_int_equal(counts.watchdogs, 720);
	assert_int_equal(counts.sweeps, 1);
	counts = live(&schedule, START_MS + 3600000, START_MS + 3 * 3600000);
	assert_int_equal(counts.sweeps, 2);
}

static void
nobody_is_told_who_does_not_want_to_know(void **state)
{
	struct pk_schedule schedule = started(0);
	struct counts counts = live(&schedule, START_MS, START_MS + 60000);

	(void)state;
	assert_int_equal(counts.watchdogs, 0);
	assert_int_equal(counts.ticks, 240);
}

static void
what_is_late_is_done_once(void **state)
{
	struct pk_schedule schedule = started(1000);

	(void)state;
	assert_int_equal(
	    pk_schedule_take(&schedule, START_MS), USUAL | PK_DUE_WATCHDOG);
	assert_int_equal(pk_schedule_take(&schedule, START_MS + 50000),
	    USUAL | PK_DUE_WATCHDOG);
	assert_int_equal(pk_schedule_take(&schedule, START_MS + 50000), 0);
	assert_int_equal(pk_schedule_wait_ms(&schedule, START_MS + 50000), 250);
	assert_int_equal(pk_schedule_wait_ms(&schedule, START_MS + 50100), 150);
	assert_int_equal(pk_schedule_wait_ms(&schedule, START_MS + 99000), 0);
}

static void
a_walk_begins_a_minute_after_the_start(void **state)
{
	struct pk_schedule schedule = started(0);

	(void)state;
	assert_false(schedule.is_sweeping);
	assert_int_equal(
	    pk_schedule_take(&schedule, START_MS + 59999) & PK_DUE_SWEEP, 0);
	assert_int_equal(
	    pk_schedule_take(&schedule, START_MS + 60000) & PK_DUE_SWEEP,
	    PK_DUE_SWEEP);
	assert_true(schedule.is_sweeping);
}

/* Steps of any length: what is between them is three times as long. */
static void
a_walk_takes_a_quarter_of_the_time_at_most(void **state)
{
	struct pk_schedule schedule = started(0);
	int64_t now_ms = START_MS + 60000;
	int64_t begun_ms = now_ms;
	int64_t worked_ms = 0;
	uint64_t seed = 20261122;
	int64_t step_ms;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		assert_true(
		    (pk_schedule_take(&schedule, now_ms) & PK_DUE_SWEEP) != 0);
		step_ms = (int64_t)test_random_below(&seed, 40);
		pk_schedule_stepped(
		    &schedule, PK_STEP_MORE, now_ms, now_ms + step_ms);
		now_ms += step_ms;
		worked_ms += step_ms;
		assert_true(schedule.is_sweeping);
		assert_true(schedule.sweep_ms - now_ms >= PK_SCHEDULE_PAUSE_MS);
		/* Other things are done meanwhile. */
		while (now_ms < schedule.sweep_ms) {
			assert_int_equal(
			    pk_schedule_take(&schedule, now_ms) & PK_DUE_SWEEP,
			    0);
			now_ms += pk_schedule_wait_ms(&schedule, now_ms);
		}
	}
	assert_true(worked_ms > 10000);
	assert_true(worked_ms * 4 <= now_ms - begun_ms);
	/* And it is not much slower than that. */
	assert_true(worked_ms * 5 >= now_ms - begun_ms);
}

static void
a_step_that_failed_is_tried_again_later(void **state)
{
	struct pk_schedule schedule = started(0);
	int64_t now_ms = START_MS + 60000;

	(void)state;
	(void)pk_schedule_take(&schedule, now_ms);
	pk_schedule_stepped(&schedule, PK_STEP_FAILED, now_ms, now_ms + 5);
	assert_true(schedule.is_sweeping);
	assert_int_equal(
	    pk_schedule_take(&schedule, now_ms + 10004) & PK_DUE_SWEEP, 0);
	assert_int_equal(
	    pk_schedule_take(&schedule, now_ms + 10005) & PK_DUE_SWEEP,
	    PK_DUE_SWEEP);
}

static void
a_walk_that_is_wanted_begins_now_but_never_hurries(void **state)
{
	struct pk_schedule schedule = started(0);

	(void)state;
	pk_schedule_sweep_now(&schedule, START_MS);
	assert_true(
	    (pk_schedule_take(&schedule, START_MS) & PK_DUE_SWEEP) != 0);
	pk_schedule_stepped(&schedule, PK_STEP_MORE, START_MS, START_MS + 9);
	pk_schedule_sweep_now(&schedule, START_MS + 10);
	assert_int_equal(
	    pk_schedule_take(&schedule, START_MS + 10) & PK_DUE_SWEEP, 0);
	pk_schedule_stepped(
	    &schedule, PK_STEP_DONE, START_MS + 50, START_MS + 51);
	assert_false(schedule.is_sweeping);
	pk_schedule_sweep_now(&schedule, START_MS + 52);
	assert_true(
	    (pk_schedule_take(&schedule, START_MS + 52) & PK_DUE_SWEEP) != 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_thing_is_due_as_often_as_it_should_be),
	    cmocka_unit_test(nobody_is_told_who_does_not_want_to_know),
	    cmocka_unit_test(what_is_late_is_done_once),
	    cmocka_unit_test(a_walk_begins_a_minute_after_the_start),
	    cmocka_unit_test(a_walk_takes_a_quarter_of_the_time_at_most),
	    cmocka_unit_test(a_step_that_failed_is_tried_again_later),
	    cmocka_unit_test(
		a_walk_that_is_wanted_begins_now_but_never_hurries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
