/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/record_check.h"

#include <stdlib.h>

#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

#define ROUNDS         10000
#define DAMAGE_ROUNDS  100
#define DAMAGE_LEN_MAX 400

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

static void *
new_record(const struct record_format *format)
{
	void *record = malloc(format->size);

	assert_non_null(record);
	/* What a codec relies on must come from its own init. */
	memset(record, 0xee, format->size);
	return record;
}

void
record_check_round_trip(
    const struct record_format *format, const void *record, const char *name)
{
	unsigned char bytes[RECORD_BYTES_MAX];
	size_t len = format->encode(record, bytes, sizeof(bytes));
	void *again = new_record(format);
	struct pt_err err = {0};

	if (len == 0)
		fail_msg("%s cannot be encoded", name);
	if (format->decode(bytes, len, again, &err) == -1)
		fail_msg("%s: %s", name, err.text);
	if (!format->is_same(record, again))
		fail_msg("%s comes back changed", name);
	free(again);
}

void
record_check_bytes(
    const struct record_format *format, const void *record, const char *hex)
{
	unsigned char bytes[RECORD_BYTES_MAX];

	record_check_hex(
	    bytes, format->encode(record, bytes, sizeof(bytes)), hex);
	record_check_round_trip(format, record, hex);
}

void
record_check_random(const struct record_format *format)
{
	void *record = new_record(format);

	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t random = random_seed(round);
		char name[32];

		format->random(&random, record);
		(void)snprintf(name, sizeof(name), "seed %u", round);
		record_check_round_trip(format, record, name);
	}
	free(record);
}

void
record_check_wild(const struct record_format *format)
{
	void *record = new_record(format);

	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t random = random_seed(round);
		unsigned char bytes[RECORD_BYTES_MAX];
		struct pt_err err = {0};
		char name[32];
		size_t len;

		format->random_wild(&random, record);
		(void)snprintf(name, sizeof(name), "seed %u", round);
		len = format->encode(record, bytes, sizeof(bytes));
		if (format->decode(bytes, len, record, &err) == -1)
			fail_msg("%s: %s", name, err.text);
		record_check_round_trip(format, record, name);
	}
	free(record);
}

void
record_check_short_buffer(
    const struct record_format *format, const void *record)
{
	unsigned char bytes[RECORD_BYTES_MAX];
	size_t len = format->encode(record, bytes, sizeof(bytes));

	assert_true(len > 0);
	for (size_t cap = 0; cap < len; cap++) {
		memset(bytes, 0xee, sizeof(bytes));
		assert_int_equal(format->encode(record, bytes, cap), 0);
		assert_int_equal(bytes[cap], 0xee);
	}
}

/*
 * Decodes and encodes again; 0 if decoding refused, with *err.  The bytes are
 * moved into a block of just their size, so that the sanitizers and valgrind
 * see every read beyond it.
 */
static size_t
recode(const struct record_format *format, const unsigned char *at, size_t len,
    unsigned char *out, struct pt_err *err)
{
	unsigned char *copy = malloc(len > 0 ? len : 1);
	void *record = new_record(format);
	size_t got = 0;

	assert_non_null(copy);
	memcpy(copy, at, len);
	*err = (struct pt_err){0};
	if (format->decode(copy, len, record, err) == 0)
		got = format->encode(record, out, RECORD_BYTES_MAX);
	free(record);
	free(copy);
	return got;
}

static void
check_cuts(
    const struct record_format *format, const unsigned char *at, size_t len)
{
	unsigned char out[RECORD_BYTES_MAX];
	struct pt_err err;

	/* Or a mistake in the record itself would pass for a success. */
	assert_int_equal(recode(format, at, len, out, &err), len);
	assert_memory_equal(at, out, len);
	for (size_t cut = 0; cut < len; cut++) {
		if (recode(format, at, cut, out, &err) != 0)
			fail_msg("cut at %zu of %zu it is taken", cut, len);
		if (err.kind != PT_ERR_DAMAGED)
			fail_msg("cut at %zu of %zu: %s", cut, len, err.text);
	}
}

static void
check_bit_flips(
    const struct record_format *format, const unsigned char *at, size_t len)
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
		got = recode(format, flipped, len, out, &err);
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
record_check_damage(
    const struct record_format *format, const unsigned char *at, size_t len)
{
	check_cuts(format, at, len);
	check_bit_flips(format, at, len);
}

void
record_check_damaged_hex(const struct record_format *format, const char *hex)
{
	unsigned char bytes[RECORD_BYTES_MAX];
	size_t len = record_from_hex(hex, bytes, sizeof(bytes));

	record_check_damage(format, bytes, len);
}

void
record_check_damaged_random(const struct record_format *format)
{
	void *record = new_record(format);
	unsigned tried = 0;

	for (unsigned round = 0; round < DAMAGE_ROUNDS; round++) {
		uint64_t random = random_seed(round);
		unsigned char bytes[RECORD_BYTES_MAX];
		size_t len;

		format->random(&random, record);
		len = format->encode(record, bytes, sizeof(bytes));
		if (len > DAMAGE_LEN_MAX)
			continue;
		record_check_damage(format, bytes, len);
		tried++;
	}
	assert_true(tried > 0);
	free(record);
}

void
record_check_refused(
    const struct record_format *format, const struct record_bad *bad, size_t n)
{
	unsigned char bytes[RECORD_BYTES_MAX];
	unsigned char out[RECORD_BYTES_MAX];
	struct pt_err err;

	for (size_t i = 0; i < n; i++) {
		size_t len = record_from_hex(bad[i].hex, bytes, sizeof(bytes));

		if (recode(format, bytes, len, out, &err) != 0)
			fail_msg("%s: it is taken", bad[i].name);
		if (err.kind != bad[i].kind)
			fail_msg("%s: kind %d", bad[i].name, (int)err.kind);
		if (strstr(err.text, bad[i].text) == NULL)
			fail_msg("%s: \"%s\"", bad[i].name, err.text);
	}
}
