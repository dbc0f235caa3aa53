/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/rules_password.h"

static uint32_t
add(const char *secret)
{
	uint32_t id = 0;

	if (pt_password_add(&site.account, &rules_wish, secret, TEST_NOW, &id,
		&site.err) != 0)
		fail_msg("%s", site.err.text);
	return id;
}

static void
test_each_of_many_is_found_dead_or_alive(void **state)
{
	char secrets[PT_PASSWORDS_MAX + PT_TOMBSTONES_MAX][PT_SECRET_TEXT_MAX];
	const struct pt_password *found;
	unsigned i;

	(void)state;
	memcpy(secrets[0], RULES_SECRET, sizeof(secrets[0]));
	for (i = 1; i < PT_ARRAY_LEN(secrets); i++) {
		if (i == PT_PASSWORDS_MAX)
			assert_int_equal(
			    pt_password_end_all(&site.account,
				PT_ENDING_DISABLED, PT_BLOCK_NONE, TEST_NOW),
			    PT_PASSWORDS_MAX);
		generate(secrets[i]);
		assert_int_equal(add(secrets[i]), i + 1);
	}
	for (i = 0; i < PT_ARRAY_LEN(secrets); i++) {
		found = pt_password_find(
		    &site.account, secrets[i], strlen(secrets[i]));
		assert_non_null(found);
		assert_int_equal(found->id, i + 1);
		assert_int_equal(found->ending,
		    i < PT_PASSWORDS_MAX ? PT_ENDING_DISABLED : PT_ENDING_NONE);
	}
	/* The oldest tombstones make room for those that end now. */
	assert_int_equal(pt_password_end_all(&site.account, PT_ENDING_BLOCKED,
			     PT_BLOCK_QUOTA, TEST_NOW + 1),
	    PT_PASSWORDS_MAX);
	assert_int_equal(site.account.password_count, PT_TOMBSTONES_MAX);
	assert_int_equal(site.account.passwords[0].id, PT_PASSWORDS_MAX + 1);
}

static void
test_added_one_has_what_was_wished(void **state)
{
	struct pt_network network;
	struct pt_password_wish wish = {
	    .label = "Laptop \xc3\xbc",
	    .protocols = PT_PROTOCOL_IMAP,
	    .expires_at = TEST_NOW + 1,
	    .networks = &network,
	    .network_count = 1,
	};
	const struct pt_password *password;
	uint32_t id = 0;

	(void)state;
	assert_int_equal(
	    pt_network_parse("192.0.2.0/24", &network, &site.err), 0);
	assert_int_equal(pt_password_add(&site.account, &wish, RULES_OTHER,
			     TEST_NOW, &id, &site.err),
	    0);
	assert_int_equal(id, 2);
	password = pt_password_living(&site.account, id);
	assert_non_null(password);
	assert_string_equal(password->label, wish.label);
	assert_int_equal(password->protocols, PT_PROTOCOL_IMAP);
	assert_int_equal(password->created_at, TEST_NOW);
	assert_int_equal(password->expires_at, TEST_NOW + 1);
	assert_int_equal(password->ended_at, 0);
	assert_int_equal(password->network_count, 1);
	assert_memory_equal(&password->networks[0], &network, sizeof(network));
	assert_int_equal(pt_password_count_living(&site.account), 2);
	assert_null(pt_password_living(&site.account, 3));
	/* 0: all that are switched on */
	site.account.protocols = PT_PROTOCOL_POP3 | PT_PROTOCOL_SMTP;
	id = add("cccc-efgh-ijkl-mnop-qrst-uvwx");
	assert_int_equal(pt_password_living(&site.account, id)->protocols,
	    PT_PROTOCOL_POP3 | PT_PROTOCOL_SMTP);
}

#define LABEL_64 \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *secret;
	struct pt_password_wish wish;
	const char *error;
} refused[] = {
    {RULES_OTHER, {.label = LABEL_64}, "label"},
    {RULES_OTHER, {.label = "a\nb"}, "label"},
    {RULES_OTHER, {.label = "a\x7f"}, "label"},
    {RULES_OTHER, {.label = "\xc2\x85"}, "label"},
    {RULES_OTHER, {.label = "\xff"}, "label"},
    {RULES_OTHER, {.label = "", .network_count = 5}, "5 networks"},
    {RULES_OTHER, {.label = "", .protocols = PT_PROTOCOL_SMTP},
	"not switched on"},
    {RULES_OTHER, {.label = "", .expires_at = TEST_NOW}, "expired already"},
    {"short", {.label = ""}, "24 letters"},
    {"", {.label = ""}, "24 letters"},
};

static void
test_wishes_that_cannot_be_met_change_nothing(void **state)
{
	struct pt_account before;
	uint32_t id = 77;
	size_t i;

	(void)state;
	site.account.protocols = PT_PROTOCOL_IMAP;
	before = site.account;
	for (i = 0; i < PT_ARRAY_LEN(refused); i++) {
		assert_int_equal(
		    pt_password_add(&site.account, &refused[i].wish,
			refused[i].secret, TEST_NOW, &id, &site.err),
		    -1);
		assert_int_equal(site.err.kind, PT_ERR_INPUT);
		if (strstr(site.err.text, refused[i].error) == NULL)
			fail_msg("row %zu: %s", i, site.err.text);
		assert_memory_equal(&site.account, &before, sizeof(before));
		assert_int_equal(id, 77);
	}
}

static void
test_one_more_than_the_most_is_refused(void **state)
{
	char secret[PT_SECRET_TEXT_MAX];
	uint32_t id;
	int i;

	(void)state;
	for (i = 1; i < PT_PASSWORDS_MAX; i++) {
		generate(secret);
		(void)add(secret);
	}
	generate(secret);
	assert_int_equal(pt_password_add(&site.account, &rules_wish, secret,
			     TEST_NOW, &id, &site.err),
	    -1);
	assert_non_null(
	    strstr(site.err.text, "posternctl password revoke ann@"));
	pt_password_end(pt_password_living(&site.account, 5), PT_ENDING_REVOKED,
	    PT_BLOCK_NONE, TEST_NOW);
	assert_int_equal(add(secret), PT_PASSWORDS_MAX + 1);
}

static void
test_number_is_never_given_twice(void **state)
{
	uint32_t id;

	(void)state;
	(void)pt_password_end_all(
	    &site.account, PT_ENDING_DISABLED, PT_BLOCK_NONE, TEST_NOW);
	assert_true(
	    pt_password_forget(&site.account, TEST_NOW + PT_TOMBSTONE_SECONDS));
	assert_int_equal(site.account.password_count, 0);
	assert_int_equal(add(RULES_OTHER), 2);
	site.account.last_password_id = UINT32_MAX;
	assert_int_equal(pt_password_add(&site.account, &rules_wish,
			     RULES_SECRET, TEST_NOW, &id, &site.err),
	    -1);
}

static void
test_tombstone_is_kept_for_90_days(void **state)
{
	(void)state;
	pt_password_end(pt_password_living(&site.account, 1), PT_ENDING_BLOCKED,
	    PT_BLOCK_CRACKED, TEST_NOW);
	assert_int_equal(
	    site.account.passwords[0].ending_block, PT_BLOCK_CRACKED);
	assert_null(pt_password_living(&site.account, 1));
	assert_false(pt_password_forget(
	    &site.account, TEST_NOW + PT_TOMBSTONE_SECONDS - 1));
	/* A clock that was set back forgets nothing. */
	assert_false(pt_password_forget(&site.account, TEST_NOW - 1));
	assert_true(
	    pt_password_forget(&site.account, TEST_NOW + PT_TOMBSTONE_SECONDS));
	assert_int_equal(site.account.password_count, 0);
}

/* Many rounds of enabling and disabling never outgrow the record. */
static void
test_random_lives_keep_the_record_sound(void **state)
{
	char secret[PT_SECRET_TEXT_MAX];
	struct pt_account *account = &site.account;
	uint64_t random = 20261122;
	int64_t now = TEST_NOW;
	unsigned living;
	unsigned i;
	int round;

	(void)state;
	for (round = 0; round < 5000; round++) {
		now += (int64_t)test_random_below(&random, 5 * 86400);
		living = pt_password_count_living(account);
		if (living < PT_PASSWORDS_MAX &&
		    test_random_below(&random, 10) < 8) {
			generate(secret);
			(void)add(secret);
		} else if (test_random_below(&random, 4) == 0) {
			assert_int_equal(
			    pt_password_end_all(account, PT_ENDING_DISABLED,
				PT_BLOCK_NONE, now),
			    living);
		}
		(void)pt_password_forget(account, now);
		living = pt_password_count_living(account);
		assert_true(living <= PT_PASSWORDS_MAX);
		assert_true(
		    account->password_count - living <= PT_TOMBSTONES_MAX);
		for (i = 1; i < account->password_count; i++)
			assert_true(account->passwords[i - 1].id <
				    account->passwords[i].id);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PASSWORD_TEST(test_each_of_many_is_found_dead_or_alive),
	    PASSWORD_TEST(test_added_one_has_what_was_wished),
	    PASSWORD_TEST(test_wishes_that_cannot_be_met_change_nothing),
	    PASSWORD_TEST(test_one_more_than_the_most_is_refused),
	    PASSWORD_TEST(test_number_is_never_given_twice),
	    PASSWORD_TEST(test_tombstone_is_kept_for_90_days),
	    PASSWORD_TEST(test_random_lives_keep_the_record_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
