/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/token.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static const unsigned char key[PT_TOKEN_KEY_BYTES] = "0123456789abcde";

static struct pt_login ann;
static char text[PT_TOKEN_TEXT_MAX];
static struct pt_token made;

static int
make(void **state)
{
	(void)state;
	ann = test_login("ann@example.com");
	made = (struct pt_token){
	    .protocol = PT_PROTOCOL_IMAP,
	    .password = 0x01020304,
	    .issued_at = TEST_NOW,
	};
	/* One with a '_', because some decoders take other bytes for it. */
	do
		pt_token_make(key, &ann, &made, text);
	while (strchr(text, '_') == NULL);
	return 0;
}

static void
test_what_is_made_is_read(void **state)
{
	static const enum pt_protocol protocols[] = {
	    PT_PROTOCOL_IMAP, PT_PROTOCOL_POP3, PT_PROTOCOL_SMTP};
	static const uint32_t passwords[] = {1, 0x80000000U, UINT32_MAX};
	static const int64_t times[] = {0, TEST_NOW, INT64_MAX};
	struct pt_token read;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		made.protocol = protocols[i];
		made.password = passwords[i];
		made.issued_at = times[i];
		pt_token_make(key, &ann, &made, text);
		assert_int_equal(strlen(text), 51);
		assert_int_equal(
		    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				 "opqrstuvwxyz0123456789-_"),
		    51);
		assert_true(pt_token_read(key, &ann, text, &read));
		assert_int_equal(read.protocol, made.protocol);
		assert_int_equal(read.password, made.password);
		assert_true(read.issued_at == made.issued_at);
		assert_true(read.nonce == made.nonce);
	}
}

static void
test_no_two_tokens_are_alike(void **state)
{
	struct pt_token other = made;
	char again[PT_TOKEN_TEXT_MAX];

	(void)state;
	pt_token_make(key, &ann, &other, again);
	assert_true(other.nonce != made.nonce);
	assert_string_not_equal(text, again);
}

static void
test_token_holds_for_its_login_and_key_only(void **state)
{
	static const char *const others[] = {"bob@example.com",
	    "ann@example.net", "ann@example.co", "xann@example.com"};
	unsigned char other_key[PT_TOKEN_KEY_BYTES];
	struct pt_login login;
	struct pt_token read;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(others); i++) {
		login = test_login(others[i]);
		assert_false(pt_token_read(key, &login, text, &read));
	}
	for (i = 0; i < sizeof(key); i++) {
		memcpy(other_key, key, sizeof(key));
		other_key[i] ^= 1;
		assert_false(pt_token_read(other_key, &ann, text, &read));
	}
}

/* There is one spelling: not a bit can be turned, nothing added or cut. */
static void
test_token_with_any_change_is_refused(void **state)
{
	struct pt_token read = {.password = 99};
	char bad[PT_TOKEN_TEXT_MAX + 8];
	size_t len = strlen(text);
	size_t i;
	int c;

	(void)state;
	for (i = 0; i < len; i++) {
		for (c = 1; c < 256; c++) {
			memcpy(bad, text, len + 1);
			if ((char)c == text[i])
				continue;
			bad[i] = (char)c;
			assert_false(pt_token_read(key, &ann, bad, &read));
		}
		memcpy(bad, text, len + 1);
		bad[i] = '\0';
		assert_false(pt_token_read(key, &ann, bad, &read));
	}
	assert_int_equal(read.password, 99);
}

static void
test_token_with_something_added_is_refused(void **state)
{
	static const char *const added[] = {
	    "A", "=", "==", " ", "\n", "AAAA", "."};
	char bad[PT_TOKEN_TEXT_MAX + 8];
	struct pt_token read;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(added); i++) {
		(void)snprintf(bad, sizeof(bad), "%s%s", text, added[i]);
		assert_false(pt_token_read(key, &ann, bad, &read));
		(void)snprintf(bad, sizeof(bad), "%s%s", added[i], text);
		assert_false(pt_token_read(key, &ann, bad, &read));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_what_is_made_is_read, make),
	    cmocka_unit_test_setup(test_no_two_tokens_are_alike, make),
	    cmocka_unit_test_setup(
		test_token_holds_for_its_login_and_key_only, make),
	    cmocka_unit_test_setup(test_token_with_any_change_is_refused, make),
	    cmocka_unit_test_setup(
		test_token_with_something_added_is_refused, make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
