/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/notice.h"
#include "tests/unit/support/random_activity.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

#define NOW TEST_NOW

static void
start(struct pt_activity *activity)
{
	struct pt_login login = test_login("ann@example.com");

	memset(activity, 0xee, sizeof(*activity));
	pt_activity_init(activity, &login);
}

static void
add_entry(struct pt_window_log *log, int64_t at, int64_t since, uint64_t amount)
{
	log->entry[log->count++] = (struct pt_window_entry){
	    .at = at, .since = since, .amount = amount};
}

static void
check_entry(const struct pt_window_entry *entry, int64_t at, int64_t since,
    uint64_t amount)
{
	assert_int_equal(entry->at, at);
	assert_int_equal(entry->since, since);
	assert_int_equal(entry->amount, amount);
}

static void
a_new_record_is_empty(void **state)
{
	struct pt_activity activity;

	(void)state;
	start(&activity);
	assert_string_equal(activity.login.text, "ann@example.com");
	assert_false(activity.exists);
	for (int i = 0; i < PT_COUNTED; i++) {
		assert_int_equal(activity.log[i].count, 0);
		assert_int_equal(activity.total[i], 0);
	}
	assert_int_equal(activity.recent_count, 0);
	assert_int_equal(activity.grant_id, 0);
	assert_int_equal(activity.grant_used, 0);
	assert_int_equal(activity.last_sent_at, 0);
	assert_int_equal(activity.refusals.total, 0);
	assert_int_equal(activity.refusals.last_at, 0);
	assert_int_equal(activity.refusals.last_reason, 0);
	assert_int_equal(activity.refusals.attempt_count, 0);
	assert_int_equal(activity.block.reason, PT_BLOCK_NONE);
	assert_int_equal(activity.block.at, 0);
	assert_int_equal(activity.block.figures.unit, PT_FIGURES_NONE);
	assert_int_equal(activity.notice.kind, PT_NOTICE_NONE);
	assert_int_equal(activity.notice.at, 0);
	assert_int_equal(activity.notice.until, 0);
	assert_int_equal(activity.penalty.since, 0);
	assert_int_equal(activity.penalty.until, 0);
	assert_int_equal(activity.limit_told_at, 0);
	assert_int_equal(activity.refused.count, 0);
	assert_false(pt_activity_settle(&activity, NOW));
}

static void
nothing_changes_while_the_clock_goes_forward(void **state)
{
	struct pt_activity activity;
	struct pt_activity before;

	(void)state;
	start(&activity);
	add_entry(&activity.log[PT_COUNT_MESSAGES], NOW - 10, NOW - 20, 3);
	add_entry(&activity.log[PT_COUNT_MESSAGES], NOW, NOW - 5, 2);
	activity.recent[activity.recent_count++] =
	    (struct pt_recent){.at = NOW, .hash = 7, .bytes = 9};
	activity.last_sent_at = NOW;
	activity.refusals.last_at = NOW;
	before = activity;
	assert_false(pt_activity_settle(&activity, NOW));
	assert_true(is_same_activity(&activity, &before));
	assert_false(pt_activity_settle(&activity, NOW + 31536000));
	assert_true(is_same_activity(&activity, &before));
}

static void
entries_of_the_future_become_one_of_now(void **state)
{
	struct pt_activity activity;
	struct pt_window_log *log = &activity.log[PT_COUNT_RECIPIENTS];

	(void)state;
	start(&activity);
	add_entry(log, NOW - 60, NOW - 60, 1);
	add_entry(log, NOW + 1, NOW - 10, 2);
	add_entry(log, NOW + 50, NOW + 40, 4);
	add_entry(log, NOW + 86400, NOW + 86400, 8);
	assert_true(pt_activity_settle(&activity, NOW));
	assert_int_equal(log->count, 2);
	check_entry(&log->entry[0], NOW - 60, NOW - 60, 1);
	check_entry(&log->entry[1], NOW, NOW - 10, 14);
	assert_false(pt_activity_settle(&activity, NOW));
}

static void
an_entry_of_now_takes_up_those_of_the_future(void **state)
{
	struct pt_activity activity;
	struct pt_window_log *log = &activity.log[PT_COUNT_BYTES];

	(void)state;
	start(&activity);
	add_entry(log, NOW - 1, NOW - 1, 1);
	add_entry(log, NOW, NOW, 2);
	add_entry(log, NOW + 1, NOW + 1, 4);
	assert_true(pt_activity_settle(&activity, NOW));
	assert_int_equal(log->count, 2);
	check_entry(&log->entry[0], NOW - 1, NOW - 1, 1);
	check_entry(&log->entry[1], NOW, NOW, 6);
}

static void
a_log_wholly_in_the_future_becomes_one_entry(void **state)
{
	struct pt_activity activity;
	struct pt_window_log *log = &activity.log[PT_COUNT_MESSAGES];

	(void)state;
	start(&activity);
	for (int64_t i = 0; i < PT_WINDOW_LOG_MAX; i++)
		add_entry(log, NOW + 100 + i, NOW + 100 + i, 1);
	assert_true(pt_activity_settle(&activity, NOW));
	assert_int_equal(log->count, 1);
	check_entry(&log->entry[0], NOW, NOW, PT_WINDOW_LOG_MAX);
}

static void
amounts_that_become_one_do_not_wrap_around(void **state)
{
	struct pt_activity activity;
	struct pt_window_log *log = &activity.log[PT_COUNT_BYTES];

	(void)state;
	start(&activity);
	add_entry(log, NOW + 1, NOW + 1, UINT64_MAX - 5);
	add_entry(log, NOW + 2, NOW + 2, 4);
	add_entry(log, NOW + 3, NOW + 3, 4);
	assert_true(pt_activity_settle(&activity, NOW));
	check_entry(&log->entry[0], NOW, NOW, UINT64_MAX);
}

static void
recent_charges_keep_what_they_say_and_their_order(void **state)
{
	static const int64_t at[] = {NOW - 5, NOW, NOW + 3, NOW + 9};
	struct pt_activity activity;

	(void)state;
	start(&activity);
	for (uint32_t i = 0; i < 4; i++)
		activity.recent[activity.recent_count++] =
		    (struct pt_recent){.at = at[i],
			.hash = 100 + i,
			.granted = i == 1,
			.recipients = i,
			.bytes = 7 * i};
	assert_true(pt_activity_settle(&activity, NOW));
	assert_int_equal(activity.recent_count, 4);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(activity.recent[i].hash, 100 + i);
		assert_int_equal(activity.recent[i].granted, i == 1);
		assert_int_equal(activity.recent[i].recipients, i);
		assert_int_equal(activity.recent[i].bytes, 7 * i);
		assert_int_equal(activity.recent[i].at, i == 0 ? NOW - 5 : NOW);
	}
}

static void
the_other_stamps_are_treated_alike(void **state)
{
	struct pt_activity activity;

	(void)state;
	start(&activity);
	activity.last_sent_at = NOW + 1;
	assert_true(pt_activity_settle(&activity, NOW));
	assert_int_equal(activity.last_sent_at, NOW);
	activity.refusals.last_at = NOW + 1;
	assert_true(pt_activity_settle(&activity, NOW));
	assert_int_equal(activity.refusals.last_at, NOW);
	activity.block.reason = PT_BLOCK_CRACKED;
	activity.block.at = NOW + 1;
	assert_true(pt_activity_settle(&activity, NOW));
	assert_int_equal(activity.block.reason, PT_BLOCK_CRACKED);
	assert_int_equal(activity.block.at, NOW);
	activity.limit_told_at = NOW + 1;
	assert_true(pt_activity_settle(&activity, NOW));
	assert_int_equal(activity.limit_told_at, NOW);
	add_entry(&activity.refused, NOW + 1, NOW + 1, 3);
	assert_true(pt_activity_settle(&activity, NOW));
	check_entry(&activity.refused.entry[0], NOW, NOW, 3);
	assert_false(pt_activity_settle(&activity, NOW));
}

static void
what_lasts_until_a_time_keeps_its_length(void **state)
{
	struct pt_activity activity;

	(void)state;
	start(&activity);
	activity.penalty = (struct pt_penalty_term){NOW + 500, NOW + 800};
	activity.notice.kind = PT_NOTICE_PENALTY;
	activity.notice.at = NOW + 500;
	activity.notice.until = NOW + 800;
	assert_true(pt_activity_settle(&activity, NOW));
	assert_int_equal(activity.penalty.since, NOW);
	assert_int_equal(activity.penalty.until, NOW + 300);
	assert_int_equal(activity.notice.at, NOW);
	assert_int_equal(activity.notice.until, NOW + 300);
	assert_false(pt_activity_settle(&activity, NOW));
	/* One that runs ends when it was to end. */
	assert_false(pt_activity_settle(&activity, NOW + 100));
	assert_int_equal(activity.penalty.until, NOW + 300);
	/* No end stays none, and an end before the begin is at once. */
	activity.notice.at = NOW + 1;
	activity.notice.until = 0;
	activity.penalty = (struct pt_penalty_term){NOW + 500, NOW - 800};
	assert_true(pt_activity_settle(&activity, NOW));
	assert_int_equal(activity.notice.until, 0);
	assert_int_equal(activity.penalty.until, NOW);
}

static uint64_t
sum(const struct pt_window_log *log)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < log->count; i++) {
		uint64_t amount = log->entry[i].amount;

		all = amount > UINT64_MAX - all ? UINT64_MAX : all + amount;
	}
	return all;
}

/* Ascending, nothing after now. */
static bool
is_settled(const struct pt_window_log *log, int64_t now)
{
	for (unsigned i = 0; i < log->count; i++) {
		if (log->entry[i].at > now ||
		    log->entry[i].since > log->entry[i].at ||
		    (i > 0 && log->entry[i].at <= log->entry[i - 1].at))
			return false;
	}
	return true;
}

static bool
is_well_settled(const struct pt_activity *activity,
    const struct pt_activity *before, int64_t now)
{
	for (int i = 0; i < PT_COUNTED; i++) {
		if (!is_settled(&activity->log[i], now) ||
		    sum(&activity->log[i]) != sum(&before->log[i]))
			return false;
	}
	return is_settled(&activity->refused, now) &&
	       sum(&activity->refused) == sum(&before->refused) &&
	       activity->penalty.since <= now && activity->notice.at <= now &&
	       activity->limit_told_at <= now &&
	       activity->recent_count == before->recent_count &&
	       activity->last_sent_at <= now &&
	       activity->refusals.last_at <= now;
}

static void
settling_loses_nothing_and_leaves_no_future(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < 5000; round++) {
		uint64_t random = random_seed(round);
		struct pt_activity activity;
		struct pt_activity before;
		int64_t now;

		random_activity(&random, &activity);
		now = (int64_t)random_number(&random, 40);
		before = activity;
		(void)pt_activity_settle(&activity, now);
		if (!is_well_settled(&activity, &before, now) ||
		    pt_activity_settle(&activity, now))
			fail_msg("seed %u", (unsigned)round);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_new_record_is_empty),
	    cmocka_unit_test(nothing_changes_while_the_clock_goes_forward),
	    cmocka_unit_test(entries_of_the_future_become_one_of_now),
	    cmocka_unit_test(an_entry_of_now_takes_up_those_of_the_future),
	    cmocka_unit_test(a_log_wholly_in_the_future_becomes_one_entry),
	    cmocka_unit_test(amounts_that_become_one_do_not_wrap_around),
	    cmocka_unit_test(recent_charges_keep_what_they_say_and_their_order),
	    cmocka_unit_test(the_other_stamps_are_treated_alike),
	    cmocka_unit_test(what_lasts_until_a_time_keeps_its_length),
	    cmocka_unit_test(settling_loses_nothing_and_leaves_no_future),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
