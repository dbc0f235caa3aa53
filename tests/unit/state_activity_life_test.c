/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Sections of the activity record that most accounts have nothing of. */
#include "core/base/attr.h"
#include "core/state/account.h"
#include "core/state/activity_codec.h"
#include "core/state/notice.h"
#include "tests/unit/support/activity_maker.h"
#include "tests/unit/support/random_activity.h"
#include "tests/unit/support/record_refusals.h"

static const char full[] = "01 807d 6400000000 06 61 40 62 2e 64 65"
			   "02 01"
			   "06 65 64 901c"
			   "06 0b 00 01 50 64 80a305"
			   "33 81c60a"
			   "0b"
			   "02 00 02";

static void
full_activity(struct pt_activity *out)
{
	activity_start(out, "a@b.de");
	out->block.reason = PT_BLOCK_CRACKED;
	out->block.at = 100;
	out->block.figures =
	    (struct pt_figures){PT_FIGURES_GUESSES, 101, 100, 3600};
	out->notice.kind = PT_NOTICE_LIMIT_SOON;
	out->notice.at = 90;
	out->notice.figures =
	    (struct pt_figures){PT_FIGURES_MESSAGES, 80, 100, 86400};
	out->penalty = (struct pt_penalty_term){50, 50 + 172800};
	out->limit_told_at = 90;
	activity_add_entry(&out->refused, 99, 0, 1);
	activity_add_entry(&out->refused, 100, 0, 1);
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	struct pt_activity activity;

	(void)state;
	full_activity(&activity);
	record_check_bytes(&activity_format, &activity, full);
}

static void
each_section_stands_alone(void **state)
{
	struct pt_activity activity;

	(void)state;
	activity_start(&activity, "a@b.de");
	activity.notice.kind = PT_NOTICE_PENALTY;
	activity.notice.at = 100;
	activity.notice.until = 227;
	record_check_bytes(&activity_format, &activity,
	    "01 8008 6400000000 06 61 40 62 2e 64 65"
	    "07 01 8001 00 00 00 00");
	activity_start(&activity, "a@b.de");
	activity.penalty.since = 100;
	record_check_bytes(&activity_format, &activity,
	    "01 8010 6400000000 06 61 40 62 2e 64 65 01 00");
	activity_start(&activity, "a@b.de");
	activity.limit_told_at = 100;
	record_check_bytes(&activity_format, &activity,
	    "01 8020 6400000000 06 61 40 62 2e 64 65 01");
	activity_start(&activity, "a@b.de");
	activity_add_entry(&activity.refused, 100, 0, 1);
	record_check_bytes(&activity_format, &activity,
	    "01 8040 6400000000 06 61 40 62 2e 64 65 01 00");
	activity_start(&activity, "a@b.de");
	activity.block.reason = PT_BLOCK_UNUSED;
	activity.block.at = 100;
	activity.block.figures.seconds = 127;
	record_check_bytes(&activity_format, &activity,
	    "01 8005 6400000000 06 61 40 62 2e 64 65 05 01 00 00 00 7f");
}

static void
what_belongs_to_nothing_is_not_stored(void **state)
{
	struct pt_activity activity;
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];

	(void)state;
	activity_start(&activity, "a@b.de");
	activity.block.figures.used = 3;
	activity.notice.at = 5;
	activity.notice.until = 7;
	activity.notice.figures.used = 3;
	activity.penalty.until = 9;
	activity.limit_told_at = -1;
	record_check_hex(bytes,
	    pt_activity_encode(&activity, bytes, sizeof(bytes)),
	    "01 00 0000000000 06 61 40 62 2e 64 65");
}

static void
an_end_before_the_begin_is_stored_as_at_once(void **state)
{
	struct pt_activity activity;
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];

	(void)state;
	activity_start(&activity, "a@b.de");
	activity.penalty = (struct pt_penalty_term){100, 50};
	record_check_hex(bytes,
	    pt_activity_encode(&activity, bytes, sizeof(bytes)),
	    "01 8010 6400000000 06 61 40 62 2e 64 65 01 01");
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct pt_activity activity;

	(void)state;
	full_activity(&activity);
	record_check_short_buffer(&activity_format, &activity);
}

static const struct record_bad bad_records[] = {
    {"newer sections", HEAD("808010"), PT_ERR_NEWER,
	"sections that are not known"},
    {"figures without a block", HEAD("8004") "06 65 64 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"figures of nothing", HEAD("8005") "02 01 00 00 00 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"figures of an unknown unit", HEAD("8005") "02 01 0a 01 01 01",
	PT_ERR_NEWER, "what its block counted"},
    {"figures of 2^63 seconds",
	HEAD("8005") "02 01 01 01 01 80808080808080808001", PT_ERR_DAMAGED,
	"cannot be read"},
    {"no notice", HEAD("8008") "00 01 00 00 00 00 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"an unknown notice", HEAD("8008") "08 01 00 00 00 00 00", PT_ERR_NEWER,
	"its notice"},
    {"a notice of an unknown unit", HEAD("8008") "07 01 00 0a 00 00 00",
	PT_ERR_NEWER, "its notice"},
    {"a notice until 1970", HEAD("8048") "07 00 01 00 00 00 00 01 00",
	PT_ERR_DAMAGED, "cannot be read"},
    {"no penalty", HEAD("8010") "00 00", PT_ERR_DAMAGED, "cannot be read"},
    {"a penalty without an end in time", HEAD("8010") "01 ffffffffffffffff7f",
	PT_ERR_DAMAGED, "cannot be read"},
    {"told never", HEAD("8020") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"nothing refused", HEAD("8040") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"base later than all", HEAD("8020") "02", PT_ERR_DAMAGED,
	"its times do not fit"},
};

static struct record_refusals refusals = {
    .format = &activity_format,
    .sound = {full},
    .bad = bad_records,
    .bad_count = PT_ARRAY_LEN(bad_records),
};

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(each_section_stands_alone),
	    cmocka_unit_test(what_belongs_to_nothing_is_not_stored),
	    cmocka_unit_test(an_end_before_the_begin_is_stored_as_at_once),
	    cmocka_unit_test_prestate(
		a_cut_or_turned_record_is_noticed, &refusals),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	    cmocka_unit_test_prestate(what_is_refused_says_why, &refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
