/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Replies of a socketmap server that lies: in pieces they are what they are as
 * a whole, nothing beyond the end is used, and the value lies in the reply.
 * The first byte of the input says how large the pieces are.
 */
#include <string.h>

#include "core/maps/socketmap_reply.h"
#include "tests/fuzz/fuzz.h"

static size_t
feed(struct pt_socketmap_reply *reply, const char *at, size_t len, size_t piece)
{
	size_t used = 0;
	size_t n;

	pt_socketmap_reply_init(reply);
	while (used < len) {
		n = len - used < piece ? len - used : piece;
		n = pt_socketmap_reply_feed(reply, at + used, n);
		used += n;
		if (n == 0)
			break;
	}
	return used;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pt_socketmap_reply whole;
	static struct pt_socketmap_reply pieces;
	const char *text = (const char *)data + 1;
	struct pt_err err = {.kind = PT_ERR_NONE};
	const char *value = NULL;
	size_t len = 0;
	size_t used;
	int rc;

	if (size == 0)
		return 0;
	used = feed(&whole, text, size - 1, size);
	fuzz_check(used == feed(&pieces, text, size - 1, data[0] % 7 + 1U) &&
		       whole.state == pieces.state && whole.len == pieces.len,
	    "pieces are read as the whole is");
	fuzz_check(used == size - 1 || whole.state >= PT_SOCKETMAP_COMPLETE,
	    "only an end leaves bytes over");
	if (whole.state != PT_SOCKETMAP_COMPLETE)
		return 0;
	fuzz_check(whole.len == pieces.have &&
		       memcmp(whole.bytes, pieces.bytes, whole.len + 1) == 0,
	    "pieces make the same bytes");
	rc = pt_socketmap_reply_read(&whole, &value, &len, &err);
	fuzz_check(rc <= 0 || (len > 0 && len <= PT_MAP_VALUE_MAX &&
				  value + len == whole.bytes + whole.len),
	    "a value is the rest of its reply");
	fuzz_check(rc >= 0 || (err.kind == PT_ERR_UNAVAILABLE &&
				  strpbrk(err.text, "\r\n") == NULL),
	    "an error is one line");
	return 0;
}
