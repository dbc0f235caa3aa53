/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The counts of an hour: any bytes are refused with a reason, or are exactly
 * what encoding would write for the hour that they give; and more can be
 * added to whatever was counted.
 */
#include "core/state/hour.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pt_counters none;
	struct pt_counters more = {.permitted = 1, .refused[63] = UINT64_MAX};
	unsigned char bytes[PT_HOUR_BYTES_MAX];
	struct pt_err err = {0};
	struct pt_hour before;
	struct pt_hour hour;
	size_t len;

	if (pt_hour_decode(data, size, &hour, &err) == -1) {
		fuzz_check_refusal(&err);
		return 0;
	}
	len = pt_hour_encode(&hour, bytes, sizeof(bytes));
	fuzz_check_spelling(data, size, bytes, len);
	before = hour;
	pt_hour_add(&hour, &none, &more);
	fuzz_check(
	    hour.permitted > before.permitted || before.permitted == UINT64_MAX,
	    "what is added counts");
	fuzz_check(hour.refused[63] == UINT64_MAX, "a sum does not wrap");
	len = pt_hour_encode(&hour, bytes, sizeof(bytes));
	fuzz_check(len > 0 && pt_hour_decode(bytes, len, &before, &err) == 0,
	    "what was added to can be stored");
	return 0;
}
