/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/evidence_codec.h"
#include "tests/unit/support/random_evidence.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

/* A record with every section. */
static const char full[] = "01 0f 0003010000 06 61 40 62 2e 64 65"
			   "03 0807060504030201 0000000000000080 01"
			   "ffffffffffffffff 0000000000000000 00"
			   "0100000000000000 ffffffffffffffff ffff03"
			   "02 8108 00 8004"
			   "01 01 03 32"
			   "ac02 8102";

static void
a_cut_or_turned_record_is_noticed(void **state)
{
	(void)state;
	record_check_damaged_hex(&evidence_format, full);
	record_check_damaged_random(&evidence_format);
}

/* Version, sections, base 100, login. */
#define HEAD(sections) "01" sections "6400000000 06 61 40 62 2e 64 65"
/* The same without a time. */
#define TIMELESS(sections) "01" sections "0000000000 06 61 40 62 2e 64 65"
#define SENT               "0100000000000000 0000000000000000 00"
#define SENT8              SENT SENT SENT SENT SENT SENT SENT SENT
#define SENT64             SENT8 SENT8 SENT8 SENT8 SENT8 SENT8 SENT8 SENT8

static const struct record_bad bad_records[] = {
    {"nothing", "", PT_ERR_DAMAGED, "it is empty"},
    {"no version", "00 00", PT_ERR_DAMAGED, "it has no version"},
    {"newer", "02", PT_ERR_NEWER, "it has version 2, known here is 1"},
    {"newer sections", HEAD("10"), PT_ERR_NEWER, "sections that are not known"},
    {"sections cut", "01", PT_ERR_DAMAGED, "sections cannot be read"},
    {"no login", "01 00 0000000000 00", PT_ERR_DAMAGED, "its login"},
    {"login without '@'", "01 00 0000000000 02 6162", PT_ERR_DAMAGED,
	"its login"},
    {"more behind it", "01 00 0000000000 06 61 40 62 2e 64 65 00",
	PT_ERR_DAMAGED, "goes on after its end"},
    {"base without a time", HEAD("00"), PT_ERR_DAMAGED, "its times do not fit"},
    {"base later than all", HEAD("02") "01 02", PT_ERR_DAMAGED,
	"its times do not fit"},
    {"no messages", TIMELESS("01") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"message without a hash",
	TIMELESS("01") "01 0000000000000000 0100000000000000 01",
	PT_ERR_DAMAGED, "cannot be read"},
    {"2^16 bounces left",
	TIMELESS("01") "01 0100000000000000 0100000000000000 808004",
	PT_ERR_DAMAGED, "cannot be read"},
    {"65 messages", TIMELESS("01") "41" SENT64 SENT, PT_ERR_DAMAGED,
	"cannot be read"},
    {"nothing sent", HEAD("02") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"no bounces", HEAD("04") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"empty totals", TIMELESS("08") "00 00", PT_ERR_DAMAGED, "cannot be read"},
    {"bounce in 1970", HEAD("08") "01 65", PT_ERR_DAMAGED, "cannot be read"},
};

static void
what_is_refused_says_why(void **state)
{
	(void)state;
	record_check_refused(&evidence_format, bad_records,
	    sizeof(bad_records) / sizeof(bad_records[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cut_or_turned_record_is_noticed),
	    cmocka_unit_test(what_is_refused_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
