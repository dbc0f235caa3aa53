/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Session tokens from a process that lies, and app passwords as they are
 * typed: no text passes for a token that was not made, none breaks anything,
 * and what is taken for a secret is one, however it was spelled.
 */
#include <string.h>

#include "core/rules/password.h"
#include "core/rules/token.h"
#include "tests/fuzz/fuzz.h"

#define TEXT_MAX 4096

/* No token is ever made with this one: a search learns from what it sees. */
static const unsigned char unused[PT_TOKEN_KEY_BYTES] = "another key here";
static const unsigned char key[PT_TOKEN_KEY_BYTES] = "a key of the lab";
static const unsigned char salt[PT_PASSWORD_SALT_BYTES];

static void
check_text(const struct pt_login *login, const char *text)
{
	struct pt_token token;

	fuzz_check(!pt_token_read(unused, login, text, &token),
	    "a token that was not made is refused");
}

/* A token that was made, and then changed as the input says. */
static void
check_changed(const struct pt_login *login, const uint8_t *data, size_t size)
{
	struct pt_token token = {
	    .protocol = PT_PROTOCOL_IMAP,
	    .password = (uint32_t)size,
	    .issued_at = 1,
	};
	char text[PT_TOKEN_TEXT_MAX];
	char changed[PT_TOKEN_TEXT_MAX];
	struct pt_token read;
	size_t len;
	size_t i;

	pt_token_make(key, login, &token, text);
	len = strlen(text);
	memcpy(changed, text, sizeof(text));
	for (i = 0; i + 1 < size; i += 2)
		changed[data[i] % len] = (char)data[i + 1];
	fuzz_check(pt_token_read(key, login, changed, &read) ==
		       (strcmp(text, changed) == 0),
	    "a token has one spelling");
	fuzz_check(pt_token_read(key, login, text, &read) &&
		       read.nonce == token.nonce &&
		       read.password == token.password,
	    "what was made is read");
}

static void
check_secret(const uint8_t *data, size_t size)
{
	unsigned char hash[PT_PASSWORD_HASH_BYTES];
	unsigned char again[PT_PASSWORD_HASH_BYTES];
	const char *typed = (const char *)data;
	char letters[PT_SECRET_LETTERS];
	size_t n = 0;
	size_t i;

	pt_password_hash(salt, typed, size, hash);
	if (!pt_password_is_secret(typed, size))
		return;
	for (i = 0; i < size; i++) {
		if (strchr(" \t-", typed[i]) != NULL)
			continue;
		fuzz_check(n < sizeof(letters), "a secret has 24 letters");
		letters[n++] = typed[i];
	}
	fuzz_check(n == sizeof(letters), "a secret has all of its letters");
	pt_password_hash(salt, letters, n, again);
	fuzz_check(memcmp(hash, again, sizeof(hash)) == 0,
	    "blanks and hyphens do not count");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pt_login login;
	struct pt_err err = {0};
	char text[TEXT_MAX];

	if (size >= sizeof(text) ||
	    pt_login_parse("ann@example.com", 15, NULL, &login, &err) != 0)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check_text(&login, text);
	check_changed(&login, data, size);
	check_secret(data, size);
	return 0;
}
