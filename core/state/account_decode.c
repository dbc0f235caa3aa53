/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <string.h>

#include "core/state/account_codec.h"
#include "core/state/account_tags.h"
#include "core/state/figures_codec.h"
#include "core/state/notice.h"
#include "core/state/password_codec.h"
#include "core/state/record_frame.h"

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
    [TAG_ACCESS] = "external access",
    [TAG_MAIN_PASSWORD] = "change of the main password",
    [TAG_SALT] = "salt",
    [TAG_LAST_PASSWORD] = "number of the last app password",
    [TAG_PASSWORDS] = "list of app passwords",
    [TAG_NEXT_PLAN] = "next plan",
    [TAG_TIMEZONE] = "time zone",
    [TAG_BLOCK_FIGURES] = "figures of the block",
    [TAG_NOTICES] = "count of notices",
    [TAG_UNUSED_TOLD] = "time of the notice before it ends as unused",
    [TAG_CARRIED] = "note of what was carried over",
};

static size_t
left(const struct pt_bytes_reader *in)
{
	return (size_t)(in->end - in->at);
}

static void
take_rest(struct pt_bytes_reader *in, char *dst, size_t cap)
{
	pt_bytes_take_text(in, left(in), dst, cap);
}

/* One that was set. */
static int64_t
take_stamp(struct pt_bytes_reader *in)
{
	int64_t at = pt_bytes_take_stamp(in);

	if (at == 0)
		in->bad = true;
	return at;
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
	out->block.at = pt_bytes_take_stamp(in);
	take_rest(in, out->block.note, sizeof(out->block.note));
}

static void
take_grant(struct pt_bytes_reader *in, struct pt_grant *grant)
{
	grant->until = pt_bytes_take_stamp(in);
	grant->amount = pt_bytes_take_uint(in, 8);
	grant->id = (uint32_t)pt_bytes_take_uint(in, 4);
	if (grant->until == 0 && grant->amount == 0 && grant->id == 0)
		in->bad = true;
}

static void
take_access(struct pt_bytes_reader *in, struct pt_account *out, bool *newer_out)
{
	unsigned access = (unsigned)pt_bytes_take_uint(in, 1);

	if (access == PT_ACCESS_NEVER)
		in->bad = true;
	else if (access == PT_ACCESS_ON || access == PT_ACCESS_OFF)
		out->access = (enum pt_access)access;
	else
		*newer_out = true;
	out->access_at = pt_bytes_take_stamp(in);
	out->protocols = (unsigned)pt_bytes_take_uint(in, 1);
	if ((out->protocols & ~PT_PROTOCOLS_KNOWN) != 0)
		*newer_out = true;
}

static void
take_salt(struct pt_bytes_reader *in, unsigned char *salt)
{
	pt_bytes_take_block(in, salt, PT_PASSWORD_SALT_BYTES);
	if (pt_bytes_is_zero(salt, PT_PASSWORD_SALT_BYTES))
		in->bad = true;
}

static void
take_next_plan(struct pt_bytes_reader *in, struct pt_account *out)
{
	out->next_plan_at = pt_bytes_take_stamp(in);
	take_rest(in, out->next_plan, sizeof(out->next_plan));
	if (out->next_plan[0] == '\0')
		in->bad = true;
}

static void
take_block_figures(
    struct pt_bytes_reader *in, struct pt_account *out, bool *newer_out)
{
	bool newer = false;

	pt_figures_codec_take(in, &out->block_figures, &newer);
	if (out->block_reason == PT_BLOCK_NONE ||
	    (!newer && !pt_figures_codec_any(&out->block_figures)))
		in->bad = true;
	if (newer)
		*newer_out = true;
}

static void
take_notices(struct pt_bytes_reader *in, struct pt_notice_count *out)
{
	out->since = pt_bytes_take_stamp(in);
	out->count = (uint32_t)pt_bytes_take_uint(in, 4);
	if (out->since == 0 && out->count == 0)
		in->bad = true;
}

static void
take_carried(
    struct pt_bytes_reader *in, struct pt_carried *out, bool *newer_out)
{
	out->block = (unsigned char)pt_bytes_take_uint(in, 1);
	out->block_at = pt_bytes_take_stamp(in);
	out->notice = (unsigned char)pt_bytes_take_uint(in, 1);
	out->notice_at = pt_bytes_take_stamp(in);
	if (out->block == PT_BLOCK_NONE && out->block_at == 0 &&
	    out->notice == PT_NOTICE_NONE && out->notice_at == 0)
		in->bad = true;
	if (pt_block_reason_name((enum pt_block_reason)out->block) == NULL ||
	    pt_notice_kind_name((enum pt_notice_kind)out->notice) == NULL)
		*newer_out = true;
}

/* What put_life() put. */
static void
take_life(struct pt_bytes_reader *in, enum account_tag tag,
    struct pt_account *out, bool *newer_out)
{
	if (tag == TAG_NEXT_PLAN)
		take_next_plan(in, out);
	else if (tag == TAG_TIMEZONE)
		take_rest(in, out->timezone, sizeof(out->timezone));
	else if (tag == TAG_BLOCK_FIGURES)
		take_block_figures(in, out, newer_out);
	else if (tag == TAG_NOTICES)
		take_notices(in, &out->notices);
	else if (tag == TAG_UNUSED_TOLD)
		out->unused_told_at = take_stamp(in);
	else
		take_carried(in, &out->carried, newer_out);
}

/* "in" holds the content of the field, at least one byte. */
static void
take_field(struct pt_bytes_reader *in, enum account_tag tag,
    struct pt_account *out, bool *newer_out)
{
	switch (tag) {
	case TAG_CREATED:
		out->created_at = take_stamp(in);
		break;
	case TAG_PLAN:
		take_rest(in, out->plan, sizeof(out->plan));
		break;
	case TAG_STATUS:
		take_status(in, out, newer_out);
		break;
	case TAG_LANGUAGE:
		take_rest(in, out->language, sizeof(out->language));
		break;
	case TAG_LOCK:
		out->lock.at = take_stamp(in);
		take_rest(in, out->lock.note, sizeof(out->lock.note));
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
	case TAG_ACCESS:
		take_access(in, out, newer_out);
		break;
	case TAG_MAIN_PASSWORD:
		out->main_password_at = take_stamp(in);
		break;
	case TAG_SALT:
		take_salt(in, out->salt);
		break;
	case TAG_LAST_PASSWORD:
		out->last_password_id = (uint32_t)pt_bytes_take_uint(in, 4);
		in->bad = in->bad || out->last_password_id == 0;
		break;
	case TAG_PASSWORDS:
		pt_password_codec_take(in, out, newer_out);
		break;
	case TAG_NEXT_PLAN:
	case TAG_TIMEZONE:
	case TAG_BLOCK_FIGURES:
	case TAG_NOTICES:
	case TAG_UNUSED_TOLD:
	case TAG_CARRIED:
		take_life(in, tag, out, newer_out);
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
		take_field(&content, (enum account_tag)tag, out, &newer);
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
	struct pt_bytes_reader in;
	unsigned last = 0;

	if (pt_record_take_version(
		"account record", ACCOUNT_VERSION, at, len, &in, err) != 0)
		return -1;
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
