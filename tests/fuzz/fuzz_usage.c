/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Usage records: any bytes are refused with a reason, or are exactly what
 * encoding would write for the usage that they give; and whatever the clock
 * says and whichever app password is used next, the record can be stored and
 * read again.
 */
#include "core/state/usage_codec.h"
#include "tests/fuzz/fuzz.h"

static void
check_again(const struct pt_usage *usage, int64_t now)
{
	unsigned char bytes[PT_USAGE_BYTES_MAX];
	struct pt_usage again;
	struct pt_err err = {0};
	size_t len = pt_usage_encode(usage, bytes, sizeof(bytes));

	fuzz_check(len > 0, "a settled record can be encoded");
	fuzz_check(pt_usage_decode(bytes, len, &again, &err) == 0,
	    "a settled record can be decoded");
	fuzz_check(!pt_usage_settle(&again, now),
	    "nothing of a settled record lies in the future");
}

static void
check_next_use(struct pt_usage *usage, int64_t now)
{
	struct pt_last_use use = {
	    .password = usage->view.uidnext / 2 + 1,
	    .at = now,
	    .protocol = PT_PROTOCOL_IMAP,
	};
	const struct pt_last_use *found;

	(void)pt_usage_settle(usage, now);
	fuzz_check(
	    !pt_usage_settle(usage, now), "what is settled stays as it is");
	check_again(usage, now);
	pt_usage_note(usage, &use);
	found = pt_usage_last(usage, use.password);
	fuzz_check(
	    found != NULL && found->at == now, "a noted use can be found");
	check_again(usage, now);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char bytes[PT_USAGE_BYTES_MAX];
	struct pt_usage usage;
	struct pt_err err = {0};
	int64_t now;
	size_t len;

	if (pt_usage_decode(data, size, &usage, &err) == -1) {
		fuzz_check_refusal(&err);
		return 0;
	}
	len = pt_usage_encode(&usage, bytes, sizeof(bytes));
	fuzz_check_spelling(data, size, bytes, len);
	/* A time that the record itself chooses, often amid its others. */
	now = usage.last_login_at + usage.sessions.count - 128;
	check_next_use(&usage, now > 1 ? now : 1);
	return 0;
}
