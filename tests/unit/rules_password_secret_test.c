/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The secret itself: its making, its spelling, its hash. */

#include <stdlib.h>

#include "tests/unit/rules_password.h"

static void
test_secret_is_six_groups_of_four_letters(void **state)
{
	char secret[PT_SECRET_TEXT_MAX];
	size_t i;

	(void)state;
	generate(secret);
	assert_int_equal(strlen(secret), PT_SECRET_TEXT_MAX - 1);
	for (i = 0; secret[i] != '\0'; i++) {
		if (i % 5 == 4)
			assert_int_equal(secret[i], '-');
		else
			assert_in_range(secret[i], 'a', 'z');
	}
	assert_true(pt_password_is_secret(secret, strlen(secret)));
}

/* That is a hundred thousand groups of four letters. */
#define SECRETS 16667

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, PT_SECRET_TEXT_MAX);
}

/*
 * Chi-square over 26 letters at each of the 24 places, and over all of them.
 * 25 degrees of freedom: a fair source is above 76.2 once in a million; with
 * 25 sums this fails once in 40,000 runs.
 */
static void
test_letters_are_even_and_secrets_differ(void **state)
{
	static char secrets[SECRETS][PT_SECRET_TEXT_MAX];
	static unsigned counts[25][26];
	double expected;
	double sum;
	double d;
	size_t i;
	size_t j;

	(void)state;
	memset(counts, 0, sizeof(counts));
	for (i = 0; i < SECRETS; i++) {
		generate(secrets[i]);
		for (j = 0; j < 24; j++) {
			counts[j][secrets[i][j + j / 4] - 'a']++;
			counts[24][secrets[i][j + j / 4] - 'a']++;
		}
	}
	for (i = 0; i < 25; i++) {
		expected = SECRETS * (i < 24 ? 1.0 : 24.0) / 26.0;
		sum = 0;
		for (j = 0; j < 26; j++) {
			d = counts[i][j] - expected;
			sum += d * d / expected;
		}
		if (sum > 76.2)
			fail_msg("place %zu: chi-square %f", i, sum);
	}
	qsort(secrets, SECRETS, sizeof(secrets[0]), compare);
	for (i = 1; i < SECRETS; i++)
		assert_string_not_equal(secrets[i - 1], secrets[i]);
}

#define PLAIN "abcdefghijklmnopqrstuvwx"

struct typed {
	const char *text;
	size_t len;
	bool fits;
};

#define TYPED(text, fits)                    \
	{                                    \
		text, sizeof(text) - 1, fits \
	}

static const struct typed typed[] = {
    TYPED(RULES_SECRET, true),
    TYPED(PLAIN, true),
    TYPED("ABCDEFGHIJKLMNOPQRSTUVWX", true),
    TYPED("AbCd EfGh IjKl MnOp QrSt UvWx", true),
    TYPED("  abcd\tefgh--ijkl-mnop-qrst-uvwx  ", true),
    TYPED("", false),
    TYPED("-", false),
    TYPED("abcdefghijklmnopqrstuvw", false),
    TYPED(PLAIN "x", false),
    TYPED(PLAIN "\0", false),
    TYPED("\0" PLAIN, false),
    TYPED("abcd\0efghijklmnopqrstuvwx", false),
    TYPED(PLAIN "\n", false),
    TYPED("abcdefghijklmnopqrstuvw1", false),
    TYPED("abcdefghijklmnopqrstuvw\xc3\xbc", false),
    TYPED(PLAIN PLAIN, false),
    TYPED(PLAIN PLAIN PLAIN PLAIN PLAIN, false),
    TYPED(RULES_OTHER, false),
};

static void
test_blanks_hyphens_and_case_do_not_count_all_else_does(void **state)
{
	const struct pt_password *found;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(typed); i++) {
		found = pt_password_find(
		    &site.account, typed[i].text, typed[i].len);
		if ((found != NULL) != typed[i].fits)
			fail_msg("row %zu", i);
	}
}

/* Nobody's long input may stand for a short one, whatever is cut. */
static void
test_long_input_differs_from_every_short_one(void **state)
{
	unsigned char hashes[200][PT_PASSWORD_HASH_BYTES];
	char text[200];
	size_t i;
	size_t j;

	(void)state;
	memset(text, 'a', sizeof(text));
	for (i = 0; i < 200; i++) {
		pt_password_hash(rules_salt, text, i, hashes[i]);
		for (j = 0; j < i; j++)
			assert_memory_not_equal(
			    hashes[i], hashes[j], sizeof(hashes[i]));
	}
	/* Padding is told from a NUL that was typed. */
	memset(text, 0, sizeof(text));
	for (i = 0; i < 100; i++) {
		pt_password_hash(rules_salt, text, i, hashes[i]);
		for (j = 0; j < i; j++)
			assert_memory_not_equal(
			    hashes[i], hashes[j], sizeof(hashes[i]));
	}
}

static void
test_salt_makes_the_hash_another(void **state)
{
	unsigned char salt[PT_PASSWORD_SALT_BYTES] = {1};
	unsigned char a[PT_PASSWORD_HASH_BYTES];
	unsigned char b[PT_PASSWORD_HASH_BYTES];

	(void)state;
	pt_password_hash(salt, PLAIN, 24, a);
	pt_password_hash(salt, RULES_SECRET, sizeof(RULES_SECRET) - 1, b);
	assert_memory_equal(a, b, sizeof(a));
	salt[15] = 1;
	pt_password_hash(salt, PLAIN, 24, b);
	assert_memory_not_equal(a, b, sizeof(a));
}

/* The stored form must never change: this is it. */
static void
test_hash_is_what_was_always_stored(void **state)
{
	static const unsigned char expected[8] = {
	    0xbf, 0x86, 0x38, 0xc7, 0x28, 0x7b, 0x97, 0x7e};
	unsigned char hash[PT_PASSWORD_HASH_BYTES];

	(void)state;
	pt_password_hash(rules_salt, PLAIN, 24, hash);
	assert_memory_equal(hash, expected, sizeof(expected));
}

static void
test_account_without_app_passwords_matches_nothing(void **state)
{
	struct pt_login login = test_login("nobody@example.com");
	size_t i;

	(void)state;
	/* What lies beyond the count may hold anything. */
	site.account.password_count = 0;
	for (i = 0; i < PT_ARRAY_LEN(typed); i++)
		assert_null(pt_password_find(
		    &site.account, typed[i].text, typed[i].len));
	pt_account_init(&site.account, &login);
	assert_null(pt_password_find(&site.account, PLAIN, 24));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PASSWORD_TEST(test_secret_is_six_groups_of_four_letters),
	    PASSWORD_TEST(test_letters_are_even_and_secrets_differ),
	    PASSWORD_TEST(
		test_blanks_hyphens_and_case_do_not_count_all_else_does),
	    PASSWORD_TEST(test_long_input_differs_from_every_short_one),
	    PASSWORD_TEST(test_salt_makes_the_hash_another),
	    PASSWORD_TEST(test_hash_is_what_was_always_stored),
	    PASSWORD_TEST(test_account_without_app_passwords_matches_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
