/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/account.h"
#include "core/state/activity_codec.h"
#include "core/state/notice.h"
#include "tests/unit/support/activity_maker.h"
#include "tests/unit/support/random_activity.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

#define TIME_MAX (((int64_t)1 << 40) - 1)

/*
 * Times of 50 messages in a day, the oldest first: 2 in the last minute and 5
 * more in the last hour, so that 5/1m, 15/1h and 100/1d are half full.
 */
static void
messages_of_a_day(uint64_t *random, struct pt_window_entry *out)
{
	int64_t at = TEST_NOW - 86400;

	for (unsigned i = 0; i < 50; i++) {
		uint64_t gap = i < 43 ? 3800 : i < 48 ? 1300 : 25;

		/* Never twice at once. */
		at += 1 + (int64_t)test_random_below(random, gap);
		out[i] = (struct pt_window_entry){at, at, 1};
	}
}

/*
 * Two neighbours that lie closest become one, until 32 are left.  Those of
 * the last hour count in shorter windows and stay as they are.
 */
static void
merge_closest(struct pt_window_entry *entry, unsigned count)
{
	for (; count > PT_WINDOW_LOG_MAX; count--) {
		unsigned best = 0;

		for (unsigned i = 1; i + 8 < count; i++) {
			if (entry[i + 1].at - entry[i].since <
			    entry[best + 1].at - entry[best].since)
				best = i;
		}
		entry[best + 1].since = entry[best].since;
		entry[best + 1].amount += entry[best].amount;
		memmove(&entry[best], &entry[best + 1],
		    (count - best - 1) * sizeof(*entry));
	}
}

static void
a_typical_record_stays_below_160_bytes(void **state)
{
	size_t sum = 0;

	(void)state;
	for (uint64_t round = 0; round < 200; round++) {
		uint64_t random = random_seed(round);
		unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
		struct pt_window_entry day[50];
		struct pt_activity activity;
		int64_t last;
		size_t len;

		activity_start(&activity, "ann.smith@example.com");
		assert_int_equal(activity.login.len, 21);
		messages_of_a_day(&random, day);
		merge_closest(day, 50);
		last = day[PT_WINDOW_LOG_MAX - 1].at;
		for (unsigned i = 0; i < PT_WINDOW_LOG_MAX; i++)
			activity_add_entry(&activity.log[PT_COUNT_MESSAGES],
			    day[i].at, day[i].at - day[i].since, day[i].amount);
		for (int64_t i = 2; i-- > 0;)
			activity_add_recent(
			    &activity, last - 90 * i, 0xfedcba98);
		for (unsigned i = 0; i < 2; i++)
			activity_set_amounts(
			    &activity.recent[i], false, 1, 40000);
		activity.total[PT_COUNT_MESSAGES] = 12345;
		activity.total[PT_COUNT_RECIPIENTS] = 16000;
		activity.total[PT_COUNT_BYTES] = 260000000;
		activity.last_sent_at = last;
		activity.refusals.total = 100;
		activity.refusals.last_at = last - 10000;
		activity.refusals.last_reason = 2;
		activity.refusals.attempt_count = 1;
		activity.refusals.attempt[0] = 0xfedcba98;
		len = pt_activity_encode(&activity, bytes, sizeof(bytes));
		sum += len;
		record_check_round_trip(
		    &activity_format, &activity, "a typical record");
	}
	assert_true(sum / 200 < 160);
}

static void
fill_observed(struct pt_observed *observed, const struct pt_figures *largest)
{
	observed->count = PT_WOULD_MAX;
	for (unsigned i = 0; i < PT_WOULD_MAX; i++)
		observed->entry[i] = (struct pt_would){
		    .reason = 255,
		    .messages = UINT64_MAX,
		    .last_at = TIME_MAX / 2,
		    .peak = *largest,
		};
	observed->hash_count = PT_WOULD_HASHES_MAX;
	memset(observed->hash, 0xff, sizeof(observed->hash));
}

static void
the_largest_record_fits(void **state)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	const struct pt_figures largest = {
	    PT_FIGURES_STRANGERS, UINT64_MAX, UINT64_MAX, INT64_MAX};
	struct pt_activity activity;
	int64_t step = TIME_MAX / (PT_WINDOW_LOG_MAX + 1);

	(void)state;
	activity_start(&activity, "a@b.de");
	memset(activity.login.text, 'x', PT_LOGIN_MAX);
	activity.login.text[PT_LOGIN_MAX] = '\0';
	activity.login.text[9] = '@';
	activity.login.at = 9;
	activity.login.len = PT_LOGIN_MAX;
	for (int64_t i = PT_WINDOW_LOG_MAX; i-- > 0;) {
		for (int j = 0; j < PT_COUNTED; j++) {
			activity_add_entry(&activity.log[j],
			    TIME_MAX - 1 - step * i, step / 2, UINT64_MAX);
			activity_add_entry(&activity.observed.passed[j],
			    TIME_MAX - 1 - step * i, step / 2, UINT64_MAX);
		}
		activity_add_entry(&activity.refused, TIME_MAX - 1 - step * i,
		    step / 2, UINT64_MAX);
		activity_add_recent(
		    &activity, TIME_MAX - 1 - step * i, UINT32_MAX);
		activity_set_amounts(
		    &activity.recent[activity.recent_count - 1], true,
		    UINT64_MAX, UINT64_MAX >> 2);
	}
	for (int j = 0; j < PT_COUNTED; j++)
		activity.total[j] = UINT64_MAX;
	activity.grant_id = UINT32_MAX;
	activity.grant_used = UINT64_MAX;
	activity.last_sent_at = 1;
	activity.refusals.total = UINT64_MAX;
	activity.refusals.last_at = TIME_MAX;
	activity.refusals.attempt_count = PT_ATTEMPTS_MAX;
	memset(
	    activity.refusals.attempt, 0xff, sizeof(activity.refusals.attempt));
	activity.refusals.last_reason = 255;
	activity.block.reason = PT_BLOCK_ADMIN;
	activity.block.at = 1;
	activity.block.figures = largest;
	activity.notice.kind = PT_NOTICE_PENALTY;
	activity.notice.at = 1;
	activity.notice.until = TIME_MAX;
	activity.notice.figures = largest;
	activity.penalty = (struct pt_penalty_term){1, TIME_MAX};
	activity.limit_told_at = 1;
	fill_observed(&activity.observed, &largest);
	record_check_round_trip(
	    &activity_format, &activity, "the largest record");
	assert_true(pt_activity_encode(&activity, bytes, sizeof(bytes)) > 6500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_typical_record_stays_below_160_bytes),
	    cmocka_unit_test(the_largest_record_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
