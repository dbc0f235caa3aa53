/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A history entry:
 *
 *	version	1 byte: 1
 *	at	8 bytes, not before 0
 *	login	length (1 byte), text
 *	who	length (1 byte), text
 *	what	length (1 byte), text
 *	detail	length (2 bytes), text
 *
 * Numbers are little-endian; nothing follows.
 */
#include "core/state/history.h"

#include <string.h>

#include "core/state/bytes.h"
#include "core/state/record_frame.h"

#define VERSION 1

_Static_assert(1 + 8 + 1 + PT_LOGIN_MAX + 2 * (1 + PT_HISTORY_WORD_MAX) + 2 +
		       PT_HISTORY_DETAIL_MAX <=
		   PT_HISTORY_BYTES_MAX,
    "PT_HISTORY_BYTES_MAX is too small");

static void
put_text(struct pt_bytes_writer *out, const char *text, size_t width)
{
	size_t len = strlen(text);

	pt_bytes_put_uint(out, len, width);
	pt_bytes_put_text(out, text, len);
}

static void
take_text(struct pt_bytes_reader *in, size_t width, char *dst, size_t cap)
{
	size_t len = pt_bytes_take_uint(in, width);

	pt_bytes_take_text(in, len, dst, cap);
}

size_t
pt_history_encode(
    const struct pt_history *entry, unsigned char *out, size_t cap)
{
	const struct pt_history_note *note = &entry->note;
	struct pt_bytes_writer to = {.at = out, .end = out + cap};

	pt_bytes_put_uint(&to, VERSION, 1);
	pt_bytes_put_uint(&to, note->at > 0 ? (uint64_t)note->at : 0, 8);
	pt_bytes_put_login(&to, &entry->login);
	put_text(&to, note->who, 1);
	put_text(&to, note->what, 1);
	put_text(&to, note->detail, 2);
	return to.bad ? 0 : (size_t)(to.at - out);
}

static int
damaged(struct pt_err *err, const char *reason)
{
	return pt_err_set(
	    err, PT_ERR_DAMAGED, "the history entry is damaged: %s", reason);
}

int
pt_history_decode(
    const void *at, size_t len, struct pt_history *out, struct pt_err *err)
{
	struct pt_history_note *note = &out->note;
	struct pt_bytes_reader in;
	uint64_t time;

	if (pt_record_take_version(
		"history entry", VERSION, at, len, &in, err) != 0)
		return -1;
	time = pt_bytes_take_uint(&in, 8);
	pt_bytes_take_login(&in, &out->login);
	take_text(&in, 1, note->who, sizeof(note->who));
	take_text(&in, 1, note->what, sizeof(note->what));
	take_text(&in, 2, note->detail, sizeof(note->detail));
	if (in.bad || time > INT64_MAX)
		return damaged(err, "its content cannot be read");
	if (in.at != in.end)
		return damaged(err, "it goes on after its end");
	note->at = (int64_t)time;
	return 0;
}
