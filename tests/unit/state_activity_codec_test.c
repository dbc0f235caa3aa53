/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/account.h"
#include "core/state/activity_codec.h"
#include "tests/unit/support/activity_maker.h"
#include "tests/unit/support/full_records.h"
#include "tests/unit/support/random_activity.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

#define TIME_MAX (((int64_t)1 << 40) - 1)

/* Each section and each form of an entry. */
static void
full_activity(struct pt_activity *out)
{
	activity_start(out, "a@b.de");
	activity_add_entry(&out->log[PT_COUNT_MESSAGES], 0x10000, 0, 1);
	activity_add_entry(&out->log[PT_COUNT_MESSAGES], 0x10100, 5, 2);
	activity_add_entry(&out->log[PT_COUNT_MESSAGES], 0x10200, 0, 3);
	activity_add_entry(&out->log[PT_COUNT_RECIPIENTS], 0x10300, 0, 2);
	activity_add_entry(&out->log[PT_COUNT_BYTES], 0x10203, 1, 1);
	activity_add_recent(out, 0x10200, 0x01020304);
	activity_add_recent(out, 0x10200, 0xffffffff);
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
	struct pt_activity activity;

	(void)state;
	full_activity(&activity);
	record_check_bytes(&activity_format, &activity, FULL_ACTIVITY);
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
	record_check_bytes(&activity_format, &activity,
	    "01 ff01 0103010000 06 61 40 62 2e 64 65"
	    "03 8304 01 8104 14 8004"
	    "01 03 00"
	    "01 fd03 07 01"
	    "02 ffffffff 8102 04030201 00"
	    "0d0c0b0a ac02"
	    "04 00 ffffffffffffffffff01 8202"
	    "01 02 02 01 44332211"
	    "02 01");
	activity_start(&activity, "a@b.de");
	activity.block.reason = PT_BLOCK_QUOTA;
	activity.block.at = 1;
	record_check_hex(bytes,
	    pt_activity_encode(&activity, bytes, sizeof(bytes)),
	    "01 8001 0100000000 06 61 40 62 2e 64 65 01 01");
}

static void
what_the_recent_charges_added_stands_last(void **state)
{
	struct pt_activity activity;

	(void)state;
	activity_start(&activity, "a@b.de");
	activity_add_recent(&activity, 3, 0x01020304);
	activity_add_recent(&activity, 5, 0xffffffff);
	activity_set_amounts(&activity.recent[0], true, 1, 300);
	activity_set_amounts(&activity.recent[1], false, 70, 0);
	record_check_bytes(&activity_format, &activity,
	    "01 8802 0500000000 06 61 40 62 2e 64 65"
	    "02 ffffffff 00 04030201 02"
	    "02 46 b109");
	/* A message without recipients or bytes says something, too. */
	activity_set_amounts(&activity.recent[0], false, 0, 0);
	activity_set_amounts(&activity.recent[1], true, 0, 0);
	record_check_bytes(&activity_format, &activity,
	    "01 8802 0500000000 06 61 40 62 2e 64 65"
	    "02 ffffffff 00 04030201 02"
	    "03 00 02 00");
}

/* An older Postern noted neither. */
static void
charges_without_amounts_are_those_of_an_old_record(void **state)
{
	unsigned char bytes[64];
	struct pt_activity activity;
	struct pt_err err;
	size_t len;

	(void)state;
	memset(&activity, 0xee, sizeof(activity));
	len = record_from_hex("01 08 0500000000 06 61 40 62 2e 64 65"
			      "01 04030201 00",
	    bytes, sizeof(bytes));
	assert_int_equal(pt_activity_decode(bytes, len, &activity, &err), 0);
	assert_int_equal(activity.recent_count, 1);
	assert_int_equal(activity.recent[0].hash, 0x01020304);
	assert_false(activity.recent[0].granted);
	assert_int_equal(activity.recent[0].recipients, 0);
	assert_int_equal(activity.recent[0].bytes, 0);
}

static void
the_time_of_no_block_is_not_stored(void **state)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity activity;

	(void)state;
	activity_start(&activity, "a@b.de");
	activity.block.at = 5;
	record_check_hex(bytes,
	    pt_activity_encode(&activity, bytes, sizeof(bytes)),
	    "01 00 0000000000 06 61 40 62 2e 64 65");
}

static void
an_account_that_did_nothing_takes_its_login_and_eight_bytes(void **state)
{
	struct pt_activity activity;

	(void)state;
	activity_start(&activity, "a@b.de");
	record_check_bytes(&activity_format, &activity,
	    "01 00 0000000000 06 61 40 62 2e 64 65");
}

static void
every_record_comes_back_as_it_was(void **state)
{
	(void)state;
	record_check_random(&activity_format);
}

static void
whatever_the_struct_holds_the_record_can_be_read(void **state)
{
	(void)state;
	record_check_wild(&activity_format);
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
	activity_start(&activity, "a@b.de");
	activity_add_entry(log, -20, 5, 3);
	activity_add_entry(log, TIME_MAX + 10, 2 * TIME_MAX, 1);
	activity_add_entry(log, TIME_MAX + 11, 0, 1);
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
	struct pt_activity activity;

	(void)state;
	full_activity(&activity);
	activity.block.reason = PT_BLOCK_CRACKED;
	record_check_short_buffer(&activity_format, &activity);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(a_pending_block_stands_behind_all_else),
	    cmocka_unit_test(what_the_recent_charges_added_stands_last),
	    cmocka_unit_test(
		charges_without_amounts_are_those_of_an_old_record),
	    cmocka_unit_test(the_time_of_no_block_is_not_stored),
	    cmocka_unit_test(
		an_account_that_did_nothing_takes_its_login_and_eight_bytes),
	    cmocka_unit_test(every_record_comes_back_as_it_was),
	    cmocka_unit_test(whatever_the_struct_holds_the_record_can_be_read),
	    cmocka_unit_test(
		a_time_that_no_record_can_hold_moves_to_the_nearest),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
