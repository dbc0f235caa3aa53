/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * History entries: any bytes are refused with a reason, or are exactly what
 * encoding would write for the entry that they give.
 */
#include <string.h>

#include "core/state/history.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char bytes[PT_HISTORY_BYTES_MAX];
	struct pt_history entry;
	struct pt_err err = {0};
	size_t len;

	if (pt_history_decode(data, size, &entry, &err) == -1) {
		fuzz_check(
		    err.kind == PT_ERR_DAMAGED || err.kind == PT_ERR_NEWER,
		    "a refusal says whether it is damaged or newer");
		fuzz_check(err.text[0] != '\0', "a refusal has a reason");
		return 0;
	}
	len = pt_history_encode(&entry, bytes, sizeof(bytes));
	fuzz_check(len == size && memcmp(bytes, data, len) == 0,
	    "an entry has one spelling");
	return 0;
}
