/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/record_check.h"

#include <stdlib.h>

#include "tests/unit/support/testing.h"

static unsigned
digit_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, c);

	if (c == '\0' || at == NULL)
		fail_msg("'%c' is no hexadecimal digit", c);
	return (unsigned)(at - digits);
}

size_t
record_from_hex(const char *hex, unsigned char *out, size_t cap)
{
	size_t len = 0;

	for (; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		assert_true(len < cap);
		out[len] = (unsigned char)(digit_value(*hex) << 4);
		hex++;
		out[len++] |= (unsigned char)digit_value(*hex);
	}
	return len;
}

void
record_check_hex(const unsigned char *at, size_t len, const char *hex)
{
	unsigned char wanted[RECORD_BYTES_MAX];

	assert_int_equal(len, record_from_hex(hex, wanted, sizeof(wanted)));
	assert_memory_equal(at, wanted, len);
}

/*
 * The bytes are moved into a block of just their size, so that the
 * sanitizers and valgrind see every read beyond it.
 */
static size_t
recode_exact(record_recode_fn *recode, const unsigned char *at, size_t len,
    unsigned char *out, struct pt_err *err)
{
	unsigned char *copy = malloc(len > 0 ? len : 1);
	size_t got;

	assert_non_null(copy);
	memcpy(copy, at, len);
	*err = (struct pt_err){0};
	got = recode(copy, len, out, RECORD_BYTES_MAX, err);
	free(copy);
	return got;
}

void
record_check_truncations(
    record_recode_fn *recode, const unsigned char *at, size_t len)
{
	unsigned char out[RECORD_BYTES_MAX];
	struct pt_err err;

	/* Or a mistake in the record itself would pass for a success. */
	assert_int_equal(recode_exact(recode, at, len, out, &err), len);
	assert_memory_equal(at, out, len);
	for (size_t cut = 0; cut < len; cut++) {
		if (recode_exact(recode, at, cut, out, &err) != 0)
			fail_msg("cut at %zu of %zu it is taken", cut, len);
		if (err.kind != PT_ERR_DAMAGED)
			fail_msg("cut at %zu of %zu: %s", cut, len, err.text);
	}
}

void
record_check_bit_flips(
    record_recode_fn *recode, const unsigned char *at, size_t len)
{
	unsigned char flipped[RECORD_BYTES_MAX];
	unsigned char out[RECORD_BYTES_MAX];
	struct pt_err err;

	assert_true(len <= sizeof(flipped));
	memcpy(flipped, at, len);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		unsigned char mask = (unsigned char)(1U << bit % 8);
		size_t got;

		flipped[bit / 8] ^= mask;
		got = recode_exact(recode, flipped, len, out, &err);
		if (got != 0 && (got != len || memcmp(out, flipped, len) != 0))
			fail_msg("with bit %zu of byte %zu turned it has a "
				 "second spelling",
			    bit % 8, bit / 8);
		if (got == 0 && err.kind != PT_ERR_DAMAGED &&
		    err.kind != PT_ERR_NEWER)
			fail_msg("bit %zu: kind %d", bit, (int)err.kind);
		flipped[bit / 8] ^= mask;
	}
}

void
record_check_refused(
    record_recode_fn *recode, const struct record_bad *bad, size_t n)
{
	unsigned char bytes[RECORD_BYTES_MAX];
	unsigned char out[RECORD_BYTES_MAX];
	struct pt_err err;

	for (size_t i = 0; i < n; i++) {
		size_t len = record_from_hex(bad[i].hex, bytes, sizeof(bytes));

		if (recode_exact(recode, bytes, len, out, &err) != 0)
			fail_msg("%s: it is taken", bad[i].name);
		if (err.kind != bad[i].kind)
			fail_msg("%s: kind %d", bad[i].name, (int)err.kind);
		if (strstr(err.text, bad[i].text) == NULL)
			fail_msg("%s: \"%s\"", bad[i].name, err.text);
	}
}
