/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The activity record.  Every message rewrites it, so times are distances to
 * later times of the record, and a lone message costs two bytes or three.
 *
 *	version		1 byte: 1
 *	sections	varint: a bit for each section that follows
 *	base		5 bytes: the latest time in the record, 0 if none
 *	login		length (1 byte), text
 *
 *	bit	section
 *	0-2	logs of messages, recipients, bytes: see window_log.c
 *	3	recent charges: their number (1 byte), then, the newest first,
 *		hash (4 bytes), varint distance to the newer one
 *	4	use of a grant: its id (4 bytes), varint used
 *	5	totals: varint messages, recipients, bytes; last sent (ago)
 *	6	refusals: varint total, last one (ago), its reason (1 byte),
 *		number of attempts (1 byte), hash of each (4 bytes)
 *	7	pending block: its reason (1 byte), when (ago)
 *
 * The newest of a list has its distance to base.  "ago" is a varint: 0 for
 * never, else the distance to base plus one.  Numbers are little-endian.
 *
 * Sections that would say nothing are left out, and must be: a record has
 * one spelling, and decoding refuses every other.
 */
#include "core/state/activity_codec.h"

#include <string.h>

#include "core/state/account.h"
#include "core/state/bytes.h"
#include "core/state/record_frame.h"
#include "core/state/window_log.h"

#define VERSION 1

/* The sections' bits; SECTION_LOG and the two above it are the logs'. */
#define SECTION_LOG      (1U << 0)
#define SECTION_RECENT   (1U << 3)
#define SECTION_GRANT    (1U << 4)
#define SECTION_TOTALS   (1U << 5)
#define SECTION_REFUSALS (1U << 6)
#define SECTION_BLOCK    (1U << 7)
#define SECTIONS         (1U << 8) /* the first that is not known */

#define HEAD_BYTES    (1 + 2 + PT_BYTES_TIME_WIDTH + 1 + PT_LOGIN_MAX)
#define RECENTS_BYTES (1 + PT_RECENT_MAX * (4 + PT_BYTES_DISTANCE_MAX))
#define GRANT_BYTES   (4 + PT_VARINT_BYTES_MAX)
#define TOTALS_BYTES  (PT_COUNTED * PT_VARINT_BYTES_MAX + PT_BYTES_DISTANCE_MAX)
#define REFUSALS_BYTES \
	(PT_VARINT_BYTES_MAX + PT_BYTES_DISTANCE_MAX + 2 + 4 * PT_ATTEMPTS_MAX)
#define BLOCK_BYTES (1 + PT_BYTES_DISTANCE_MAX)

_Static_assert(HEAD_BYTES + PT_COUNTED * PT_WINDOW_LOG_BYTES_MAX +
		       RECENTS_BYTES + GRANT_BYTES + TOTALS_BYTES +
		       REFUSALS_BYTES + BLOCK_BYTES <=
		   PT_ACTIVITY_BYTES_MAX,
    "PT_ACTIVITY_BYTES_MAX is too small");
_Static_assert(
    SECTION_RECENT == SECTION_LOG << PT_COUNTED, "each log has its bit");

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The latest time of all that is stored. */
static int64_t
latest(const struct pt_activity *activity)
{
	unsigned recents = activity->recent_count;
	int64_t at = later(activity->last_sent_at, activity->refusals.last_at);

	for (int i = 0; i < PT_COUNTED; i++)
		at = later(at, pt_window_log_latest(&activity->log[i]));
	if (recents > 0)
		at = later(at, activity->recent[recents - 1].at);
	if (activity->block.reason != PT_BLOCK_NONE)
		at = later(at, activity->block.at);
	return pt_bytes_clamp_time(at, PT_BYTES_TIME_MAX);
}

static unsigned
put_recents(struct pt_bytes_writer *out, int64_t base,
    const struct pt_activity *activity)
{
	unsigned char *to = out->at;
	int64_t newer = base;

	if (activity->recent_count == 0 ||
	    !pt_bytes_has_room(out, RECENTS_BYTES))
		return 0;
	*to++ = (unsigned char)activity->recent_count;
	for (unsigned i = activity->recent_count; i-- > 0;) {
		const struct pt_recent *recent = &activity->recent[i];
		int64_t at = pt_bytes_clamp_time(recent->at, newer);

		to = pt_bytes_set_hash(to, recent->hash);
		to = pt_bytes_set_varint(to, (uint64_t)(newer - at));
		newer = at;
	}
	out->at = to;
	return SECTION_RECENT;
}

static unsigned
put_grant(struct pt_bytes_writer *out, const struct pt_activity *activity)
{
	if (activity->grant_id == 0 && activity->grant_used == 0)
		return 0;
	if (!pt_bytes_has_room(out, GRANT_BYTES))
		return 0;
	out->at =
	    pt_bytes_set_varint(pt_bytes_set_hash(out->at, activity->grant_id),
		activity->grant_used);
	return SECTION_GRANT;
}

static unsigned
put_totals(struct pt_bytes_writer *out, int64_t base,
    const struct pt_activity *activity)
{
	uint64_t any = 0;
	unsigned char *to = out->at;

	for (int i = 0; i < PT_COUNTED; i++)
		any |= activity->total[i];
	if (any == 0 && activity->last_sent_at <= 0)
		return 0;
	if (!pt_bytes_has_room(out, TOTALS_BYTES))
		return 0;
	for (int i = 0; i < PT_COUNTED; i++)
		to = pt_bytes_set_varint(to, activity->total[i]);
	out->at = pt_bytes_set_ago(to, base, activity->last_sent_at);
	return SECTION_TOTALS;
}

static unsigned
put_refusals(struct pt_bytes_writer *out, int64_t base,
    const struct pt_refusals *refusals)
{
	unsigned char *to = out->at;

	if (refusals->total == 0 && refusals->last_at <= 0 &&
	    refusals->last_reason == 0 && refusals->attempt_count == 0)
		return 0;
	if (!pt_bytes_has_room(out, REFUSALS_BYTES))
		return 0;
	to = pt_bytes_set_varint(to, refusals->total);
	to = pt_bytes_set_ago(to, base, refusals->last_at);
	*to++ = refusals->last_reason;
	*to++ = (unsigned char)refusals->attempt_count;
	for (unsigned i = 0; i < refusals->attempt_count; i++)
		to = pt_bytes_set_hash(to, refusals->attempt[i]);
	out->at = to;
	return SECTION_REFUSALS;
}

static unsigned
put_block(struct pt_bytes_writer *out, int64_t base,
    const struct pt_pending_block *block)
{
	unsigned char *to = out->at;

	if (block->reason == PT_BLOCK_NONE ||
	    !pt_bytes_has_room(out, BLOCK_BYTES))
		return 0;
	*to++ = block->reason;
	out->at = pt_bytes_set_ago(to, base, block->at);
	return SECTION_BLOCK;
}

/*
 * Room was kept for a varint of one byte, and whether that is enough is known
 * only now.
 */
static void
put_sections(struct pt_bytes_writer *out, unsigned char *at, unsigned sections)
{
	if (sections >= 0x80) {
		if (!pt_bytes_has_room(out, 1))
			return;
		memmove(at + 2, at + 1, (size_t)(out->at - at) - 1);
		out->at++;
	}
	(void)pt_bytes_set_varint(at, sections);
}

size_t
pt_activity_encode(
    const struct pt_activity *activity, unsigned char *out, size_t cap)
{
	struct pt_bytes_writer to = {.at = out, .end = out + cap};
	int64_t base = latest(activity);
	unsigned sections = 0;

	pt_bytes_put_uint(&to, VERSION, 1);
	pt_bytes_put_uint(&to, sections, 1);
	pt_bytes_put_uint(&to, (uint64_t)base, PT_BYTES_TIME_WIDTH);
	pt_bytes_put_login(&to, &activity->login);
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		if (pt_window_log_put(&to, base, &activity->log[i]))
			sections |= SECTION_LOG << i;
	}
	sections |= put_recents(&to, base, activity);
	sections |= put_grant(&to, activity);
	sections |= put_totals(&to, base, activity);
	sections |= put_refusals(&to, base, &activity->refusals);
	sections |= put_block(&to, base, &activity->block);
	if (!to.bad)
		put_sections(&to, out + 1, sections);
	return to.bad ? 0 : (size_t)(to.at - out);
}

/* The reader is a copy, so that the loop can keep it in registers. */
static void
take_recents(struct pt_bytes_reader *in, int64_t base, struct pt_activity *out)
{
	unsigned count = (unsigned)pt_bytes_take_uint(in, 1);
	struct pt_bytes_reader reader = *in;
	int64_t newer = base;

	if (count == 0 || count > PT_RECENT_MAX) {
		in->bad = true;
		return;
	}
	for (unsigned i = count; i-- > 0;) {
		struct pt_recent *recent = &out->recent[i];
		uint64_t distance;

		recent->hash = pt_bytes_take_hash(&reader);
		distance = pt_bytes_take_varint(&reader);
		if (distance > (uint64_t)newer) {
			in->bad = true;
			return;
		}
		newer -= (int64_t)distance;
		recent->at = newer;
	}
	out->recent_count = count;
	*in = reader;
}

static void
take_grant(struct pt_bytes_reader *in, struct pt_activity *out)
{
	out->grant_id = pt_bytes_take_hash(in);
	out->grant_used = pt_bytes_take_varint(in);
	if (out->grant_id == 0 && out->grant_used == 0)
		in->bad = true;
}

static void
take_totals(struct pt_bytes_reader *in, int64_t base, struct pt_activity *out)
{
	uint64_t any = 0;

	for (int i = 0; i < PT_COUNTED; i++) {
		out->total[i] = pt_bytes_take_varint(in);
		any |= out->total[i];
	}
	out->last_sent_at = pt_bytes_take_ago(in, base);
	if (any == 0 && out->last_sent_at == 0)
		in->bad = true;
}

static void
take_refusals(struct pt_bytes_reader *in, int64_t base, struct pt_refusals *out)
{
	unsigned count;

	out->total = pt_bytes_take_varint(in);
	out->last_at = pt_bytes_take_ago(in, base);
	out->last_reason = (unsigned char)pt_bytes_take_uint(in, 1);
	count = (unsigned)pt_bytes_take_uint(in, 1);
	if (count > PT_ATTEMPTS_MAX ||
	    (out->total == 0 && out->last_at == 0 && out->last_reason == 0 &&
		count == 0)) {
		in->bad = true;
		return;
	}
	for (unsigned i = 0; i < count; i++)
		out->attempt[i] = pt_bytes_take_hash(in);
	out->attempt_count = count;
}

/* A number that this version does not know is a later version's. */
static void
take_block(struct pt_bytes_reader *in, int64_t base,
    struct pt_pending_block *out, bool *newer_out)
{
	out->reason = (unsigned char)pt_bytes_take_uint(in, 1);
	out->at = pt_bytes_take_ago(in, base);
	if (out->reason == PT_BLOCK_NONE)
		in->bad = true;
	if (pt_block_reason_name((enum pt_block_reason)out->reason) == NULL)
		*newer_out = true;
}

/* "in" is at the first section. */
static void
take_sections(struct pt_bytes_reader *in, uint64_t sections, int64_t base,
    struct pt_activity *out, bool *newer_out)
{
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		if ((sections & SECTION_LOG << i) != 0)
			pt_window_log_take(in, base, &out->log[i]);
	}
	if ((sections & SECTION_RECENT) != 0)
		take_recents(in, base, out);
	if ((sections & SECTION_GRANT) != 0)
		take_grant(in, out);
	if ((sections & SECTION_TOTALS) != 0)
		take_totals(in, base, out);
	if ((sections & SECTION_REFUSALS) != 0)
		take_refusals(in, base, &out->refusals);
	if ((sections & SECTION_BLOCK) != 0)
		take_block(in, base, &out->block, newer_out);
}

int
pt_activity_decode(
    const void *at, size_t len, struct pt_activity *out, struct pt_err *err)
{
	static const struct pt_record_form form = {
	    .name = "activity",
	    .version = VERSION,
	    .sections = SECTIONS,
	};
	struct pt_record_frame frame;
	bool newer = false;

	if (pt_record_begin(&form, at, len, &frame, err) != 0)
		return -1;
	pt_activity_init(out, &frame.login);
	take_sections(&frame.in, frame.sections, frame.base, out, &newer);
	if (pt_record_end(&form, &frame, err) != 0 ||
	    pt_record_check_base(&form, &frame, latest(out), err) != 0)
		return -1;
	if (newer)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the activity record was written by a later Postern: "
		    "the reason of its block is not known here");
	out->exists = true;
	return 0;
}
