/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Activity records: any bytes are refused with a reason, or are exactly what
 * encoding would write for the activity that they give; and whatever the
 * clock says, a settled record can be stored and read again.
 */
#include "core/state/activity_codec.h"
#include "tests/fuzz/fuzz.h"

static void
check_settled(struct pt_activity *activity, int64_t now)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity again;
	struct pt_err err = {0};
	size_t len;

	(void)pt_activity_settle(activity, now);
	fuzz_check(!pt_activity_settle(activity, now),
	    "what is settled stays as it is");
	len = pt_activity_encode(activity, bytes, sizeof(bytes));
	fuzz_check(len > 0, "a settled record can be encoded");
	fuzz_check(pt_activity_decode(bytes, len, &again, &err) == 0,
	    "a settled record can be decoded");
	fuzz_check(!pt_activity_settle(&again, now),
	    "nothing of a settled record lies in the future");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity activity;
	struct pt_err err = {0};
	int64_t now;
	size_t len;

	if (pt_activity_decode(data, size, &activity, &err) == -1) {
		fuzz_check_refusal(&err);
		return 0;
	}
	len = pt_activity_encode(&activity, bytes, sizeof(bytes));
	fuzz_check_spelling(data, size, bytes, len);
	/* A time that the record itself chooses, often amid its others. */
	now = activity.last_sent_at + activity.refusals.last_reason - 128;
	check_settled(&activity, now > 1 ? now : 1);
	return 0;
}
