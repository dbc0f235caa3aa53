/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A window log in a record: the number of entries (1 byte), then the
 * entries, the newest first.
 *
 * An entry of one unit and one moment is a varint, distance << 1: the
 * distance to the newer entry, or of the newest to base.  Any other has
 * distance << 1 | 1, then a varint span << 2 | amount - 2, the span being
 * the time from "since" to "at".  Amounts beyond 2, 3 and 4 have 3 there,
 * and follow as a third varint; so does 1.
 */
#include "core/state/window_log.h"

/* Amounts from AMOUNT_MIN on that share a varint with the span. */
#define AMOUNT_MIN   2U
#define AMOUNT_APART 3U

static unsigned char *
set_entry(unsigned char *to, uint64_t distance, uint64_t span, uint64_t amount)
{
	if (span == 0 && amount == 1)
		return pt_bytes_set_varint(to, distance << 1);
	to = pt_bytes_set_varint(to, distance << 1 | 1);
	/* Of 1 the difference is huge. */
	if (amount - AMOUNT_MIN < AMOUNT_APART)
		return pt_bytes_set_varint(
		    to, span << 2 | (amount - AMOUNT_MIN));
	to = pt_bytes_set_varint(to, span << 2 | AMOUNT_APART);
	return pt_bytes_set_varint(to, amount);
}

bool
pt_window_log_put(
    struct pt_bytes_writer *out, int64_t base, const struct pt_window_log *log)
{
	unsigned char *to = out->at + 1;
	int64_t newer = base;
	int64_t max = base;
	unsigned count = 0;

	if (log->count == 0 || !pt_bytes_has_room(out, PT_WINDOW_LOG_BYTES_MAX))
		return false;
	for (unsigned i = log->count; i-- > 0 && max >= 0;) {
		const struct pt_window_entry *entry = &log->entry[i];
		int64_t at = pt_bytes_clamp_time(entry->at, max);
		int64_t since = pt_bytes_clamp_time(entry->since, at);

		if (entry->amount == 0)
			continue;
		to = set_entry(to, (uint64_t)(newer - at),
		    (uint64_t)(at - since), entry->amount);
		newer = at;
		max = at - 1;
		count++;
	}
	if (count == 0)
		return false;
	out->at[0] = (unsigned char)count;
	out->at = to;
	return true;
}

/* The second part of an entry that is not one unit of one moment. */
static void
take_merged(struct pt_bytes_reader *in, struct pt_window_entry *entry)
{
	uint64_t head = pt_bytes_take_varint(in);
	uint64_t span = head >> 2;

	entry->amount = AMOUNT_MIN + (head & 3);
	if ((head & 3) == AMOUNT_APART) {
		entry->amount = pt_bytes_take_varint(in);
		if (entry->amount == 0 ||
		    entry->amount - AMOUNT_MIN < AMOUNT_APART)
			in->bad = true;
	}
	if (span > (uint64_t)entry->at || (span == 0 && entry->amount == 1)) {
		in->bad = true;
		return;
	}
	entry->since = entry->at - (int64_t)span;
}

/* The reader is a copy, so that the loop can keep it in registers. */
void
pt_window_log_take(
    struct pt_bytes_reader *in, int64_t base, struct pt_window_log *log)
{
	unsigned count = (unsigned)pt_bytes_take_uint(in, 1);
	struct pt_bytes_reader reader = *in;
	int64_t newer = base;

	if (count == 0 || count > PT_WINDOW_LOG_MAX) {
		in->bad = true;
		return;
	}
	for (unsigned i = count; i-- > 0;) {
		struct pt_window_entry *entry = &log->entry[i];
		uint64_t head = pt_bytes_take_varint(&reader);
		uint64_t distance = head >> 1;

		/* Only the newest may be of the same second as base. */
		if (distance > (uint64_t)newer ||
		    (distance == 0 && i + 1 < count)) {
			in->bad = true;
			return;
		}
		newer -= (int64_t)distance;
		entry->at = newer;
		entry->since = newer;
		entry->amount = 1;
		if ((head & 1) != 0)
			take_merged(&reader, entry);
	}
	log->count = count;
	*in = reader;
}
