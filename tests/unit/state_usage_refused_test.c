/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "core/state/usage_codec.h"
#include "tests/unit/support/full_records.h"
#include "tests/unit/support/random_usage.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_refusals.h"

static const struct record_bad bad_records[] = {
    {"nothing", "", PT_ERR_DAMAGED, "it is empty"},
    {"no version", "00 0000", PT_ERR_DAMAGED, "it has no version"},
    {"newer", "02", PT_ERR_NEWER, "it has version 2, known here is 1"},
    {"newer sections", HEAD("0008"), PT_ERR_NEWER,
	"sections that are not known"},
    {"sections cut", "01 00", PT_ERR_DAMAGED, "sections cannot be read"},
    {"no login", "01 0000 0000000000 00", PT_ERR_DAMAGED, "its login"},
    {"login without '@'", "01 0000 0000000000 02 6162", PT_ERR_DAMAGED,
	"its login"},
    {"more behind it", "01 0000 0000000000 06 61 40 62 2e 64 65 00",
	PT_ERR_DAMAGED, "goes on after its end"},
    {"base without a time", HEAD("0000"), PT_ERR_DAMAGED,
	"its times do not fit"},
    {"base later than all", HEAD("0100") "01 02", PT_ERR_DAMAGED,
	"its times do not fit"},
    {"no logins", HEAD("0100") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"no bytes down", HEAD("0200") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"no bytes up", HEAD("0400") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"no guesses", HEAD("0800") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"no refused logins", HEAD("0004") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"no hashes", HEAD("1000") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"17 hashes",
	HEAD("1000") "11"
		     "00000000 00000000 00000000 00000000 00000000 00000000"
		     "00000000 00000000 00000000 00000000 00000000 00000000"
		     "00000000 00000000 00000000 00000000 00000000",
	PT_ERR_DAMAGED, "cannot be read"},
    {"empty totals", HEAD("2000") "00 00 00 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"login in 1970", HEAD("2000") "01 00 00 65", PT_ERR_DAMAGED,
	"cannot be read"},
    {"POP3 check never", HEAD("4000") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"no view", HEAD("8000") "00 00000000 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"UIDNEXT of 33 bits", HEAD("8000") "01 01000000 8080808010",
	PT_ERR_DAMAGED, "cannot be read"},
    {"no sessions", HEAD("0001") "00000000 00", PT_ERR_DAMAGED,
	"cannot be read"},
    {"2^32 sessions", HEAD("0001") "01000000 8080808010", PT_ERR_DAMAGED,
	"cannot be read"},
    {"no uses", HEAD("0002") "00", PT_ERR_DAMAGED, "cannot be read"},
    {"use of app password 0", HEAD("0002") "01 00 01 01", PT_ERR_DAMAGED,
	"cannot be read"},
    {"two uses of one", HEAD("0002") "02 01 01 01 00 01 01", PT_ERR_DAMAGED,
	"cannot be read"},
    {"uses beyond 32 bits", HEAD("0002") "02 01 01 01 ffffffff0f 01 01",
	PT_ERR_DAMAGED, "cannot be read"},
    {"use by no protocol", HEAD("0002") "01 01 00 01", PT_ERR_DAMAGED,
	"cannot be read"},
    {"use by two protocols", HEAD("0002") "01 01 03 01", PT_ERR_DAMAGED,
	"cannot be read"},
    {"use from 8 bytes", HEAD("0002") "01 01 21 01 0000000000000001",
	PT_ERR_DAMAGED, "cannot be read"},
    {"use from nowhere, long",
	HEAD("0002") "01 01 41 01 00000000000000000000000000000000",
	PT_ERR_DAMAGED, "cannot be read"},
    {"use from IPv4, long",
	HEAD("0002") "01 01 41 01 00000000000000000000ffffc0000201",
	PT_ERR_DAMAGED, "cannot be read"},
    {"33 uses",
	HEAD("0002") "21 010101 010101 010101 010101 010101 010101 010101"
		     "010101 010101 010101 010101 010101 010101 010101"
		     "010101 010101 010101 010101 010101 010101 010101"
		     "010101 010101 010101 010101 010101 010101 010101"
		     "010101 010101 010101 010101 010101",
	PT_ERR_DAMAGED, "cannot be read"},
};

static struct record_refusals refusals = {
    .format = &usage_format,
    .sound = {FULL_USAGE},
    .random = true,
    .bad = bad_records,
    .bad_count = PT_ARRAY_LEN(bad_records),
};

int
main(void)
{
	return record_refusals_run(&refusals);
}
