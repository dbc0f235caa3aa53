/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/account_codec.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

static void
start(struct pt_account *account)
{
	struct pt_login login = test_login("ann@example.com");

	/* What the codec relies on must come from pt_account_init(). */
	memset(account, 0xee, sizeof(*account));
	pt_account_init(account, &login);
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
is_same(const struct pt_account *a, const struct pt_account *b)
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
	       is_same_words(&a->senders, &b->senders);
}

static void
check_round_trip(const struct pt_account *in, const char *name)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	size_t len = pt_account_encode(in, bytes, sizeof(bytes));
	struct pt_account out;
	struct pt_err err;

	if (len == 0)
		fail_msg("%s cannot be encoded", name);
	memset(&out, 0xee, sizeof(out));
	if (pt_account_decode(bytes, len, &in->login, &out, &err) == -1)
		fail_msg("%s: %s", name, err.text);
	if (!out.exists || !is_same(in, &out))
		fail_msg("%s comes back changed", name);
}

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
random_account(uint64_t *random, struct pt_account *out)
{
	start(out);
	out->login = random_login(random);
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
}

/* Every field, small. */
static void
full_account(struct pt_account *out)
{
	start(out);
	out->created_at = 0x01020304;
	(void)snprintf(out->plan, sizeof(out->plan), "free");
	out->status = PT_STATUS_INACTIVE;
	(void)snprintf(out->language, sizeof(out->language), "lv");
	out->lock.at = 2;
	(void)snprintf(out->lock.note, sizeof(out->lock.note), "hm");
	out->block_reason = PT_BLOCK_ADMIN;
	out->block.at = 3;
	(void)snprintf(out->block.note, sizeof(out->block.note), "ab");
	out->grant = (struct pt_grant){.until = 4, .amount = 5, .id = 6};
	assert_true(pt_words_add(&out->overrides, "a=1"));
	assert_true(pt_words_add(&out->overrides, "b="));
	assert_true(pt_words_add(&out->senders, "@x"));
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;

	(void)state;
	full_account(&account);
	record_check_hex(bytes,
	    pt_account_encode(&account, bytes, sizeof(bytes)),
	    "01 5d00"
	    "01 0800 0403020100000000"
	    "02 0400 66726565"
	    "03 0100 01"
	    "04 0200 6c76"
	    "05 0a00 0200000000000000 686d"
	    "06 0b00 07 0300000000000000 6162"
	    "07 1400 0400000000000000 0500000000000000 06000000"
	    "08 0700 613d3100 623d00"
	    "09 0300 407800");
}

static void
an_account_with_only_defaults_takes_three_bytes(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;

	(void)state;
	start(&account);
	assert_false(account.exists);
	assert_int_equal(account.status, PT_STATUS_ACTIVE);
	assert_int_equal(account.block_reason, PT_BLOCK_NONE);
	assert_null(pt_words_next(&account.overrides, NULL));
	assert_null(pt_words_next(&account.senders, NULL));
	record_check_hex(bytes,
	    pt_account_encode(&account, bytes, sizeof(bytes)), "01 0000");
	check_round_trip(&account, "the default account");
}

static void
every_account_comes_back_as_it_was(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < 5000; round++) {
		uint64_t random = random_seed(round);
		struct pt_account account;
		char name[32];

		random_account(&random, &account);
		(void)snprintf(name, sizeof(name), "seed %u", (unsigned)round);
		check_round_trip(&account, name);
	}
}

static void
the_largest_account_fits(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;

	(void)state;
	full_account(&account);
	memset(account.plan, 'p', PT_PLAN_NAME_MAX);
	account.plan[PT_PLAN_NAME_MAX] = '\0';
	memset(account.language, 'l', PT_LANGUAGE_MAX);
	account.language[PT_LANGUAGE_MAX] = '\0';
	memset(account.lock.note, 'n', PT_NOTE_MAX);
	account.lock.note[PT_NOTE_MAX] = '\0';
	memset(account.block.note, 'n', PT_NOTE_MAX);
	account.block.note[PT_NOTE_MAX] = '\0';
	while (pt_words_add(&account.overrides, "k=v"))
		continue;
	while (pt_words_add(&account.senders, "x"))
		continue;
	assert_int_equal(account.senders.len, PT_WORDS_BYTES - 1);
	check_round_trip(&account, "the largest account");
	assert_true(pt_account_encode(&account, bytes, sizeof(bytes)) > 8500);
}

static void
what_is_not_in_force_is_not_stored(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;

	(void)state;
	start(&account);
	account.created_at = -1;
	account.lock.at = -1;
	(void)snprintf(
	    account.lock.note, sizeof(account.lock.note), "was locked");
	account.block.at = 5;
	account.grant.until = -1;
	record_check_hex(bytes,
	    pt_account_encode(&account, bytes, sizeof(bytes)), "01 0000");
}

static void
texts_that_could_forge_a_line_are_not_encoded(void **state)
{
	static const char *const bad[] = {"a\nb", "\x1b[2J", "\x7f", "\xff"};
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct pt_account account;

		full_account(&account);
		(void)snprintf(
		    account.lock.note, sizeof(account.lock.note), "%s", bad[i]);
		assert_int_equal(
		    pt_account_encode(&account, bytes, sizeof(bytes)), 0);
		full_account(&account);
		assert_true(pt_words_add(&account.senders, bad[i]));
		assert_int_equal(
		    pt_account_encode(&account, bytes, sizeof(bytes)), 0);
	}
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;
	size_t len;

	(void)state;
	full_account(&account);
	len = pt_account_encode(&account, bytes, sizeof(bytes));
	for (size_t cap = 0; cap < len; cap++) {
		memset(bytes, 0xee, sizeof(bytes));
		assert_int_equal(pt_account_encode(&account, bytes, cap), 0);
		assert_int_equal(bytes[cap], 0xee);
	}
	assert_int_equal(pt_account_encode(&account, bytes, len), len);
}

static void
every_block_reason_has_its_name(void **state)
{
	static const char *const names[] = {"none", "quota", "cracked",
	    "connections", "inactive", "unused", "abuse", "admin"};

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_string_equal(
		    pt_block_reason_name((enum pt_block_reason)i), names[i]);
	assert_null(pt_block_reason_name((enum pt_block_reason)8));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(an_account_with_only_defaults_takes_three_bytes),
	    cmocka_unit_test(every_account_comes_back_as_it_was),
	    cmocka_unit_test(the_largest_account_fits),
	    cmocka_unit_test(what_is_not_in_force_is_not_stored),
	    cmocka_unit_test(texts_that_could_forge_a_line_are_not_encoded),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	    cmocka_unit_test(every_block_reason_has_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
