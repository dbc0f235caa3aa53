/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The number of entries (1 byte), then for each its reason (1 byte), varint
 * messages, varint distance of the last one to the base, varint distance of
 * the first one to the last, figures; then the number of hashes (1 byte) and
 * the hashes (4 bytes each).
 */
#include "core/state/observed_codec.h"

#include "core/state/window_log.h"

int64_t
pt_observed_codec_latest(const struct pt_observed *observed)
{
	int64_t latest = 0;
	int64_t at;

	for (unsigned i = 0; i < observed->count; i++) {
		at = observed->entry[i].last_at;
		if (at > latest)
			latest = at;
	}
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		at = pt_window_log_latest(&observed->passed[i]);
		if (at > latest)
			latest = at;
	}
	return latest;
}

static void
put_entry(
    struct pt_bytes_writer *out, int64_t base, const struct pt_would *would)
{
	int64_t last = pt_bytes_clamp_time(would->last_at, base);
	int64_t first = pt_bytes_clamp_time(would->first_at, last);
	unsigned char *to = out->at;

	*to++ = would->reason;
	to = pt_bytes_set_varint(to, would->messages);
	to = pt_bytes_set_varint(to, (uint64_t)(base - last));
	out->at = pt_bytes_set_varint(to, (uint64_t)(last - first));
	pt_figures_codec_put(out, &would->peak);
}

void
pt_observed_codec_put(struct pt_bytes_writer *out, int64_t base,
    const struct pt_observed *observed)
{
	if (!pt_bytes_has_room(out, PT_OBSERVED_BYTES_MAX))
		return;
	*out->at++ = (unsigned char)observed->count;
	for (unsigned i = 0; i < observed->count; i++)
		put_entry(out, base, &observed->entry[i]);
	*out->at++ = (unsigned char)observed->hash_count;
	for (unsigned i = 0; i < observed->hash_count; i++)
		out->at = pt_bytes_set_hash(out->at, observed->hash[i]);
}

/* The time that lies so far before "at"; not before 1970. */
static int64_t
take_before(struct pt_bytes_reader *in, int64_t at)
{
	uint64_t distance = pt_bytes_take_varint(in);

	if (distance > (uint64_t)at) {
		in->bad = true;
		return 0;
	}
	return at - (int64_t)distance;
}

static void
take_entry(struct pt_bytes_reader *in, int64_t base, struct pt_would *out,
    bool *newer_out)
{
	out->reason = (unsigned char)pt_bytes_take_uint(in, 1);
	out->messages = pt_bytes_take_varint(in);
	out->last_at = take_before(in, base);
	out->first_at = take_before(in, out->last_at);
	pt_figures_codec_take(in, &out->peak, newer_out);
}

void
pt_observed_codec_take(struct pt_bytes_reader *in, int64_t base,
    struct pt_observed *out, bool *newer_out)
{
	unsigned count = (unsigned)pt_bytes_take_uint(in, 1);

	if (count == 0 || count > PT_WOULD_MAX) {
		in->bad = true;
		return;
	}
	for (unsigned i = 0; i < count; i++)
		take_entry(in, base, &out->entry[i], newer_out);
	out->count = count;
	count = (unsigned)pt_bytes_take_uint(in, 1);
	if (count > PT_WOULD_HASHES_MAX) {
		in->bad = true;
		return;
	}
	for (unsigned i = 0; i < count; i++)
		out->hash[i] = pt_bytes_take_hash(in);
	out->hash_count = count;
}
