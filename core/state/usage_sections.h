/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The usage record.  Like the activity record it is rewritten often, and
 * times are distances to a later time of the record.
 *
 *	version		1 byte: 1
 *	sections	2 bytes: a bit for each section that follows
 *	base		5 bytes: the latest time in the record, 0 if none
 *	login		length (1 byte), text
 *
 *	bit	section
 *	0	log of logins: see window_log.c, as the other logs
 *	1-2	logs of traffic, down and up
 *	3	log of wrong passwords
 *	4	their short hashes: number (1 byte), 4 bytes each
 *	5	totals: varint logins, bytes down, bytes up; last login (ago)
 *	6	last POP3 mail check (ago)
 *	7	view: last IMAP mail check (ago), UIDVALIDITY (4 bytes), varint
 *		UIDNEXT
 *	8	open sessions: life (4 bytes), varint number
 *	9	last uses: number (1 byte), then for each app password, ids
 *		ascending: varint distance to the id before (the first to 0);
 *		1 byte: protocol, plus 16 times the number of address bytes
 *		divided by 4; when (ago); address (0, 4 or 16 bytes)
 *	10	log of refused logins
 *
 * "ago" is a varint: 0 for never, else the distance to base plus one.
 * Numbers are little-endian.  As in the activity record, sections that would
 * say nothing are left out, and must be.
 */
#ifndef PT_STATE_USAGE_SECTIONS_H
#define PT_STATE_USAGE_SECTIONS_H

#include "core/state/bytes.h"
#include "core/state/record_frame.h"
#include "core/state/usage.h"
#include "core/state/window_log.h"

/* The sections' bits. */
#define SECTION_LOGINS   (1U << 0)
#define SECTION_TRAFFIC  (1U << 1) /* and the next one */
#define SECTION_GUESSES  (1U << 3)
#define SECTION_HASHES   (1U << 4)
#define SECTION_TOTALS   (1U << 5)
#define SECTION_POP3     (1U << 6)
#define SECTION_VIEW     (1U << 7)
#define SECTION_SESSIONS (1U << 8)
#define SECTION_USES     (1U << 9)
#define SECTION_REFUSED  (1U << 10)
#define SECTIONS         (1U << 11) /* the first that is not known */

#define SECTIONS_AT    1
#define SECTIONS_WIDTH 2
#define AGO_BYTES      PT_BYTES_DISTANCE_MAX
#define HEAD_BYTES \
	(SECTIONS_AT + SECTIONS_WIDTH + PT_BYTES_TIME_WIDTH + 1 + PT_LOGIN_MAX)
#define HASHES_BYTES   (1 + 4 * PT_GUESSES_MAX)
#define TOTALS_BYTES   ((1 + PT_TRAFFICS) * PT_VARINT_BYTES_MAX + AGO_BYTES)
#define VIEW_BYTES     (AGO_BYTES + 4 + PT_VARINT_BYTES_MAX)
#define SESSIONS_BYTES (4 + PT_VARINT_BYTES_MAX)
#define USE_BYTES      (PT_VARINT_BYTES_MAX + 1 + AGO_BYTES + 16)
#define USES_BYTES     (1 + PT_PASSWORDS_MAX * USE_BYTES)

extern const struct pt_record_form pt_usage_form;

/* An IPv4 address is stored without this. */
extern const unsigned char pt_usage_mapped[12];

/* One protocol that is known? */
bool
pt_usage_is_protocol(unsigned protocol);

/* The latest time of all that is stored. */
int64_t
pt_usage_latest(const struct pt_usage *usage);

#endif
