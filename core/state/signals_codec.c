/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The signals record.  With both generations, 32 clients and a log of the
 * usual length it stays below 2022 bytes, so that LMDB keeps it in a page
 * with others instead of giving it pages of its own.
 *
 *	version		1 byte: 1
 *	sections	1 byte: a bit for each section that follows
 *	base		5 bytes: the latest time in the record, 0 if none
 *	login		length (1 byte), text
 *
 *	bit	section
 *	0	clients: their number (1 byte), then, the newest first, hash
 *		(4 bytes), varint distance to the newer one
 *	1	log of first-time recipients: see window_log.c
 *	2-3	sketches, the one that is being filled and the one before:
 *		varint recipients, 512 bytes
 *
 * The newest client has its distance to base.  Numbers are little-endian.
 * As in the activity record, sections that would say nothing are left out,
 * and must be: a sketch without a recipient or without a bit is empty.
 */
#include "core/state/signals_codec.h"

#include "core/state/bytes.h"
#include "core/state/record_frame.h"
#include "core/state/window_log.h"

/* The sections' bits. */
#define SECTION_CLIENTS   (1U << 0)
#define SECTION_STRANGERS (1U << 1)
#define SECTION_NOW       (1U << 2)
#define SECTION_BEFORE    (1U << 3)
#define SECTIONS          (1U << 4) /* the first that is not known */

#define HEAD_BYTES    (2 + PT_BYTES_TIME_WIDTH + 1 + PT_LOGIN_MAX)
#define CLIENTS_BYTES (1 + PT_CLIENTS_MAX * (4 + PT_BYTES_DISTANCE_MAX))
#define COUNT_BYTES   5
#define SKETCH_BYTES  (COUNT_BYTES + PT_SKETCH_BYTES)

_Static_assert(
    HEAD_BYTES + CLIENTS_BYTES + PT_WINDOW_LOG_BYTES_MAX + 2 * SKETCH_BYTES <=
	PT_SIGNALS_BYTES_MAX,
    "PT_SIGNALS_BYTES_MAX is too small");

static const struct pt_record_form form = {
    .name = "signals record",
    .version = 1,
    .width = 1,
    .sections = SECTIONS,
};

/* The latest time of all that is stored. */
static int64_t
latest(const struct pt_signals *signals)
{
	int64_t at = pt_window_log_latest(&signals->strangers);
	unsigned clients = signals->client_count;

	if (clients > 0 && signals->clients[clients - 1].at > at)
		at = signals->clients[clients - 1].at;
	return pt_bytes_clamp_time(at, PT_BYTES_TIME_MAX);
}

static unsigned
put_clients(
    struct pt_bytes_writer *out, int64_t base, const struct pt_signals *signals)
{
	unsigned char *to = out->at;
	int64_t newer = base;

	if (signals->client_count == 0 ||
	    !pt_bytes_has_room(out, CLIENTS_BYTES))
		return 0;
	*to++ = (unsigned char)signals->client_count;
	for (unsigned i = signals->client_count; i-- > 0;) {
		const struct pt_client *client = &signals->clients[i];
		int64_t at = pt_bytes_clamp_time(client->at, newer);

		to = pt_bytes_set_hash(to, client->hash);
		to = pt_bytes_set_varint(to, (uint64_t)(newer - at));
		newer = at;
	}
	out->at = to;
	return SECTION_CLIENTS;
}

static bool
is_empty(const struct pt_sketch *sketch)
{
	return sketch->count == 0 ||
	       pt_bytes_is_zero(sketch->bits, sizeof(sketch->bits));
}

static bool
put_sketch(struct pt_bytes_writer *out, const struct pt_sketch *sketch)
{
	if (is_empty(sketch) || !pt_bytes_has_room(out, SKETCH_BYTES))
		return false;
	out->at = pt_bytes_set_varint(out->at, sketch->count);
	pt_bytes_put_block(out, sketch->bits, sizeof(sketch->bits));
	return true;
}

size_t
pt_signals_encode(
    const struct pt_signals *signals, unsigned char *out, size_t cap)
{
	struct pt_record_draft draft;
	struct pt_bytes_writer *to = &draft.out;
	int64_t base = latest(signals);
	unsigned sections = 0;

	pt_record_open(&form, base, &signals->login, out, cap, &draft);
	sections |= put_clients(to, base, signals);
	if (pt_window_log_put(to, base, &signals->strangers))
		sections |= SECTION_STRANGERS;
	if (put_sketch(to, &signals->now))
		sections |= SECTION_NOW;
	if (put_sketch(to, &signals->before))
		sections |= SECTION_BEFORE;
	return pt_record_close(&form, &draft, sections);
}

static void
take_clients(struct pt_bytes_reader *in, int64_t base, struct pt_signals *out)
{
	unsigned count = (unsigned)pt_bytes_take_uint(in, 1);
	int64_t newer = base;

	if (count == 0 || count > PT_CLIENTS_MAX) {
		in->bad = true;
		return;
	}
	for (unsigned i = count; i-- > 0;) {
		struct pt_client *client = &out->clients[i];
		uint64_t distance;

		client->hash = pt_bytes_take_hash(in);
		distance = pt_bytes_take_varint(in);
		if (distance > (uint64_t)newer) {
			in->bad = true;
			return;
		}
		newer -= (int64_t)distance;
		client->at = newer;
	}
	out->client_count = count;
}

static void
take_sketch(struct pt_bytes_reader *in, struct pt_sketch *out)
{
	uint64_t count = pt_bytes_take_varint(in);

	pt_bytes_take_block(in, out->bits, sizeof(out->bits));
	out->count = (uint32_t)count;
	if (count > UINT32_MAX || is_empty(out))
		in->bad = true;
}

static void
take_sections(struct pt_bytes_reader *in, uint64_t sections, int64_t base,
    struct pt_signals *out)
{
	if ((sections & SECTION_CLIENTS) != 0)
		take_clients(in, base, out);
	if ((sections & SECTION_STRANGERS) != 0)
		pt_window_log_take(in, base, &out->strangers);
	if ((sections & SECTION_NOW) != 0)
		take_sketch(in, &out->now);
	if ((sections & SECTION_BEFORE) != 0)
		take_sketch(in, &out->before);
}

int
pt_signals_decode(
    const void *at, size_t len, struct pt_signals *out, struct pt_err *err)
{
	struct pt_record_frame frame;

	if (pt_record_begin(&form, at, len, &frame, err) != 0)
		return -1;
	pt_signals_init(out, &frame.login);
	take_sections(&frame.in, frame.sections, frame.base, out);
	if (pt_record_end(&form, &frame, err) != 0 ||
	    pt_record_check_base(&form, &frame, latest(out), err) != 0)
		return -1;
	out->exists = true;
	return 0;
}
