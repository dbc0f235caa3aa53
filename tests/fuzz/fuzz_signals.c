/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Signals records: any bytes are refused with a reason, or are exactly what
 * encoding would write for the signals that they give; and whatever the clock
 * says, a settled record can be stored and read again.
 */
#include "core/state/signals_codec.h"
#include "tests/fuzz/fuzz.h"

static void
check_settled(struct pt_signals *signals, int64_t now)
{
	unsigned char bytes[PT_SIGNALS_BYTES_MAX];
	struct pt_signals again;
	struct pt_err err = {0};
	size_t len;

	(void)pt_signals_settle(signals, now);
	fuzz_check(
	    !pt_signals_settle(signals, now), "what is settled stays as it is");
	len = pt_signals_encode(signals, bytes, sizeof(bytes));
	fuzz_check(len > 0, "a settled record can be encoded");
	fuzz_check(pt_signals_decode(bytes, len, &again, &err) == 0,
	    "a settled record can be decoded");
	fuzz_check(!pt_signals_settle(&again, now),
	    "nothing of a settled record lies in the future");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char bytes[PT_SIGNALS_BYTES_MAX];
	struct pt_signals signals;
	struct pt_err err = {0};
	int64_t now = 1;
	size_t len;

	if (pt_signals_decode(data, size, &signals, &err) == -1) {
		fuzz_check_refusal(&err);
		return 0;
	}
	len = pt_signals_encode(&signals, bytes, sizeof(bytes));
	fuzz_check_spelling(data, size, bytes, len);
	/* A time that the record itself chooses, amid its others. */
	if (signals.client_count > 0)
		now = signals.clients[signals.client_count / 2].at;
	check_settled(&signals, now > 1 ? now : 1);
	return 0;
}
