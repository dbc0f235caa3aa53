/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Account records: any bytes are refused with a reason, or are exactly what
 * encoding would write for the account that they give.
 */
#include "core/state/account_codec.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pt_login login = {
	    .len = 6, .at = 1, .text = "a@b.de"};
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;
	struct pt_err err = {0};
	size_t len;

	if (pt_account_decode(data, size, &login, &account, &err) == -1) {
		fuzz_check_refusal(&err);
		return 0;
	}
	len = pt_account_encode(&account, bytes, sizeof(bytes));
	fuzz_check_spelling(data, size, bytes, len);
	return 0;
}
