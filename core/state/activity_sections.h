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
 *	8	what the recent charges added, in their order: varint
 *		bytes << 2 | recipients follow << 1 | granted, then if they
 *		follow varint recipients; else it is one, as for most mail
 *
 *	9	figures of the pending block: see figures_codec.c
 *	10	pending notice: its kind (1 byte), when (ago), until (a term),
 *		figures
 *	11	penalty: since (ago), until (a term)
 *	12	when the owner was last told of a limit (ago)
 *	13	log of the messages that were refused for a limit
 *	14	what was observed: see observed_codec.c
 *	15-17	logs of messages, recipients, bytes that passed while they were
 *		observed
 *
 * The newest of a list has its distance to base.  "ago" is a varint: 0 for
 * never, else the distance to base plus one.  A term is a varint: 0 for none,
 * else the time until then plus one.  Numbers are little-endian.
 *
 * Sections that would say nothing are left out, and must be: a record has
 * one spelling, and decoding refuses every other.
 */
#ifndef PT_STATE_ACTIVITY_SECTIONS_H
#define PT_STATE_ACTIVITY_SECTIONS_H

#include "core/state/activity.h"
#include "core/state/bytes.h"
#include "core/state/figures_codec.h"
#include "core/state/observed_codec.h"
#include "core/state/window_log.h"

#define ACTIVITY_VERSION 1

/* The sections' bits; SECTION_LOG and the two above it are the logs'. */
#define SECTION_LOG      (1U << 0)
#define SECTION_RECENT   (1U << 3)
#define SECTION_GRANT    (1U << 4)
#define SECTION_TOTALS   (1U << 5)
#define SECTION_REFUSALS (1U << 6)
#define SECTION_BLOCK    (1U << 7)
#define SECTION_AMOUNTS  (1U << 8) /* only with SECTION_RECENT */
#define SECTION_FIGURES  (1U << 9) /* only with SECTION_BLOCK */
#define SECTION_NOTICE   (1U << 10)
#define SECTION_PENALTY  (1U << 11)
#define SECTION_TOLD     (1U << 12)
#define SECTION_REFUSED  (1U << 13)
#define SECTION_OBSERVED (1U << 14)
#define SECTION_PASSED   (1U << 15) /* and two more; with SECTION_OBSERVED */
#define SECTIONS         (1U << 18) /* the first that is not known */

#define AMOUNT_GRANTED    1U
#define AMOUNT_RECIPIENTS 2U
#define AMOUNT_SHIFT      2
#define AMOUNT_BYTES_MAX  (UINT64_MAX >> AMOUNT_SHIFT)

#define HEAD_BYTES    (1 + 3 + PT_BYTES_TIME_WIDTH + 1 + PT_LOGIN_MAX)
#define RECENTS_BYTES (1 + PT_RECENT_MAX * (4 + PT_BYTES_DISTANCE_MAX))
#define AMOUNTS_BYTES (PT_RECENT_MAX * 2 * PT_VARINT_BYTES_MAX)
#define GRANT_BYTES   (4 + PT_VARINT_BYTES_MAX)
#define TOTALS_BYTES  (PT_COUNTED * PT_VARINT_BYTES_MAX + PT_BYTES_DISTANCE_MAX)
#define REFUSALS_BYTES \
	(PT_VARINT_BYTES_MAX + PT_BYTES_DISTANCE_MAX + 2 + 4 * PT_ATTEMPTS_MAX)
#define BLOCK_BYTES (1 + PT_BYTES_DISTANCE_MAX)
/* A time, and the term from then on. */
#define SPAN_BYTES    (2 * PT_BYTES_DISTANCE_MAX)
#define NOTICE_BYTES  (1 + SPAN_BYTES + PT_FIGURES_BYTES_MAX)
#define PENALTY_BYTES SPAN_BYTES
#define TOLD_BYTES    PT_BYTES_DISTANCE_MAX

/* The latest time of all that is stored. */
int64_t
pt_activity_latest(const struct pt_activity *activity);

/* Was noted what the charge added? */
bool
pt_activity_knows_amounts(const struct pt_recent *recent);

#endif
