/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The evidence record.  The milter rewrites it with every message, so it
 * stays small: with 64 messages and full logs below 1600 bytes, so that LMDB
 * keeps it in a page with others (up to 2022 bytes) instead of giving it
 * pages of its own.
 *
 *	version		1 byte: 1
 *	sections	1 byte: a bit for each section that follows
 *	base		5 bytes: the latest time in the record, 0 if none
 *	login		length (1 byte), text
 *
 *	bit	section
 *	0	sent messages: their number (1 byte), then, the oldest first,
 *		hash of the Message-ID (8 bytes, never 0), bits of the
 *		recipients (8 bytes), varint of the bounces that are left
 *	1-2	logs of recipients sent to and of bounces: see window_log.c
 *	3	totals: varint bounces; last one (ago)
 *
 * "ago" is a varint: 0 for never, else the distance to base plus one.
 * Numbers are little-endian.  As in the activity record, sections that would
 * say nothing are left out, and must be.
 */
#include "core/state/evidence_codec.h"

#include "core/state/bytes.h"
#include "core/state/record_frame.h"
#include "core/state/window_log.h"

/* The sections' bits. */
#define SECTION_SENT     (1U << 0)
#define SECTION_SENT_LOG (1U << 1)
#define SECTION_BOUNCES  (1U << 2)
#define SECTION_TOTALS   (1U << 3)
#define SECTIONS         (1U << 4) /* the first that is not known */

#define LEFT_MAX   65535U
#define LEFT_BYTES 3

#define HEAD_BYTES   (2 + PT_BYTES_TIME_WIDTH + 1 + PT_LOGIN_MAX)
#define SENT_BYTES   (1 + PT_SENT_MAX * (8 + 8 + LEFT_BYTES))
#define TOTALS_BYTES (PT_VARINT_BYTES_MAX + PT_BYTES_DISTANCE_MAX)

_Static_assert(
    HEAD_BYTES + SENT_BYTES + 2 * PT_WINDOW_LOG_BYTES_MAX + TOTALS_BYTES <=
	PT_EVIDENCE_BYTES_MAX,
    "PT_EVIDENCE_BYTES_MAX is too small");

static const struct pt_record_form form = {
    .name = "evidence record",
    .version = 1,
    .width = 1,
    .sections = SECTIONS,
};

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The latest time of all that is stored. */
static int64_t
latest(const struct pt_evidence *evidence)
{
	int64_t at = evidence->last_bounce_at;

	at = later(at, pt_window_log_latest(&evidence->sent_log));
	at = later(at, pt_window_log_latest(&evidence->bounce_log));
	return pt_bytes_clamp_time(at, PT_BYTES_TIME_MAX);
}

/* A message without a hash could never be found again. */
static unsigned
put_sent(struct pt_bytes_writer *out, const struct pt_evidence *evidence)
{
	struct pt_bytes_writer to = *out;
	unsigned count = 0;

	if (evidence->sent_count == 0 || !pt_bytes_has_room(out, SENT_BYTES))
		return 0;
	to.at++;
	for (unsigned i = 0; i < evidence->sent_count; i++) {
		const struct pt_sent *sent = &evidence->sent[i];
		unsigned left = sent->left < LEFT_MAX ? sent->left : LEFT_MAX;

		if (sent->message == 0)
			continue;
		pt_bytes_put_uint(&to, sent->message, 8);
		pt_bytes_put_uint(&to, sent->recipients, 8);
		to.at = pt_bytes_set_varint(to.at, left);
		count++;
	}
	if (count == 0)
		return 0;
	out->at[0] = (unsigned char)count;
	out->at = to.at;
	return SECTION_SENT;
}

static unsigned
put_totals(struct pt_bytes_writer *out, int64_t base,
    const struct pt_evidence *evidence)
{
	if (evidence->bounces_total == 0 && evidence->last_bounce_at <= 0)
		return 0;
	if (!pt_bytes_has_room(out, TOTALS_BYTES))
		return 0;
	out->at = pt_bytes_set_ago(
	    pt_bytes_set_varint(out->at, evidence->bounces_total), base,
	    evidence->last_bounce_at);
	return SECTION_TOTALS;
}

size_t
pt_evidence_encode(
    const struct pt_evidence *evidence, unsigned char *out, size_t cap)
{
	struct pt_record_draft draft;
	struct pt_bytes_writer *to = &draft.out;
	int64_t base = latest(evidence);
	unsigned sections = 0;

	pt_record_open(&form, base, &evidence->login, out, cap, &draft);
	sections |= put_sent(to, evidence);
	if (pt_window_log_put(to, base, &evidence->sent_log))
		sections |= SECTION_SENT_LOG;
	if (pt_window_log_put(to, base, &evidence->bounce_log))
		sections |= SECTION_BOUNCES;
	sections |= put_totals(to, base, evidence);
	return pt_record_close(&form, &draft, sections);
}

static void
take_sent(struct pt_bytes_reader *in, struct pt_evidence *out)
{
	unsigned count = (unsigned)pt_bytes_take_uint(in, 1);

	if (count == 0 || count > PT_SENT_MAX) {
		in->bad = true;
		return;
	}
	for (unsigned i = 0; i < count && !in->bad; i++) {
		struct pt_sent *sent = &out->sent[i];
		uint64_t left;

		sent->message = pt_bytes_take_uint(in, 8);
		sent->recipients = pt_bytes_take_uint(in, 8);
		left = pt_bytes_take_varint(in);
		if (sent->message == 0 || left > LEFT_MAX)
			in->bad = true;
		sent->left = (unsigned)left;
	}
	out->sent_count = count;
}

static void
take_totals(struct pt_bytes_reader *in, int64_t base, struct pt_evidence *out)
{
	out->bounces_total = pt_bytes_take_varint(in);
	out->last_bounce_at = pt_bytes_take_ago(in, base);
	if (out->bounces_total == 0 && out->last_bounce_at == 0)
		in->bad = true;
}

static void
take_sections(struct pt_bytes_reader *in, uint64_t sections, int64_t base,
    struct pt_evidence *out)
{
	if ((sections & SECTION_SENT) != 0)
		take_sent(in, out);
	if ((sections & SECTION_SENT_LOG) != 0)
		pt_window_log_take(in, base, &out->sent_log);
	if ((sections & SECTION_BOUNCES) != 0)
		pt_window_log_take(in, base, &out->bounce_log);
	if ((sections & SECTION_TOTALS) != 0)
		take_totals(in, base, out);
}

int
pt_evidence_decode(
    const void *at, size_t len, struct pt_evidence *out, struct pt_err *err)
{
	struct pt_record_frame frame;

	if (pt_record_begin(&form, at, len, &frame, err) != 0)
		return -1;
	pt_evidence_init(out, &frame.login);
	take_sections(&frame.in, frame.sections, frame.base, out);
	if (pt_record_end(&form, &frame, err) != 0 ||
	    pt_record_check_base(&form, &frame, latest(out), err) != 0)
		return -1;
	out->exists = true;
	return 0;
}
