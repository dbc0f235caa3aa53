/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "core/state/evidence_codec.h"
#include "tests/unit/support/full_records.h"
#include "tests/unit/support/random_evidence.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_refusals.h"

/* As HEAD(), without a time. */
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

static struct record_refusals refusals = {
    .format = &evidence_format,
    .sound = {FULL_EVIDENCE},
    .random = true,
    .bad = bad_records,
    .bad_count = PT_ARRAY_LEN(bad_records),
};

int
main(void)
{
	return record_refusals_run(&refusals);
}
