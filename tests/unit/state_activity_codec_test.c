/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/account.h"
#include "core/state/activity_codec.h"
#include "tests/unit/support/random_activity.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

#define TIME_MAX (((int64_t)1 << 40) - 1)

static void
start(struct pt_activity *activity, const char *text)
{
	struct pt_login login = test_login(text);

	memset(activity, 0xee, sizeof(*activity));
	pt_activity_init(activity, &login);
}

static void
add_entry(struct pt_window_log *log, int64_t at, int64_t span, uint64_t amount)
{
	struct pt_window_entry *entry = &log->entry[log->count++];

	entry->at = at;
	entry->since = at - span;
	entry->amount = amount;
}

static void
add_recent(struct pt_activity *activity, int64_t at, uint32_t hash)
{
	struct pt_recent *recent = &activity->recent[activity->recent_count++];

	recent->at = at;
	recent->hash = hash;
}

static void
check_round_trip(const struct pt_activity *in, const char *name)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	size_t len = pt_activity_encode(in, bytes, sizeof(bytes));
	struct pt_activity out;
	struct pt_err err;

	if (len == 0)
		fail_msg("%s cannot be encoded", name);
	memset(&out, 0xee, sizeof(out));
	if (pt_activity_decode(bytes, len, &out, &err) == -1)
		fail_msg("%s: %s", name, err.text);
	if (!out.exists || !is_same_activity(in, &out))
		fail_msg("%s comes back changed", name);
}

/* Each section and each form of an entry. */
static void
full_activity(struct pt_activity *out)
{
	start(out, "a@b.de");
	add_entry(&out->log[PT_COUNT_MESSAGES], 0x10000, 0, 1);
	add_entry(&out->log[PT_COUNT_MESSAGES], 0x10100, 5, 2);
	add_entry(&out->log[PT_COUNT_MESSAGES], 0x10200, 0, 3);
	add_entry(&out->log[PT_COUNT_RECIPIENTS], 0x10300, 0, 2);
	add_entry(&out->log[PT_COUNT_BYTES], 0x10203, 1, 1);
	add_recent(out, 0x10200, 0x01020304);
	add_recent(out, 0x10200, 0xffffffff);
	out->grant_id = 0x0a0b0c0d;
	out->grant_used = 300;
	out->total[PT_COUNT_MESSAGES] = 4;
	out->total[PT_COUNT_BYTES] = UINT64_MAX;
	out->last_sent_at = 0x10200;
	out->refusals.total = 1;
	out->refusals.last_at = 0x10300;
	out->refusals.last_reason = 2;
	out->refusals.attempt_count = 1;
	out->refusals.attempt[0] = 0x11223344;
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity activity;

	(void)state;
	full_activity(&activity);
	record_check_hex(bytes,
	    pt_activity_encode(&activity, bytes, sizeof(bytes)),
	    "01 7f 0003010000 06 61 40 62 2e 64 65"
	    "03 8104 01 8104 14 8004"
	    "01 01 00"
	    "01 fb03 07 01"
	    "02 ffffffff 8002 04030201 00"
	    "0d0c0b0a ac02"
	    "04 00 ffffffffffffffffff01 8102"
	    "01 01 02 01 44332211");
	check_round_trip(&activity, "the full record");
}

static void
a_pending_block_stands_behind_all_else(void **state)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity activity;

	(void)state;
	full_activity(&activity);
	activity.block.reason = PT_BLOCK_CRACKED;
	activity.block.at = 0x10301;
	record_check_hex(bytes,
	    pt_activity_encode(&activity, bytes, sizeof(bytes)),
	    "01 ff01 0103010000 06 61 40 62 2e 64 65"
	    "03 8304 01 8104 14 8004"
	    "01 03 00"
	    "01 fd03 07 01"
	    "02 ffffffff 8102 04030201 00"
	    "0d0c0b0a ac02"
	    "04 00 ffffffffffffffffff01 8202"
	    "01 02 02 01 44332211"
	    "02 01");
	check_round_trip(&activity, "the record with a block");
	start(&activity, "a@b.de");
	activity.block.reason = PT_BLOCK_QUOTA;
	activity.block.at = 1;
	record_check_hex(bytes,
	    pt_activity_encode(&activity, bytes, sizeof(bytes)),
	    "01 8001 0100000000 06 61 40 62 2e 64 65 01 01");
}

static void
the_time_of_no_block_is_not_stored(void **state)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity activity;

	(void)state;
	start(&activity, "a@b.de");
	activity.block.at = 5;
	record_check_hex(bytes,
	    pt_activity_encode(&activity, bytes, sizeof(bytes)),
	    "01 00 0000000000 06 61 40 62 2e 64 65");
}

static void
an_account_that_did_nothing_takes_its_login_and_eight_bytes(void **state)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity activity;

	(void)state;
	start(&activity, "a@b.de");
	record_check_hex(bytes,
	    pt_activity_encode(&activity, bytes, sizeof(bytes)),
	    "01 00 0000000000 06 61 40 62 2e 64 65");
	check_round_trip(&activity, "the empty record");
}

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
	(void)state;
	for (uint64_t round = 0; round < 200; round++) {
		uint64_t random = random_seed(round);
		unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
		struct pt_window_entry day[50];
		struct pt_activity activity;
		int64_t last;
		size_t len;

		start(&activity, "ann.smith@example.com");
		assert_int_equal(activity.login.len, 21);
		messages_of_a_day(&random, day);
		merge_closest(day, 50);
		last = day[PT_WINDOW_LOG_MAX - 1].at;
		for (unsigned i = 0; i < PT_WINDOW_LOG_MAX; i++)
			add_entry(&activity.log[PT_COUNT_MESSAGES], day[i].at,
			    day[i].at - day[i].since, day[i].amount);
		for (int64_t i = 3; i-- > 0;)
			add_recent(&activity, last - 90 * i, 0xfedcba98);
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
		if (len == 0 || len >= 160)
			fail_msg("seed %u: %zu bytes", (unsigned)round, len);
		check_round_trip(&activity, "a typical record");
	}
}

static void
every_record_comes_back_as_it_was(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < 10000; round++) {
		uint64_t random = random_seed(round);
		struct pt_activity activity;
		char name[32];

		random_activity(&random, &activity);
		(void)snprintf(name, sizeof(name), "seed %u", (unsigned)round);
		check_round_trip(&activity, name);
	}
}

static void
the_largest_record_fits(void **state)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity activity;
	int64_t step = TIME_MAX / (PT_WINDOW_LOG_MAX + 1);

	(void)state;
	start(&activity, "a@b.de");
	memset(activity.login.text, 'x', PT_LOGIN_MAX);
	activity.login.text[PT_LOGIN_MAX] = '\0';
	activity.login.text[9] = '@';
	activity.login.at = 9;
	activity.login.len = PT_LOGIN_MAX;
	for (int64_t i = PT_WINDOW_LOG_MAX; i-- > 0;) {
		for (int j = 0; j < PT_COUNTED; j++)
			add_entry(&activity.log[j], TIME_MAX - 1 - step * i,
			    step / 2, UINT64_MAX);
		add_recent(&activity, TIME_MAX - 1 - step * i, UINT32_MAX);
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
	check_round_trip(&activity, "the largest record");
	assert_true(pt_activity_encode(&activity, bytes, sizeof(bytes)) > 2700);
}

static void
whatever_the_struct_holds_the_record_can_be_read(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < 10000; round++) {
		uint64_t random = random_seed(round);
		unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
		struct pt_activity activity;
		char name[32];
		struct pt_err err;
		size_t len;

		random_wild_activity(&random, &activity);
		(void)snprintf(name, sizeof(name), "seed %u", (unsigned)round);
		len = pt_activity_encode(&activity, bytes, sizeof(bytes));
		if (pt_activity_decode(bytes, len, &activity, &err) == -1)
			fail_msg("%s: %s", name, err.text);
		check_round_trip(&activity, name);
	}
}

static void
a_time_that_no_record_can_hold_moves_to_the_nearest(void **state)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity activity;
	struct pt_window_log *log = &activity.log[PT_COUNT_MESSAGES];
	struct pt_err err;
	size_t len;

	(void)state;
	start(&activity, "a@b.de");
	add_entry(log, -20, 5, 3);
	add_entry(log, TIME_MAX + 10, 2 * TIME_MAX, 1);
	add_entry(log, TIME_MAX + 11, 0, 1);
	activity.last_sent_at = -1;
	len = pt_activity_encode(&activity, bytes, sizeof(bytes));
	assert_int_equal(pt_activity_decode(bytes, len, &activity, &err), 0);
	assert_int_equal(log->count, 3);
	assert_int_equal(log->entry[0].at, 0);
	assert_int_equal(log->entry[0].since, 0);
	assert_int_equal(log->entry[0].amount, 3);
	assert_int_equal(log->entry[1].at, TIME_MAX - 1);
	assert_int_equal(log->entry[1].since, 0);
	assert_int_equal(log->entry[2].at, TIME_MAX);
	assert_int_equal(activity.last_sent_at, 0);
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity activity;

	(void)state;
	full_activity(&activity);
	activity.block.reason = PT_BLOCK_CRACKED;
	for (size_t cap = 0; cap < 60; cap++) {
		memset(bytes, 0xee, sizeof(bytes));
		assert_int_equal(pt_activity_encode(&activity, bytes, cap), 0);
		assert_int_equal(bytes[cap], 0xee);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(a_pending_block_stands_behind_all_else),
	    cmocka_unit_test(the_time_of_no_block_is_not_stored),
	    cmocka_unit_test(
		an_account_that_did_nothing_takes_its_login_and_eight_bytes),
	    cmocka_unit_test(a_typical_record_stays_below_160_bytes),
	    cmocka_unit_test(every_record_comes_back_as_it_was),
	    cmocka_unit_test(the_largest_record_fits),
	    cmocka_unit_test(whatever_the_struct_holds_the_record_can_be_read),
	    cmocka_unit_test(
		a_time_that_no_record_can_hold_moves_to_the_nearest),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
