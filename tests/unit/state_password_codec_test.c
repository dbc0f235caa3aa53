/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* App passwords that no rule makes must not reach the disk. */

#include "core/state/password_codec.h"

#include "core/state/account_codec.h"
#include "tests/unit/support/testing.h"

static void
start(struct pt_account *account)
{
	struct pt_login login = test_login("ann@example.com");

	memset(account, 0xee, sizeof(*account));
	pt_account_init(account, &login);
	memset(account->passwords, 0, sizeof(account->passwords));
	account->last_password_id = 9;
	account->password_count = 2;
	account->passwords[0].id = 2;
	account->passwords[0].protocols = PT_PROTOCOL_IMAP;
	account->passwords[1].id = 9;
	account->passwords[1].protocols = PT_PROTOCOL_IMAP;
	account->passwords[1].ended_at = TEST_NOW;
	account->passwords[1].ending = PT_ENDING_REVOKED;
}

static void
order(struct pt_account *account)
{
	account->passwords[0].id = 9;
}

static void
number_0(struct pt_account *account)
{
	account->passwords[0].id = 0;
}

static void
never_given(struct pt_account *account)
{
	account->last_password_id = 8;
}

static void
no_protocol(struct pt_account *account)
{
	account->passwords[0].protocols = 0;
}

static void
unknown_protocol(struct pt_account *account)
{
	account->passwords[0].protocols |= 8;
}

static void
ended_without_a_reason(struct pt_account *account)
{
	account->passwords[0].ended_at = TEST_NOW;
}

static void
ended_at_no_time(struct pt_account *account)
{
	account->passwords[1].ended_at = 0;
}

static void
unknown_ending(struct pt_account *account)
{
	account->passwords[1].ending = (enum pt_ending)6;
}

static void
blocked_for_nothing(struct pt_account *account)
{
	account->passwords[1].ending = PT_ENDING_BLOCKED;
}

static void
blocked_for_an_unknown_reason(struct pt_account *account)
{
	account->passwords[1].ending = PT_ENDING_BLOCKED;
	account->passwords[1].ending_block = (enum pt_block_reason)8;
}

static void
five_networks(struct pt_account *account)
{
	account->passwords[0].network_count = PT_PASSWORD_NETWORKS_MAX + 1;
}

static void
long_prefix(struct pt_account *account)
{
	account->passwords[0].network_count = 1;
	account->passwords[0].networks[0].bits = 129;
}

static void
host_bit(struct pt_account *account)
{
	account->passwords[0].network_count = 1;
	account->passwords[0].networks[0].bits = 9;
	account->passwords[0].networks[0].bytes[1] = 0x40;
}

static void
too_many(struct pt_account *account)
{
	account->password_count = PT_PASSWORDS_MAX + PT_TOMBSTONES_MAX + 1;
}

static const struct {
	const char *name;
	void (*spoil)(struct pt_account *account);
} cases[] = {
    {"two of one number", order},
    {"number 0", number_0},
    {"a number that was never given", never_given},
    {"no protocol", no_protocol},
    {"an unknown protocol", unknown_protocol},
    {"ended without a reason", ended_without_a_reason},
    {"ended at no time", ended_at_no_time},
    {"an unknown ending", unknown_ending},
    {"blocked for nothing", blocked_for_nothing},
    {"blocked for an unknown reason", blocked_for_an_unknown_reason},
    {"five networks", five_networks},
    {"a prefix of 129 bits", long_prefix},
    {"a bit beyond the prefix", host_bit},
    {"65 of them", too_many},
};

static void
what_contradicts_itself_is_not_encoded(void **state)
{
	static unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;

	(void)state;
	start(&account);
	assert_true(pt_password_codec_is_sound(&account));
	assert_true(pt_account_encode(&account, bytes, sizeof(bytes)) > 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start(&account);
		cases[i].spoil(&account);
		if (pt_password_codec_is_sound(&account))
			fail_msg("%s: sound", cases[i].name);
		if (pt_account_encode(&account, bytes, sizeof(bytes)) != 0)
			fail_msg("%s: encoded", cases[i].name);
	}
}

/* How many live, and how many have ended. */
static void
both_kinds_are_limited(void **state)
{
	static const struct {
		unsigned living;
		unsigned ended;
		bool sound;
	} counts[] = {
	    {0, 0, true},
	    {32, 32, true},
	    {32, 0, true},
	    {33, 0, false},
	    {33, 31, false},
	    {0, 32, true},
	    {0, 33, false},
	    {31, 33, false},
	};
	struct pt_account account;

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		unsigned count = counts[i].living + counts[i].ended;

		start(&account);
		account.password_count = count;
		account.last_password_id = count;
		for (unsigned j = 0; j < count; j++) {
			struct pt_password *password = &account.passwords[j];
			bool lives = j < counts[i].living;

			password->id = j + 1;
			password->protocols = PT_PROTOCOL_SMTP;
			password->ended_at = lives ? 0 : TEST_NOW;
			password->ending =
			    lives ? PT_ENDING_NONE : PT_ENDING_CHANGED;
		}
		if (pt_password_codec_is_sound(&account) != counts[i].sound)
			fail_msg(
			    "%u and %u", counts[i].living, counts[i].ended);
	}
}

/* A block's reason says nothing about one that was ended otherwise. */
static void
a_reason_without_a_block_is_not_stored(void **state)
{
	static unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;
	struct pt_account again;
	struct pt_err err;
	size_t len;

	(void)state;
	start(&account);
	account.passwords[0].ending_block = PT_BLOCK_QUOTA;
	account.passwords[1].ending_block = PT_BLOCK_QUOTA;
	len = pt_account_encode(&account, bytes, sizeof(bytes));
	assert_int_equal(
	    pt_account_decode(bytes, len, &account.login, &again, &err), 0);
	assert_int_equal(again.passwords[0].ending_block, PT_BLOCK_NONE);
	assert_int_equal(again.passwords[1].ending_block, PT_BLOCK_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_contradicts_itself_is_not_encoded),
	    cmocka_unit_test(both_kinds_are_limited),
	    cmocka_unit_test(a_reason_without_a_block_is_not_stored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
