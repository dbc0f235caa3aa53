/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <string.h>

#include "core/state/account_codec.h"
#include "core/state/account_tags.h"
#include "core/state/figures_codec.h"
#include "core/state/notice.h"
#include "core/state/password_codec.h"

/* Whatever the struct can hold fits. */
_Static_assert(HEAD_BYTES + (TAGS - 1) * FIELD_HEAD + PT_BYTES_STAMP_WIDTH +
		       PT_PLAN_NAME_MAX + 1 + PT_LANGUAGE_MAX +
		       (PT_BYTES_STAMP_WIDTH + PT_NOTE_MAX) +
		       (1 + PT_BYTES_STAMP_WIDTH + PT_NOTE_MAX) + GRANT_BYTES +
		       2 * PT_WORDS_BYTES + ACCESS_BYTES +
		       PT_BYTES_STAMP_WIDTH + PT_PASSWORD_SALT_BYTES +
		       ID_BYTES + PT_PASSWORDS_BYTES_MAX +
		       (PT_BYTES_STAMP_WIDTH + PT_PLAN_NAME_MAX) +
		       PT_TIMEZONE_MAX + PT_FIGURES_BYTES_MAX + NOTICES_BYTES +
		       PT_BYTES_STAMP_WIDTH + CARRIED_BYTES <=
		   PT_ACCOUNT_BYTES_MAX,
    "PT_ACCOUNT_BYTES_MAX is too small");

static void
put_head(struct pt_bytes_writer *out, enum account_tag tag, size_t len)
{
	pt_bytes_put_uint(out, tag, 1);
	pt_bytes_put_uint(out, len, 2);
}

static void
put_text_field(
    struct pt_bytes_writer *out, enum account_tag tag, const char *text)
{
	size_t len = strlen(text);

	if (len == 0)
		return;
	put_head(out, tag, len);
	pt_bytes_put_text(out, text, len);
}

static void
put_words_field(struct pt_bytes_writer *out, enum account_tag tag,
    const struct pt_words *words)
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
	put_head(out, TAG_LOCK, PT_BYTES_STAMP_WIDTH + len);
	pt_bytes_put_stamp(out, lock->at);
	pt_bytes_put_text(out, lock->note, len);
}

static void
put_block(struct pt_bytes_writer *out, const struct pt_account *account)
{
	size_t len = strlen(account->block.note);

	if (account->block_reason == PT_BLOCK_NONE)
		return;
	put_head(out, TAG_BLOCK, 1 + PT_BYTES_STAMP_WIDTH + len);
	pt_bytes_put_uint(out, account->block_reason, 1);
	pt_bytes_put_stamp(out, account->block.at);
	pt_bytes_put_text(out, account->block.note, len);
}

static void
put_grant(struct pt_bytes_writer *out, const struct pt_grant *grant)
{
	if (grant->until <= 0 && grant->amount == 0 && grant->id == 0)
		return;
	put_head(out, TAG_GRANT, GRANT_BYTES);
	pt_bytes_put_stamp(out, grant->until);
	pt_bytes_put_uint(out, grant->amount, 8);
	pt_bytes_put_uint(out, grant->id, 4);
}

/* Never switched on says it all. */
static void
put_access(struct pt_bytes_writer *out, const struct pt_account *account)
{
	if (account->access == PT_ACCESS_NEVER)
		return;
	put_head(out, TAG_ACCESS, ACCESS_BYTES);
	pt_bytes_put_uint(out, account->access, 1);
	pt_bytes_put_stamp(out, account->access_at);
	pt_bytes_put_uint(out, account->protocols & PT_PROTOCOLS_KNOWN, 1);
}

static void
put_salt(struct pt_bytes_writer *out, const unsigned char *salt)
{
	if (pt_bytes_is_zero(salt, PT_PASSWORD_SALT_BYTES))
		return;
	put_head(out, TAG_SALT, PT_PASSWORD_SALT_BYTES);
	pt_bytes_put_block(out, salt, PT_PASSWORD_SALT_BYTES);
}

static void
put_stamp_field(struct pt_bytes_writer *out, enum account_tag tag, int64_t at)
{
	if (at <= 0)
		return;
	put_head(out, tag, PT_BYTES_STAMP_WIDTH);
	pt_bytes_put_stamp(out, at);
}

/* The length of the field whose head is at "head" is known now. */
static void
end_field(struct pt_bytes_writer *out, struct pt_bytes_writer *head,
    enum account_tag tag)
{
	if (!out->bad)
		put_head(head, tag, (size_t)(out->at - head->at) - FIELD_HEAD);
}

static void
put_passwords(struct pt_bytes_writer *out, const struct pt_account *account)
{
	struct pt_bytes_writer head = *out;

	if (account->password_count == 0)
		return;
	put_head(out, TAG_PASSWORDS, 0);
	pt_password_codec_put(out, account);
	end_field(out, &head, TAG_PASSWORDS);
}

static void
put_next_plan(struct pt_bytes_writer *out, const struct pt_account *account)
{
	size_t len = strlen(account->next_plan);

	if (len == 0)
		return;
	put_head(out, TAG_NEXT_PLAN, PT_BYTES_STAMP_WIDTH + len);
	pt_bytes_put_stamp(out, account->next_plan_at);
	pt_bytes_put_text(out, account->next_plan, len);
}

static void
put_block_figures(struct pt_bytes_writer *out, const struct pt_account *account)
{
	struct pt_bytes_writer head = *out;

	if (account->block_reason == PT_BLOCK_NONE ||
	    !pt_figures_codec_any(&account->block_figures))
		return;
	put_head(out, TAG_BLOCK_FIGURES, 0);
	pt_figures_codec_put(out, &account->block_figures);
	end_field(out, &head, TAG_BLOCK_FIGURES);
}

static void
put_notices(struct pt_bytes_writer *out, const struct pt_notice_count *notices)
{
	if (notices->since <= 0 && notices->count == 0)
		return;
	put_head(out, TAG_NOTICES, NOTICES_BYTES);
	pt_bytes_put_stamp(out, notices->since);
	pt_bytes_put_uint(out, notices->count, 4);
}

static void
put_carried(struct pt_bytes_writer *out, const struct pt_carried *carried)
{
	if (carried->block == PT_BLOCK_NONE && carried->block_at <= 0 &&
	    carried->notice == PT_NOTICE_NONE && carried->notice_at <= 0)
		return;
	put_head(out, TAG_CARRIED, CARRIED_BYTES);
	pt_bytes_put_uint(out, carried->block, 1);
	pt_bytes_put_stamp(out, carried->block_at);
	pt_bytes_put_uint(out, carried->notice, 1);
	pt_bytes_put_stamp(out, carried->notice_at);
}

static void
put_external(struct pt_bytes_writer *out, const struct pt_account *account)
{
	put_access(out, account);
	put_stamp_field(out, TAG_MAIN_PASSWORD, account->main_password_at);
	put_salt(out, account->salt);
	if (account->last_password_id != 0) {
		put_head(out, TAG_LAST_PASSWORD, ID_BYTES);
		pt_bytes_put_uint(out, account->last_password_id, ID_BYTES);
	}
	put_passwords(out, account);
}

/* The tags beyond the app passwords. */
static void
put_life(struct pt_bytes_writer *out, const struct pt_account *account)
{
	put_next_plan(out, account);
	put_text_field(out, TAG_TIMEZONE, account->timezone);
	put_block_figures(out, account);
	put_notices(out, &account->notices);
	put_stamp_field(out, TAG_UNUSED_TOLD, account->unused_told_at);
	put_carried(out, &account->carried);
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
	put_stamp_field(&to, TAG_CREATED, account->created_at);
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
	put_external(&to, account);
	put_life(&to, account);
	if (to.bad)
		return 0;
	pt_bytes_put_uint(&head, ACCOUNT_VERSION, 1);
	pt_bytes_put_uint(&head, (size_t)(to.at - out) - HEAD_BYTES, 2);
	return (size_t)(to.at - out);
}
