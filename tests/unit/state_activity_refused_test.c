/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "core/state/activity_codec.h"
#include "tests/unit/support/full_records.h"
#include "tests/unit/support/random_activity.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_refusals.h"

/* What recent charges added. */
static const char amounts[] = "01 8802 0500000000 06 61 40 62 2e 64 65"
			      "02 ffffffff 00 04030201 02"
			      "02 46 b109";

static const struct record_bad bad_records[] = {
    {"nothing", "", PT_ERR_DAMAGED, "it is empty"},
    {"no version", "00 00", PT_ERR_DAMAGED, "it has no version"},
    {"newer", "02", PT_ERR_NEWER, "it has version 2, known here is 1"},
    {"newer sections", HEAD("808010"), PT_ERR_NEWER,
	"sections that are not known"},
    {"far newer sections", HEAD("ffffffffffffffffff01"), PT_ERR_NEWER,
	"sections that are not known"},
    {"sections too long", HEAD("8000"), PT_ERR_DAMAGED, "sections"},
    {"no login", "01 00 0000000000 00", PT_ERR_DAMAGED, "its login"},
    {"login without '@'", "01 00 0000000000 02 6162", PT_ERR_DAMAGED,
	"its login"},
    {"more behind it", "01 00 0000000000 06 61 40 62 2e 64 65 00",
	PT_ERR_DAMAGED, "goes on after its end"},
    {"base without a time", HEAD("00"), PT_ERR_DAMAGED, "its times do not fit"},
    {"base later than all", HEAD("01") "01 02", PT_ERR_DAMAGED,
	"its times do not fit"},
    {"log without entries", HEAD("01") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"33 entries",
	HEAD("01") "21 00"
		   "02020202 02020202 02020202 02020202"
		   "02020202 02020202 02020202 02020202",
	PT_ERR_DAMAGED, "cannot be read"},
    {"entries of one second", HEAD("01") "02 00 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"entry before 1970", HEAD("01") "02 00 ca01", PT_ERR_DAMAGED,
	"cannot be read"},
    {"span before 1970", HEAD("01") "01 01 9403", PT_ERR_DAMAGED,
	"cannot be read"},
    {"amount 0", HEAD("01") "01 01 03 00", PT_ERR_DAMAGED, "cannot be read"},
    {"one of one moment, long", HEAD("01") "01 01 03 01", PT_ERR_DAMAGED,
	"cannot be read"},
    {"four, long", HEAD("01") "01 01 03 04", PT_ERR_DAMAGED, "cannot be read"},
    {"number too long", HEAD("01") "01 8000", PT_ERR_DAMAGED, "cannot be read"},
    {"number beyond 64 bits", HEAD("01") "01 01 03 ffffffffffffffffff02",
	PT_ERR_DAMAGED, "cannot be read"},
    {"recents without entries", HEAD("08") "00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"recent before 1970", HEAD("08") "02 01020304 00 01020304 65",
	PT_ERR_DAMAGED, "cannot be read"},
    {"amounts of no charges", HEAD("8002"), PT_ERR_DAMAGED, "cannot be read"},
    {"amounts of nothing", HEAD("8802") "01 01020304 00 02 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"amounts of one of two", HEAD("8802") "02 01020304 00 01020304 00 04",
	PT_ERR_DAMAGED, "cannot be read"},
    {"one recipient, long", HEAD("8802") "01 01020304 00 02 01", PT_ERR_DAMAGED,
	"cannot be read"},
    {"empty grant", HEAD("10") "00000000 00", PT_ERR_DAMAGED, "cannot be read"},
    {"empty totals", HEAD("20") "00 00 00 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"sent in 1970", HEAD("20") "01 00 00 65", PT_ERR_DAMAGED,
	"cannot be read"},
    {"empty refusals", HEAD("40") "00 00 00 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"nine attempts",
	HEAD("40") "01 01 02 09"
		   "00000000 00000000"
		   "00000000 00000000 00000000 00000000 00000000 "
		   "00000000"
		   "00000000",
	PT_ERR_DAMAGED, "cannot be read"},
    {"block without a reason", HEAD("8001") "00 01", PT_ERR_DAMAGED,
	"cannot be read"},
    {"block for an unknown reason", HEAD("8001") "08 01", PT_ERR_NEWER,
	"reason of its block"},
    {"block before 1970", HEAD("8001") "02 66", PT_ERR_DAMAGED,
	"cannot be read"},
};

static struct record_refusals refusals = {
    .format = &activity_format,
    .sound = {FULL_ACTIVITY, amounts},
    .random = true,
    .bad = bad_records,
    .bad_count = PT_ARRAY_LEN(bad_records),
};

int
main(void)
{
	return record_refusals_run(&refusals);
}
