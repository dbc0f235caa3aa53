/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A notice in the outbox:
 *
 *	version		1 byte: 1
 *	login		length (1 byte), text
 *	kind		1 byte, never 0
 *	block		reason (1 byte); 0 unless the kind is "blocked"
 *	at, until	8 bytes each; until 0: none
 *	figures		see figures_codec.h
 *	protocols	1 byte: enum pt_protocol, or-ed
 *	app password	id (4 bytes), length of its label (1 byte), text
 *	next		8 bytes: when it is to be tried
 *	tries		4 bytes
 *	gave up		1 byte: 0 or 1
 *	error		length (1 byte), text
 *
 * Numbers are little-endian; nothing follows.  The id is the key.
 */
#include "core/state/notice.h"

#include <string.h>

#include "core/base/attr.h"
#include "core/state/bytes.h"
#include "core/state/figures_codec.h"
#include "core/state/password_codec.h"
#include "core/state/record_frame.h"

#define VERSION 1

static const char *const kind_names[] = {
    [PT_NOTICE_NONE] = "none",
    [PT_NOTICE_BLOCKED] = "blocked",
    [PT_NOTICE_PASSWORDS_ENDED] = "passwords-ended",
    [PT_NOTICE_ENABLED] = "enabled",
    [PT_NOTICE_PASSWORD_CREATED] = "password-created",
    [PT_NOTICE_UNUSED_SOON] = "unused-soon",
    [PT_NOTICE_LIMIT_SOON] = "limit-soon",
    [PT_NOTICE_PENALTY] = "penalty",
};

_Static_assert(PT_ARRAY_LEN(kind_names) == PT_NOTICE_KINDS,
    "each kind of notice has its name");
_Static_assert(1 + 1 + PT_LOGIN_MAX + 2 + 2 * PT_BYTES_STAMP_WIDTH +
		       PT_FIGURES_BYTES_MAX + 1 + 4 + 1 +
		       PT_PASSWORD_LABEL_MAX + PT_BYTES_STAMP_WIDTH + 4 + 1 +
		       1 + sizeof(((struct pt_outbox_entry *)0)->error) <=
		   PT_OUTBOX_BYTES_MAX,
    "PT_OUTBOX_BYTES_MAX is too small");

const char *
pt_notice_kind_name(enum pt_notice_kind kind)
{
	if ((size_t)kind >= PT_ARRAY_LEN(kind_names))
		return NULL;
	return kind_names[kind];
}

enum pt_outbox_rank
pt_outbox_rank(enum pt_notice_kind kind, bool gave_up)
{
	if (gave_up)
		return PT_OUTBOX_GIVEN_UP;
	if (kind == PT_NOTICE_BLOCKED || kind == PT_NOTICE_PASSWORDS_ENDED)
		return PT_OUTBOX_ENDED;
	return PT_OUTBOX_OTHER;
}

static void
put_text(struct pt_bytes_writer *out, const char *text)
{
	size_t len = strlen(text);

	pt_bytes_put_uint(out, len, 1);
	pt_bytes_put_text(out, text, len);
}

static void
take_text(struct pt_bytes_reader *in, char *dst, size_t cap)
{
	size_t len = pt_bytes_take_uint(in, 1);

	pt_bytes_take_text(in, len, dst, cap);
}

/* A block has a reason, and nothing else has one. */
static bool
is_sound(const struct pt_notice *notice)
{
	bool blocked = notice->kind == PT_NOTICE_BLOCKED;

	return notice->kind != PT_NOTICE_NONE &&
	       blocked == (notice->block != PT_BLOCK_NONE);
}

/* Is there a number in it that only a later Postern knows? */
static bool
is_newer(const struct pt_notice *notice)
{
	return pt_notice_kind_name(notice->kind) == NULL ||
	       pt_block_reason_name(notice->block) == NULL ||
	       (notice->protocols & ~PT_PROTOCOLS_KNOWN) != 0;
}

static void
put_notice(struct pt_bytes_writer *out, const struct pt_notice *notice)
{
	if (!is_sound(notice) || is_newer(notice))
		out->bad = true;
	pt_bytes_put_uint(out, notice->kind, 1);
	pt_bytes_put_uint(out, notice->block, 1);
	pt_bytes_put_stamp(out, notice->at);
	pt_bytes_put_stamp(out, notice->until);
	pt_figures_codec_put(out, &notice->figures);
	pt_bytes_put_uint(out, notice->protocols, 1);
	pt_bytes_put_uint(out, notice->password_id, 4);
	put_text(out, notice->label);
}

size_t
pt_outbox_encode(
    const struct pt_outbox_entry *entry, unsigned char *out, size_t cap)
{
	struct pt_bytes_writer to = {.at = out, .end = out + cap};

	pt_bytes_put_uint(&to, VERSION, 1);
	pt_bytes_put_login(&to, &entry->login);
	put_notice(&to, &entry->notice);
	pt_bytes_put_stamp(&to, entry->next_at);
	pt_bytes_put_uint(&to, entry->tries, 4);
	pt_bytes_put_uint(&to, entry->gave_up ? 1 : 0, 1);
	put_text(&to, entry->error);
	return to.bad ? 0 : (size_t)(to.at - out);
}

static void
take_notice(struct pt_bytes_reader *in, struct pt_notice *out, bool *newer_out)
{
	out->kind = (enum pt_notice_kind)pt_bytes_take_uint(in, 1);
	out->block = (enum pt_block_reason)pt_bytes_take_uint(in, 1);
	out->at = pt_bytes_take_stamp(in);
	out->until = pt_bytes_take_stamp(in);
	pt_figures_codec_take(in, &out->figures, newer_out);
	out->protocols = (unsigned)pt_bytes_take_uint(in, 1);
	out->password_id = (uint32_t)pt_bytes_take_uint(in, 4);
	take_text(in, out->label, sizeof(out->label));
	if (is_newer(out))
		*newer_out = true;
	else if (!is_sound(out))
		in->bad = true;
}

static int
damaged(struct pt_err *err, const char *reason)
{
	return pt_err_set(err, PT_ERR_DAMAGED,
	    "the notice in the outbox is damaged: %s", reason);
}

int
pt_outbox_decode(
    const void *at, size_t len, struct pt_outbox_entry *out, struct pt_err *err)
{
	struct pt_bytes_reader in;
	bool newer = false;
	uint64_t gave_up;

	if (pt_record_take_version(
		"notice in the outbox", VERSION, at, len, &in, err) != 0)
		return -1;
	pt_bytes_take_login(&in, &out->login);
	take_notice(&in, &out->notice, &newer);
	out->next_at = pt_bytes_take_stamp(&in);
	out->tries = (uint32_t)pt_bytes_take_uint(&in, 4);
	gave_up = pt_bytes_take_uint(&in, 1);
	take_text(&in, out->error, sizeof(out->error));
	if (in.bad || gave_up > 1)
		return damaged(err, "its content cannot be read");
	if (in.at != in.end)
		return damaged(err, "it goes on after its end");
	if (newer)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the notice in the outbox was written by a later Postern: "
		    "what it tells is not known here");
	out->gave_up = gave_up == 1;
	out->id = 0;
	return 0;
}
