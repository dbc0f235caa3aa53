/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/password.h"

#include <sodium.h>
#include <string.h>

#define LETTERS    26
#define GROUP      4
#define TYPED_MAX  64 /* bytes of what was typed that are looked at */
#define LEN_BYTES  8
#define HASH_INPUT (LEN_BYTES + TYPED_MAX)

int
pt_password_generate(char secret_out[PT_SECRET_TEXT_MAX], struct pt_err *err)
{
	size_t at = 0;
	int i;

	if (sodium_init() < 0)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot make an app password: libsodium finds no source "
		    "of random numbers");
	for (i = 0; i < PT_SECRET_LETTERS; i++) {
		if (i > 0 && i % GROUP == 0)
			secret_out[at++] = '-';
		secret_out[at++] = (char)('a' + randombytes_uniform(LETTERS));
	}
	secret_out[at] = '\0';
	return 0;
}

/* What was typed, as it counts. */
struct typed {
	unsigned char bytes[TYPED_MAX];
	uint64_t len; /* may be more than "bytes" holds */
};

static void
normalise(const char *secret, size_t len, struct typed *out)
{
	unsigned char c;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < len; i++) {
		c = (unsigned char)secret[i];
		if (c == ' ' || c == '\t' || c == '-')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c - 'A' + 'a');
		if (out->len < TYPED_MAX)
			out->bytes[out->len] = c;
		out->len++;
	}
}

bool
pt_password_is_secret(const char *secret, size_t len)
{
	struct typed typed;
	bool whole;
	size_t i;

	normalise(secret, len, &typed);
	whole = typed.len == PT_SECRET_LETTERS;
	for (i = 0; i < PT_SECRET_LETTERS; i++)
		whole = whole && typed.bytes[i] >= 'a' && typed.bytes[i] <= 'z';
	sodium_memzero(&typed, sizeof(typed));
	return whole;
}

/*
 * What is hashed has always the same size: the length of what was typed, and
 * its first bytes, padded.  So nothing that is longer, shorter or no letters
 * at all can pass for a secret, and all cost the same.
 */
void
pt_password_hash(const unsigned char salt[PT_PASSWORD_SALT_BYTES],
    const char *secret, size_t len,
    unsigned char hash_out[PT_PASSWORD_HASH_BYTES])
{
	static const unsigned char
	    personal[crypto_generichash_blake2b_PERSONALBYTES] =
		"postern-password";
	unsigned char input[HASH_INPUT];
	struct typed typed;
	size_t i;

	normalise(secret, len, &typed);
	for (i = 0; i < LEN_BYTES; i++)
		input[i] = (unsigned char)(typed.len >> (8 * i));
	memcpy(input + LEN_BYTES, typed.bytes, TYPED_MAX);
	(void)crypto_generichash_blake2b_salt_personal(hash_out,
	    PT_PASSWORD_HASH_BYTES, input, sizeof(input), NULL, 0, salt,
	    personal);
	sodium_memzero(input, sizeof(input));
	sodium_memzero(&typed, sizeof(typed));
}

_Static_assert(PT_PASSWORD_HASH_BYTES == 4 * sizeof(uint64_t),
    "hashes are compared as four words");

/*
 * All ones if they are equal, else 0, in the same time; as
 * sodium_memcmp() does, but inline, because one login may call it 64 times.
 */
static unsigned
equal_mask(const unsigned char *a, const unsigned char *b)
{
	uint64_t x[4];
	uint64_t y[4];
	uint64_t difference;

	memcpy(x, a, sizeof(x));
	memcpy(y, b, sizeof(y));
	difference =
	    (x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]);
	/* The top bit of this is set if any bit of the difference is. */
	difference |= ~difference + 1;
	return (unsigned)(difference >> 63) - 1;
}
_Static_assert(PT_PASSWORD_SALT_BYTES == crypto_generichash_blake2b_SALTBYTES,
    "the salt is BLAKE2b's own");

const struct pt_password *
pt_password_find(
    const struct pt_account *account, const char *secret, size_t len)
{
	unsigned char hash[PT_PASSWORD_HASH_BYTES];
	unsigned found = 0; /* its place, from 1 on */
	unsigned mask;
	unsigned i;

	pt_password_hash(account->salt, secret, len, hash);
	/* All of them, whether one has been found or not. */
	for (i = 0; i < account->password_count; i++) {
		mask = equal_mask(hash, account->passwords[i].hash);
		found = (found & ~mask) | ((i + 1) & mask);
	}
	sodium_memzero(hash, sizeof(hash));
	return found == 0 ? NULL : &account->passwords[found - 1];
}
