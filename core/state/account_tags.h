/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The account record:
 *
 *	version	1 byte: 1
 *	length	2 bytes: of all fields together
 *	fields	tag (1 byte), length (2 bytes), as many bytes of content;
 *		tags ascend
 *
 *	tag	content
 *	1	created_at	time
 *	2	plan		text
 *	3	status		1 byte
 *	4	language	text
 *	5	sending lock	time, text (the note)
 *	6	block		reason (1 byte), time, text (the note)
 *	7	grant		until (time), amount (8 bytes), id (4 bytes)
 *	8	overrides	words, each ended by a NUL
 *	9	senders		words, each ended by a NUL
 *	10	access		state (1 byte), time, protocols (1 byte)
 *	11	main password	time of its last change
 *	12	salt		16 bytes
 *	13	last number	4 bytes: of all app passwords ever given
 *	14	app passwords	see password_codec.c
 *	15	next plan	time, text
 *	16	time zone	text
 *	17	block figures	see figures_codec.c; only with a block
 *	18	notices		since (time), number (4 bytes)
 *	19	unused, told	time
 *	20	carried over	block: reason (1 byte), time; notice: kind (1
 *				byte), time
 *
 * Numbers are little-endian; a time is 8 bytes, signed, not before 0.  A
 * text takes the rest of its field.  A field that has its default is left
 * out and must be: equal accounts have equal bytes.  The login is the key,
 * not part of the record.
 */
#ifndef PT_STATE_ACCOUNT_TAGS_H
#define PT_STATE_ACCOUNT_TAGS_H

#include "core/state/bytes.h"

#define ACCOUNT_VERSION 1

enum account_tag {
	TAG_CREATED = 1,
	TAG_PLAN,
	TAG_STATUS,
	TAG_LANGUAGE,
	TAG_LOCK,
	TAG_BLOCK,
	TAG_GRANT,
	TAG_OVERRIDES,
	TAG_SENDERS,
	TAG_ACCESS,
	TAG_MAIN_PASSWORD,
	TAG_SALT,
	TAG_LAST_PASSWORD,
	TAG_PASSWORDS,
	TAG_NEXT_PLAN,
	TAG_TIMEZONE,
	TAG_BLOCK_FIGURES,
	TAG_NOTICES,
	TAG_UNUSED_TOLD,
	TAG_CARRIED,
	TAGS,
};

#define HEAD_BYTES    (1 + 2)
#define FIELD_HEAD    3
#define GRANT_BYTES   (PT_BYTES_STAMP_WIDTH + 8 + 4)
#define ACCESS_BYTES  (1 + PT_BYTES_STAMP_WIDTH + 1)
#define ID_BYTES      4
#define NOTICES_BYTES (PT_BYTES_STAMP_WIDTH + 4)
#define CARRIED_BYTES (2 * (1 + PT_BYTES_STAMP_WIDTH))

#endif
