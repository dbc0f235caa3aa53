/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Evidence records: any bytes are refused with a reason, or are exactly what
 * encoding would write for the evidence that they give; and whatever the
 * clock says, a settled record can be stored and read again, and its windows
 * take a charge back.
 */
#include "core/rules/window.h"
#include "core/state/evidence_codec.h"
#include "tests/fuzz/fuzz.h"

static void
check_again(const struct pt_evidence *evidence, int64_t now)
{
	unsigned char bytes[PT_EVIDENCE_BYTES_MAX];
	struct pt_evidence again;
	struct pt_err err = {0};
	size_t len = pt_evidence_encode(evidence, bytes, sizeof(bytes));

	fuzz_check(len > 0, "a settled record can be encoded");
	fuzz_check(pt_evidence_decode(bytes, len, &again, &err) == 0,
	    "a settled record can be decoded");
	fuzz_check(!pt_evidence_settle(&again, now),
	    "nothing of a settled record lies in the future");
}

/* A moment that the log knows, or one amid its others. */
static void
check_take(struct pt_window_log *log, uint64_t amount, int64_t at)
{
	uint64_t before = pt_window_used(log, INT64_MAX / 2, at);
	uint64_t after;
	unsigned count = log->count;

	pt_window_take(log, amount, at);
	after = pt_window_used(log, INT64_MAX / 2, at);
	fuzz_check(log->count == count || log->count + 1 == count,
	    "at most one entry goes");
	fuzz_check(after <= before, "taking back never adds");
	fuzz_check(before == UINT64_MAX || before - after <= amount,
	    "no more is taken than the amount");
}

static void
check_settled(struct pt_evidence *evidence, int64_t now)
{
	(void)pt_evidence_settle(evidence, now);
	fuzz_check(!pt_evidence_settle(evidence, now),
	    "what is settled stays as it is");
	check_again(evidence, now);
	check_take(&evidence->sent_log, evidence->bounces_total, now);
	if (evidence->bounce_log.count > 0)
		check_take(&evidence->bounce_log, 1,
		    evidence->bounce_log.entry[0].since);
	check_again(evidence, now);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char bytes[PT_EVIDENCE_BYTES_MAX];
	struct pt_evidence evidence;
	struct pt_err err = {0};
	int64_t now;
	size_t len;

	if (pt_evidence_decode(data, size, &evidence, &err) == -1) {
		fuzz_check_refusal(&err);
		return 0;
	}
	len = pt_evidence_encode(&evidence, bytes, sizeof(bytes));
	fuzz_check_spelling(data, size, bytes, len);
	/* A time that the record itself chooses, often amid its others. */
	now = evidence.last_bounce_at + (int64_t)(evidence.bounces_total % 256);
	check_settled(&evidence, now > 128 ? now - 128 : 1);
	return 0;
}
