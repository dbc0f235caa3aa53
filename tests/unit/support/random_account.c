/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/random_account.h"

#include "core/state/account_codec.h"
#include "core/state/notice.h"
#include "tests/unit/support/random_figures.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

/* The login is not part of the record. */
#define LOGIN "ann@example.com"

static void
random_words(uint64_t *random, struct pt_words *words)
{
	unsigned n = (unsigned)test_random_below(random, 12);
	char word[500];

	/* Empty words, and what no longer fits, are left out. */
	for (unsigned i = 0; i < n; i++) {
		random_text(random, word, sizeof(word));
		(void)pt_words_add(words, word);
	}
}

static void
random_bytes(uint64_t *random, unsigned char *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (unsigned char)test_random_below(random, 256);
}

/* IPv4 or IPv6, without bits beyond its length. */
static void
random_network(uint64_t *random, struct pt_network *out)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	bool is_v4 = random_chance(random, 50);

	random_bytes(random, out->bytes, sizeof(out->bytes));
	if (is_v4)
		memcpy(out->bytes, mapped, sizeof(mapped));
	out->bits = (unsigned char)(is_v4 ? 96 + test_random_below(random, 33)
					  : test_random_below(random, 129));
	for (unsigned bit = out->bits; bit < 128; bit++)
		out->bytes[bit / 8] &= (unsigned char)~(0x80U >> bit % 8);
}

static void
random_password(uint64_t *random, bool lives, struct pt_password *out)
{
	memset(out, 0, sizeof(*out));
	out->protocols = 1 + (unsigned)test_random_below(random, 7);
	out->created_at = (int64_t)random_number(random, 40);
	if (random_chance(random, 30))
		out->expires_at = (int64_t)random_number(random, 40);
	out->network_count =
	    (unsigned)test_random_below(random, PT_PASSWORD_NETWORKS_MAX + 1);
	for (unsigned i = 0; i < out->network_count; i++)
		random_network(random, &out->networks[i]);
	random_bytes(random, out->hash, sizeof(out->hash));
	random_text(random, out->label, sizeof(out->label));
	if (lives)
		return;
	out->ended_at = 1 + (int64_t)random_number(random, 40);
	out->ending =
	    (enum pt_ending)(1 + test_random_below(random, PT_ENDING_EXPIRED));
	if (out->ending == PT_ENDING_BLOCKED)
		out->ending_block = (enum pt_block_reason)(
		    1 + test_random_below(random, PT_BLOCK_ADMIN));
}

static void
random_passwords(uint64_t *random, struct pt_account *out)
{
	unsigned living = 0;
	unsigned count = (unsigned)test_random_below(
	    random, PT_PASSWORDS_MAX + PT_TOMBSTONES_MAX + 1);
	uint32_t id = 0;

	for (unsigned i = 0; i < count; i++) {
		bool lives = living < PT_PASSWORDS_MAX &&
			     (random_chance(random, 50) ||
				 i - living == PT_TOMBSTONES_MAX);

		random_password(random, lives, &out->passwords[i]);
		id += 1 + (uint32_t)random_number(random, 20);
		out->passwords[i].id = id;
		living += lives;
	}
	out->password_count = count;
	out->last_password_id = id + (uint32_t)random_number(random, 10);
}

static void
random_external(uint64_t *random, struct pt_account *out)
{
	if (random_chance(random, 70)) {
		out->access =
		    random_chance(random, 50) ? PT_ACCESS_ON : PT_ACCESS_OFF;
		out->access_at = (int64_t)random_number(random, 62);
		out->protocols = (unsigned)test_random_below(random, 8);
	}
	if (random_chance(random, 30))
		out->main_password_at = (int64_t)random_number(random, 62);
	if (random_chance(random, 50)) {
		random_bytes(random, out->salt, sizeof(out->salt));
		random_passwords(random, out);
	}
}

static void
random_life(uint64_t *random, struct pt_account *out)
{
	if (random_chance(random, 30)) {
		(void)snprintf(out->next_plan, sizeof(out->next_plan), "next");
		out->next_plan_at = (int64_t)random_number(random, 62);
	}
	if (random_chance(random, 30))
		random_text(random, out->timezone, sizeof(out->timezone));
	if (out->block_reason != PT_BLOCK_NONE)
		random_figures(random, &out->block_figures);
	if (random_chance(random, 30)) {
		out->notices.since = (int64_t)random_number(random, 62);
		out->notices.count = (uint32_t)random_number(random, 32);
	}
	if (random_chance(random, 30))
		out->unused_told_at = (int64_t)random_number(random, 62);
	if (random_chance(random, 30)) {
		out->carried.block = (unsigned char)test_random_below(
		    random, PT_BLOCK_ADMIN + 1);
		out->carried.block_at = (int64_t)random_number(random, 62);
		out->carried.notice =
		    (unsigned char)test_random_below(random, PT_NOTICE_KINDS);
		out->carried.notice_at = (int64_t)random_number(random, 62);
	}
}

void
account_start(struct pt_account *out)
{
	struct pt_login login = test_login(LOGIN);

	memset(out, 0xee, sizeof(*out));
	pt_account_init(out, &login);
}

void
random_account(uint64_t *random, struct pt_account *out)
{
	struct pt_login login = random_login(random);

	memset(out, 0xee, sizeof(*out));
	pt_account_init(out, &login);
	if (random_chance(random, 50))
		out->created_at = (int64_t)random_number(random, 40);
	if (random_chance(random, 50))
		random_text(random, out->plan, sizeof(out->plan));
	if (random_chance(random, 30))
		out->status = PT_STATUS_INACTIVE;
	if (random_chance(random, 30))
		random_text(random, out->language, sizeof(out->language));
	if (random_chance(random, 30)) {
		out->lock.at = 1 + (int64_t)random_number(random, 62);
		random_text(random, out->lock.note, sizeof(out->lock.note));
	}
	if (random_chance(random, 30)) {
		out->block_reason = (enum pt_block_reason)(
		    1 + test_random_below(random, PT_BLOCK_ADMIN));
		out->block.at = (int64_t)random_number(random, 62);
		random_text(random, out->block.note, sizeof(out->block.note));
	}
	if (random_chance(random, 30)) {
		out->grant.until = (int64_t)random_number(random, 63);
		out->grant.amount = random_number(random, 64);
		out->grant.id = (uint32_t)random_number(random, 32);
	}
	if (random_chance(random, 30))
		random_words(random, &out->overrides);
	if (random_chance(random, 30))
		random_words(random, &out->senders);
	if (random_chance(random, 50))
		random_external(random, out);
	if (random_chance(random, 50))
		random_life(random, out);
}

static bool
is_same_words(const struct pt_words *a, const struct pt_words *b)
{
	return a->count == b->count && a->len == b->len &&
	       memcmp(a->bytes, b->bytes, a->len) == 0;
}

static bool
is_same_mark(const struct pt_mark *a, const struct pt_mark *b)
{
	return a->at == b->at && strcmp(a->note, b->note) == 0;
}

static bool
is_same_network(const struct pt_network *a, const struct pt_network *b)
{
	return a->bits == b->bits &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static bool
is_same_password(const struct pt_password *a, const struct pt_password *b)
{
	if (a->network_count != b->network_count)
		return false;
	for (unsigned i = 0; i < a->network_count; i++) {
		if (!is_same_network(&a->networks[i], &b->networks[i]))
			return false;
	}
	return a->id == b->id && a->protocols == b->protocols &&
	       a->created_at == b->created_at &&
	       a->expires_at == b->expires_at && a->ended_at == b->ended_at &&
	       a->ending == b->ending && a->ending_block == b->ending_block &&
	       memcmp(a->hash, b->hash, sizeof(a->hash)) == 0 &&
	       strcmp(a->label, b->label) == 0;
}

static bool
is_same_external(const struct pt_account *a, const struct pt_account *b)
{
	if (a->password_count != b->password_count)
		return false;
	for (unsigned i = 0; i < a->password_count; i++) {
		if (!is_same_password(&a->passwords[i], &b->passwords[i]))
			return false;
	}
	return a->access == b->access && a->access_at == b->access_at &&
	       a->protocols == b->protocols &&
	       a->main_password_at == b->main_password_at &&
	       a->last_password_id == b->last_password_id &&
	       memcmp(a->salt, b->salt, sizeof(a->salt)) == 0;
}

static bool
is_same_carried(const struct pt_carried *a, const struct pt_carried *b)
{
	return a->block == b->block && a->block_at == b->block_at &&
	       a->notice == b->notice && a->notice_at == b->notice_at;
}

static bool
is_same_life(const struct pt_account *a, const struct pt_account *b)
{
	return strcmp(a->next_plan, b->next_plan) == 0 &&
	       a->next_plan_at == b->next_plan_at &&
	       strcmp(a->timezone, b->timezone) == 0 &&
	       is_same_figures(&a->block_figures, &b->block_figures) &&
	       a->notices.since == b->notices.since &&
	       a->notices.count == b->notices.count &&
	       a->unused_told_at == b->unused_told_at &&
	       is_same_carried(&a->carried, &b->carried);
}

bool
is_same_account(const struct pt_account *a, const struct pt_account *b)
{
	return pt_login_equal(&a->login, &b->login) &&
	       a->created_at == b->created_at &&
	       strcmp(a->plan, b->plan) == 0 && a->status == b->status &&
	       strcmp(a->language, b->language) == 0 &&
	       is_same_mark(&a->lock, &b->lock) &&
	       a->block_reason == b->block_reason &&
	       is_same_mark(&a->block, &b->block) &&
	       a->grant.until == b->grant.until &&
	       a->grant.amount == b->grant.amount &&
	       a->grant.id == b->grant.id &&
	       is_same_words(&a->overrides, &b->overrides) &&
	       is_same_words(&a->senders, &b->senders) &&
	       is_same_external(a, b) && is_same_life(a, b);
}

static void
make(uint64_t *random, void *out)
{
	struct pt_account *account = out;

	random_account(random, account);
	account->login = test_login(LOGIN);
}

static bool
is_same(const void *in, const void *out)
{
	const struct pt_account *decoded = out;

	return decoded->exists && is_same_account(in, out);
}

static size_t
encode(const void *record, unsigned char *out, size_t cap)
{
	return pt_account_encode(record, out, cap);
}

static int
decode(const void *at, size_t len, void *out, struct pt_err *err)
{
	struct pt_login login = test_login(LOGIN);

	return pt_account_decode(at, len, &login, out, err);
}

const struct record_format account_format = {
    .size = sizeof(struct pt_account),
    .random = make,
    .is_same = is_same,
    .encode = encode,
    .decode = decode,
};
