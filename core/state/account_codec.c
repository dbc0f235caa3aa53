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
 *
 * Numbers are little-endian; a time is 8 bytes, signed, not before 0.  A
 * text takes the rest of its field.  A field that has its default is left
 * out and must be: equal accounts have equal bytes.  The login is the key,
 * not part of the record.
 */
#include "core/state/account_codec.h"

#include <string.h>

#include "core/state/bytes.h"

#define VERSION 1

enum tag {
	TAG_CREATED = 1,
	TAG_PLAN,
	TAG_STATUS,
	TAG_LANGUAGE,
	TAG_LOCK,
	TAG_BLOCK,
	TAG_GRANT,
	TAG_OVERRIDES,
	TAG_SENDERS,
	TAGS,
};

#define HEAD_BYTES  (1 + 2)
#define FIELD_HEAD  3
#define TIME_BYTES  8
#define GRANT_BYTES (TIME_BYTES + 8 + 4)

/* Whatever the struct can hold fits. */
_Static_assert(
    HEAD_BYTES + (TAGS - 1) * FIELD_HEAD + TIME_BYTES + PT_PLAN_NAME_MAX + 1 +
	    PT_LANGUAGE_MAX + (TIME_BYTES + PT_NOTE_MAX) +
	    (1 + TIME_BYTES + PT_NOTE_MAX) + GRANT_BYTES + 2 * PT_WORDS_BYTES <=
	PT_ACCOUNT_BYTES_MAX,
    "PT_ACCOUNT_BYTES_MAX is too small");

static const char *const field_names[TAGS] = {
    [TAG_CREATED] = "time of creation",
    [TAG_PLAN] = "plan",
    [TAG_STATUS] = "status",
    [TAG_LANGUAGE] = "language",
    [TAG_LOCK] = "sending lock",
    [TAG_BLOCK] = "block",
    [TAG_GRANT] = "grant",
    [TAG_OVERRIDES] = "overrides",
    [TAG_SENDERS] = "senders",
};

static void
put_head(struct pt_bytes_writer *out, enum tag tag, size_t len)
{
	pt_bytes_put_uint(out, tag, 1);
	pt_bytes_put_uint(out, len, 2);
}

/* A time before 0 is none. */
static void
put_time(struct pt_bytes_writer *out, int64_t time)
{
	pt_bytes_put_uint(out, time > 0 ? (uint64_t)time : 0, TIME_BYTES);
}

static void
put_text_field(struct pt_bytes_writer *out, enum tag tag, const char *text)
{
	size_t len = strlen(text);

	if (len == 0)
		return;
	put_head(out, tag, len);
	pt_bytes_put_text(out, text, len);
}

static void
put_words_field(
    struct pt_bytes_writer *out, enum tag tag, const struct pt_words *words)
{
	const char *word = NULL;

	if (words->len == 0)
		return;
	put_head(out, tag, words->len);
	while ((word = pt_words_next(words, word)) != NULL) {
		pt_bytes_put_text(out, word, strlen(word));
		pt_bytes_put_uint(out, 0, 1);
	}
}

static void
put_lock(struct pt_bytes_writer *out, const struct pt_mark *lock)
{
	size_t len = strlen(lock->note);

	if (lock->at <= 0)
		return;
	put_head(out, TAG_LOCK, TIME_BYTES + len);
	put_time(out, lock->at);
	pt_bytes_put_text(out, lock->note, len);
}

static void
put_block(struct pt_bytes_writer *out, const struct pt_account *account)
{
	size_t len = strlen(account->block.note);

	if (account->block_reason == PT_BLOCK_NONE)
		return;
	put_head(out, TAG_BLOCK, 1 + TIME_BYTES + len);
	pt_bytes_put_uint(out, account->block_reason, 1);
	put_time(out, account->block.at);
	pt_bytes_put_text(out, account->block.note, len);
}

static void
put_grant(struct pt_bytes_writer *out, const struct pt_grant *grant)
{
	if (grant->until <= 0 && grant->amount == 0 && grant->id == 0)
		return;
	put_head(out, TAG_GRANT, GRANT_BYTES);
	put_time(out, grant->until);
	pt_bytes_put_uint(out, grant->amount, 8);
	pt_bytes_put_uint(out, grant->id, 4);
}

size_t
pt_account_encode(
    const struct pt_account *account, unsigned char *out, size_t cap)
{
	struct pt_bytes_writer to = {.at = out, .end = out + cap};
	struct pt_bytes_writer head = to;

	if (!pt_bytes_has_room(&to, HEAD_BYTES))
		return 0;
	to.at += HEAD_BYTES;
	if (account->created_at > 0) {
		put_head(&to, TAG_CREATED, TIME_BYTES);
		put_time(&to, account->created_at);
	}
	put_text_field(&to, TAG_PLAN, account->plan);
	if (account->status != PT_STATUS_ACTIVE) {
		put_head(&to, TAG_STATUS, 1);
		pt_bytes_put_uint(&to, account->status, 1);
	}
	put_text_field(&to, TAG_LANGUAGE, account->language);
	put_lock(&to, &account->lock);
	put_block(&to, account);
	put_grant(&to, &account->grant);
	put_words_field(&to, TAG_OVERRIDES, &account->overrides);
	put_words_field(&to, TAG_SENDERS, &account->senders);
	if (to.bad)
		return 0;
	pt_bytes_put_uint(&head, VERSION, 1);
	pt_bytes_put_uint(&head, (size_t)(to.at - out) - HEAD_BYTES, 2);
	return (size_t)(to.at - out);
}

static size_t
left(const struct pt_bytes_reader *in)
{
	return (size_t)(in->end - in->at);
}

static int64_t
take_time(struct pt_bytes_reader *in)
{
	uint64_t value = pt_bytes_take_uint(in, TIME_BYTES);

	if (value > INT64_MAX) {
		in->bad = true;
		return 0;
	}
	return (int64_t)value;
}

static void
take_words(struct pt_bytes_reader *in, struct pt_words *words)
{
	size_t len = left(in);

	if (len > PT_WORDS_BYTES || in->end[-1] != '\0') {
		in->bad = true;
		return;
	}
	while (in->at < in->end) {
		const char *word = (const char *)in->at;
		size_t size = strlen(word) + 1;

		if (size == 1 || !pt_bytes_is_text(word, size - 1)) {
			in->bad = true;
			return;
		}
		in->at += size;
		words->count++;
	}
	memcpy(words->bytes, in->end - len, len);
	words->len = (uint16_t)len;
}

/* Numbers that this version does not know are a later version's. */
static void
take_status(struct pt_bytes_reader *in, struct pt_account *out, bool *newer_out)
{
	uint64_t status = pt_bytes_take_uint(in, 1);

	if (status == PT_STATUS_ACTIVE)
		in->bad = true;
	else if (status == PT_STATUS_INACTIVE)
		out->status = PT_STATUS_INACTIVE;
	else
		*newer_out = true;
}

static void
take_block(struct pt_bytes_reader *in, struct pt_account *out, bool *newer_out)
{
	enum pt_block_reason reason =
	    (enum pt_block_reason)pt_bytes_take_uint(in, 1);

	if (reason == PT_BLOCK_NONE)
		in->bad = true;
	if (pt_block_reason_name(reason) == NULL)
		*newer_out = true;
	out->block_reason = reason;
	out->block.at = take_time(in);
	pt_bytes_take_text(
	    in, left(in), out->block.note, sizeof(out->block.note));
}

static void
take_grant(struct pt_bytes_reader *in, struct pt_grant *grant)
{
	grant->until = take_time(in);
	grant->amount = pt_bytes_take_uint(in, 8);
	grant->id = (uint32_t)pt_bytes_take_uint(in, 4);
	if (grant->until == 0 && grant->amount == 0 && grant->id == 0)
		in->bad = true;
}

/* "in" holds the content of the field, at least one byte. */
static void
take_field(struct pt_bytes_reader *in, enum tag tag, struct pt_account *out,
    bool *newer_out)
{
	switch (tag) {
	case TAG_CREATED:
		out->created_at = take_time(in);
		in->bad = in->bad || out->created_at == 0;
		break;
	case TAG_PLAN:
		pt_bytes_take_text(in, left(in), out->plan, sizeof(out->plan));
		break;
	case TAG_STATUS:
		take_status(in, out, newer_out);
		break;
	case TAG_LANGUAGE:
		pt_bytes_take_text(
		    in, left(in), out->language, sizeof(out->language));
		break;
	case TAG_LOCK:
		out->lock.at = take_time(in);
		in->bad = in->bad || out->lock.at == 0;
		pt_bytes_take_text(
		    in, left(in), out->lock.note, sizeof(out->lock.note));
		break;
	case TAG_BLOCK:
		take_block(in, out, newer_out);
		break;
	case TAG_GRANT:
		take_grant(in, &out->grant);
		break;
	case TAG_OVERRIDES:
		take_words(in, &out->overrides);
		break;
	case TAG_SENDERS:
		take_words(in, &out->senders);
		break;
	case TAGS:
		break;
	}
}

static int
damaged(struct pt_err *err, const char *reason)
{
	return pt_err_set(
	    err, PT_ERR_DAMAGED, "the account record is damaged: %s", reason);
}

/* One field, head and content. */
static int
take_next(struct pt_bytes_reader *in, unsigned *last, struct pt_account *out,
    struct pt_err *err)
{
	unsigned tag = (unsigned)pt_bytes_take_uint(in, 1);
	size_t len = pt_bytes_take_uint(in, 2);
	struct pt_bytes_reader content = {.at = in->at};
	bool newer = false;

	if (in->bad || len > left(in))
		return damaged(err, "it ends too early");
	if (tag >= TAGS)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the account record was written by a later Postern: "
		    "its field %u is not known here",
		    tag);
	if (tag <= *last)
		return damaged(err, "its fields are not in order");
	content.end = in->at + len;
	if (len > 0)
		take_field(&content, (enum tag)tag, out, &newer);
	if (len == 0 || content.bad || content.at != content.end)
		return pt_err_set(err, PT_ERR_DAMAGED,
		    "the account record is damaged: its %s cannot be read",
		    field_names[tag]);
	if (newer)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the account record was written by a later Postern: "
		    "its %s is not known here",
		    field_names[tag]);
	in->at += len;
	*last = tag;
	return 0;
}

int
pt_account_decode(const void *at, size_t len, const struct pt_login *login,
    struct pt_account *out, struct pt_err *err)
{
	struct pt_bytes_reader in = {.at = at};
	unsigned version;
	unsigned last = 0;

	if (len == 0)
		return damaged(err, "it is empty");
	in.end = in.at + len;
	version = (unsigned)pt_bytes_take_uint(&in, 1);
	if (version == 0)
		return damaged(err, "it has no version");
	if (version > VERSION)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the account record was written by a later Postern: "
		    "it has version %u, known here is %d",
		    version, VERSION);
	if (pt_bytes_take_uint(&in, 2) != left(&in) || in.bad)
		return damaged(err, "it has not the length that it says");
	pt_account_init(out, login);
	while (in.at < in.end) {
		if (take_next(&in, &last, out, err) == -1)
			return -1;
	}
	out->exists = true;
	return 0;
}
