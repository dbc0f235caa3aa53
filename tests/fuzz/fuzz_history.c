/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * History entries: any bytes are refused with a reason, or are exactly what
 * encoding would write for the entry that they give.
 */
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
		fuzz_check_refusal(&err);
		return 0;
	}
	len = pt_history_encode(&entry, bytes, sizeof(bytes));
	fuzz_check_spelling(data, size, bytes, len);
	return 0;
}
