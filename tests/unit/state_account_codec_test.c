/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/account_codec.h"
#include "tests/unit/support/full_records.h"
#include "tests/unit/support/random_account.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

/* Two app passwords: one that lives, one that a block ended. */
static void
add_external(struct pt_account *out)
{
	struct pt_password *password = out->passwords;
	struct pt_err err;

	out->access = PT_ACCESS_ON;
	out->access_at = 7;
	out->protocols = PT_PROTOCOL_IMAP | PT_PROTOCOL_SMTP;
	out->main_password_at = 8;
	memset(out->salt, 0x11, sizeof(out->salt));
	out->last_password_id = 9;
	memset(password, 0, 2 * sizeof(*password));
	password->id = 2;
	password->protocols = PT_PROTOCOL_IMAP | PT_PROTOCOL_POP3;
	password->created_at = 10;
	password->expires_at = 20;
	password->network_count = 1;
	assert_int_equal(
	    pt_network_parse("192.0.2.0/24", &password->networks[0], &err), 0);
	memset(password->hash, 0x22, sizeof(password->hash));
	(void)snprintf(password->label, sizeof(password->label), "Phone");
	password++;
	password->id = 5;
	password->protocols = PT_PROTOCOL_SMTP;
	password->created_at = 11;
	password->ended_at = 12;
	password->ending = PT_ENDING_BLOCKED;
	password->ending_block = PT_BLOCK_ADMIN;
	memset(password->hash, 0x33, sizeof(password->hash));
	out->password_count = 2;
}

/* Every field, small. */
static void
full_account(struct pt_account *out)
{
	account_start(out);
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
	add_external(out);
}

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;

	(void)state;
	full_account(&account);
	record_check_hex(bytes,
	    pt_account_encode(&account, bytes, sizeof(bytes)), FULL_ACCOUNT);
}

static void
an_account_with_only_defaults_takes_three_bytes(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;

	(void)state;
	account_start(&account);
	assert_false(account.exists);
	assert_int_equal(account.status, PT_STATUS_ACTIVE);
	assert_int_equal(account.block_reason, PT_BLOCK_NONE);
	assert_null(pt_words_next(&account.overrides, NULL));
	assert_null(pt_words_next(&account.senders, NULL));
	assert_int_equal(account.access, PT_ACCESS_NEVER);
	assert_int_equal(account.password_count, 0);
	record_check_hex(bytes,
	    pt_account_encode(&account, bytes, sizeof(bytes)), "01 0000");
	record_check_round_trip(
	    &account_format, &account, "the default account");
}

static void
every_account_comes_back_as_it_was(void **state)
{
	(void)state;
	record_check_random(&account_format);
}

/* As many app passwords as there may be, each as large as it may be. */
static void
add_largest_passwords(struct pt_account *out)
{
	out->password_count = PT_PASSWORDS_MAX + PT_TOMBSTONES_MAX;
	out->last_password_id = UINT32_MAX;
	for (unsigned i = 0; i < out->password_count; i++) {
		struct pt_password *password = &out->passwords[i];

		memset(password, 0xff, sizeof(*password));
		password->id = UINT32_MAX - out->password_count + 1 + i;
		password->protocols = 7;
		password->created_at = INT64_MAX;
		password->expires_at = INT64_MAX;
		password->ended_at = i % 2 == 0 ? 0 : INT64_MAX;
		password->ending =
		    i % 2 == 0 ? PT_ENDING_NONE : PT_ENDING_BLOCKED;
		password->ending_block =
		    i % 2 == 0 ? PT_BLOCK_NONE : PT_BLOCK_ADMIN;
		password->network_count = PT_PASSWORD_NETWORKS_MAX;
		for (unsigned j = 0; j < PT_PASSWORD_NETWORKS_MAX; j++)
			password->networks[j].bits = 128;
		memset(password->label, 'l', PT_PASSWORD_LABEL_MAX);
		password->label[PT_PASSWORD_LABEL_MAX] = '\0';
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
	add_largest_passwords(&account);
	record_check_round_trip(
	    &account_format, &account, "the largest account");
	assert_true(pt_account_encode(&account, bytes, sizeof(bytes)) > 20800);
}

static void
what_is_not_in_force_is_not_stored(void **state)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;

	(void)state;
	account_start(&account);
	account.created_at = -1;
	account.lock.at = -1;
	(void)snprintf(
	    account.lock.note, sizeof(account.lock.note), "was locked");
	account.block.at = 5;
	account.grant.until = -1;
	account.main_password_at = -1;
	/* Of what was never switched on nothing else is known. */
	account.access_at = 7;
	account.protocols = PT_PROTOCOL_IMAP;
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
		full_account(&account);
		(void)snprintf(account.passwords[1].label,
		    sizeof(account.passwords[1].label), "%s", bad[i]);
		assert_int_equal(
		    pt_account_encode(&account, bytes, sizeof(bytes)), 0);
	}
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct pt_account account;

	(void)state;
	full_account(&account);
	record_check_short_buffer(&account_format, &account);
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

static void
every_ending_has_its_name(void **state)
{
	static const char *const names[] = {
	    "none", "revoked", "disabled", "blocked", "changed", "expired"};

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_string_equal(
		    pt_ending_name((enum pt_ending)i), names[i]);
	assert_null(pt_ending_name((enum pt_ending)6));
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
	    cmocka_unit_test(every_ending_has_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
