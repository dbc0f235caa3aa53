/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What was only observed, in the activity record. */
#include "core/base/attr.h"
#include "core/state/activity_codec.h"
#include "tests/unit/support/activity_maker.h"
#include "tests/unit/support/random_activity.h"
#include "tests/unit/support/record_refusals.h"

#define DAY ((int64_t)86400)

/* Sections 14, 15 and 17, base 100, login. */
static const char full[] = "01 80800b 6400000000 06 61 40 62 2e 64 65"
			   "02 02 11 00 0a 01 14 0f 901c"
			   "20 01 5a 00 00 00 00 00"
			   "01 04030201"
			   "01 02"
			   "01 01 03 dc0b";

static void
observed_activity(struct pt_activity *out)
{
	struct pt_observed *observed = &out->observed;

	activity_start(out, "a@b.de");
	observed->count = 2;
	observed->entry[0] = (struct pt_would){
	    .reason = 2,
	    .messages = 17,
	    .first_at = 90,
	    .last_at = 100,
	    .peak = {PT_FIGURES_MESSAGES, 20, 15, 3600},
	};
	observed->entry[1] = (struct pt_would){
	    .reason = 32,
	    .messages = 1,
	    .first_at = 10,
	    .last_at = 10,
	};
	observed->hash_count = 1;
	observed->hash[0] = 0x01020304;
	activity_add_entry(&observed->passed[PT_COUNT_MESSAGES], 99, 0, 1);
	activity_add_entry(&observed->passed[PT_COUNT_BYTES], 100, 0, 1500);
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	struct pt_activity activity;

	(void)state;
	observed_activity(&activity);
	record_check_bytes(&activity_format, &activity, full);
}

static void
without_entries_there_is_nothing_of_it(void **state)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity activity;

	(void)state;
	observed_activity(&activity);
	activity.observed.count = 0;
	record_check_hex(bytes,
	    pt_activity_encode(&activity, bytes, sizeof(bytes)),
	    "01 00 0000000000 06 61 40 62 2e 64 65");
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct pt_activity activity;

	(void)state;
	observed_activity(&activity);
	record_check_short_buffer(&activity_format, &activity);
}

#define ONE "01 02 11 00 00 00 00 00 00"

static const struct record_bad bad_records[] = {
    {"no entry", HEAD("808001") "00 00", PT_ERR_DAMAGED, "cannot be read"},
    {"nine entries", HEAD("808001") "09 00", PT_ERR_DAMAGED, "cannot be read"},
    {"33 hashes", HEAD("808001") ONE "21", PT_ERR_DAMAGED, "cannot be read"},
    {"an empty log", HEAD("808003") ONE "00 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"a log without an entry beside it", HEAD("808002") "01 00 00",
	PT_ERR_DAMAGED, "cannot be read"},
    {"last before 1970", HEAD("808001") "01 02 11 65 00 00 00 00 00 00",
	PT_ERR_DAMAGED, "cannot be read"},
    {"first before 1970", HEAD("808001") "01 02 11 00 65 00 00 00 00 00",
	PT_ERR_DAMAGED, "cannot be read"},
    {"figures of an unknown unit",
	HEAD("808001") "01 02 11 00 00 0a 01 01 01 00", PT_ERR_NEWER,
	"what was observed"},
    {"base later than all", HEAD("808001") "01 02 11 01 00 00 00 00 00 00",
	PT_ERR_DAMAGED, "its times do not fit"},
};

static struct record_refusals refusals = {
    .format = &activity_format,
    .sound = {full},
    .bad = bad_records,
    .bad_count = PT_ARRAY_LEN(bad_records),
};

static void
stamps_in_the_future_are_of_now(void **state)
{
	struct pt_activity activity;
	const struct pt_observed *observed = &activity.observed;

	(void)state;
	observed_activity(&activity);
	assert_true(pt_activity_settle(&activity, 50));
	assert_int_equal(observed->entry[0].first_at, 50);
	assert_int_equal(observed->entry[0].last_at, 50);
	assert_int_equal(observed->entry[1].last_at, 10);
	assert_int_equal(observed->passed[PT_COUNT_BYTES].entry[0].at, 50);
	assert_false(pt_activity_settle(&activity, 50));
}

static void
what_is_old_is_forgotten(void **state)
{
	struct pt_activity activity;
	const struct pt_observed *observed = &activity.observed;

	(void)state;
	observed_activity(&activity);
	assert_false(pt_activity_settle(&activity, 10 + 60 * DAY));
	assert_true(pt_activity_settle(&activity, 11 + 60 * DAY));
	assert_int_equal(observed->count, 1);
	assert_int_equal(observed->entry[0].reason, 2);
	assert_int_equal(observed->hash_count, 1);
	assert_true(pt_activity_settle(&activity, 101 + 60 * DAY));
	assert_int_equal(observed->count, 0);
	assert_int_equal(observed->hash_count, 0);
	assert_int_equal(observed->passed[PT_COUNT_MESSAGES].count, 0);
	assert_false(pt_activity_settle(&activity, 200 + 60 * DAY));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(without_entries_there_is_nothing_of_it),
	    cmocka_unit_test_prestate(
		a_cut_or_turned_record_is_noticed, &refusals),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	    cmocka_unit_test_prestate(what_is_refused_says_why, &refusals),
	    cmocka_unit_test(stamps_in_the_future_are_of_now),
	    cmocka_unit_test(what_is_old_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
