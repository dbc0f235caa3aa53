/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/token.h"

#include <sodium.h>
#include <string.h>

/* Where the fields begin; see token.h. */
enum {
	AT_VERSION = 0,
	AT_PROTOCOL = 1,
	AT_PASSWORD = 2,
	AT_ISSUED = 6,
	AT_NONCE = 14,
	AT_MAC = 22,
	MAC_BYTES = 16,
	TOKEN_BYTES = AT_MAC + MAC_BYTES,
};

#define VERSION 1

_Static_assert(PT_TOKEN_KEY_BYTES == crypto_shorthash_siphashx24_KEYBYTES &&
		   (int)MAC_BYTES == crypto_shorthash_siphashx24_BYTES,
    "keys and sums are SipHash's");

static void
put(unsigned char *at, uint64_t value, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t
get(const unsigned char *at, unsigned n)
{
	uint64_t value = 0;

	while (n > 0)
		value = value << 8 | at[--n];
	return value;
}

/* All fields are of fixed width, so the login can simply follow them. */
static void
sign(const unsigned char key[PT_TOKEN_KEY_BYTES], const struct pt_login *login,
    const unsigned char *token, unsigned char mac_out[MAC_BYTES])
{
	unsigned char input[AT_MAC + PT_LOGIN_MAX];

	memcpy(input, token, AT_MAC);
	memcpy(input + AT_MAC, login->text, login->len);
	(void)crypto_shorthash_siphashx24(
	    mac_out, input, (size_t)AT_MAC + login->len, key);
}

static bool
is_protocol(uint64_t protocol)
{
	return protocol == PT_PROTOCOL_IMAP || protocol == PT_PROTOCOL_POP3 ||
	       protocol == PT_PROTOCOL_SMTP;
}

static void
encode(const unsigned char *bytes, char text_out[PT_TOKEN_TEXT_MAX])
{
	(void)sodium_bin2base64(text_out, PT_TOKEN_TEXT_MAX, bytes, TOKEN_BYTES,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/*
 * One spelling only.  libsodium alone is not that strict: 1.0.18 takes bytes
 * from 0x80 on for '_'.
 */
static bool
decode(const char *text, unsigned char *bytes_out)
{
	char again[PT_TOKEN_TEXT_MAX];
	size_t len = 0;

	if (sodium_base642bin(bytes_out, TOKEN_BYTES, text, strlen(text), NULL,
		&len, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    len != TOKEN_BYTES)
		return false;
	encode(bytes_out, again);
	return strcmp(again, text) == 0;
}

void
pt_token_make(const unsigned char key[PT_TOKEN_KEY_BYTES],
    const struct pt_login *login, struct pt_token *token,
    char text_out[PT_TOKEN_TEXT_MAX])
{
	static uint64_t nonce; /* 0: none was made yet */
	unsigned char bytes[TOKEN_BYTES];

	/* Once, because each draw is a system call. */
	while (nonce == 0)
		randombytes_buf(&nonce, sizeof(nonce));
	token->nonce = nonce++;
	bytes[AT_VERSION] = VERSION;
	put(bytes + AT_PROTOCOL, token->protocol, 1);
	put(bytes + AT_PASSWORD, token->password, 4);
	put(bytes + AT_ISSUED, (uint64_t)token->issued_at, 8);
	put(bytes + AT_NONCE, token->nonce, 8);
	sign(key, login, bytes, bytes + AT_MAC);
	encode(bytes, text_out);
}

bool
pt_token_read(const unsigned char key[PT_TOKEN_KEY_BYTES],
    const struct pt_login *login, const char *text, struct pt_token *out)
{
	unsigned char bytes[TOKEN_BYTES];
	unsigned char mac[MAC_BYTES];

	if (!decode(text, bytes) || bytes[AT_VERSION] != VERSION ||
	    !is_protocol(bytes[AT_PROTOCOL]))
		return false;
	sign(key, login, bytes, mac);
	if (sodium_memcmp(mac, bytes + AT_MAC, sizeof(mac)) != 0)
		return false;
	out->protocol = (enum pt_protocol)bytes[AT_PROTOCOL];
	out->password = (uint32_t)get(bytes + AT_PASSWORD, 4);
	out->issued_at = (int64_t)get(bytes + AT_ISSUED, 8);
	out->nonce = get(bytes + AT_NONCE, 8);
	return true;
}
