/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Notices in the outbox: any bytes are refused with a reason, or are exactly
 * what encoding would write for the notice that they give, which has a kind
 * that can be told.
 */
#include "core/state/notice.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char bytes[PT_OUTBOX_BYTES_MAX];
	struct pt_outbox_entry entry;
	struct pt_err err = {0};
	size_t len;

	if (pt_outbox_decode(data, size, &entry, &err) == -1) {
		fuzz_check_refusal(&err);
		return 0;
	}
	fuzz_check(entry.notice.kind != PT_NOTICE_NONE &&
		       pt_notice_kind_name(entry.notice.kind) != NULL,
	    "a notice tells something that is known");
	len = pt_outbox_encode(&entry, bytes, sizeof(bytes));
	fuzz_check_spelling(data, size, bytes, len);
	return 0;
}
