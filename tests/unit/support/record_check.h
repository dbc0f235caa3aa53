/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What holds for every record format: tests that know nothing of it but how
 * to make, compare, encode and decode a record.  They fail the running cmocka
 * test.
 */
#ifndef TESTS_UNIT_SUPPORT_RECORD_CHECK_H
#define TESTS_UNIT_SUPPORT_RECORD_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

#define RECORD_BYTES_MAX 24576

struct record_format {
	size_t size; /* of the struct */
	/* One that can be stored; "state" is that of test_random(). */
	void (*random)(uint64_t *state, void *out);
	/* With counts in range, and nonsense in all else; NULL: there are no
	 * such ones. */
	void (*random_wild)(uint64_t *state, void *out);
	/* Is what was decoded what was encoded? */
	bool (*is_same)(const void *in, const void *out);
	size_t (*encode)(const void *record, unsigned char *out, size_t cap);
	int (*decode)(
	    const void *at, size_t len, void *out, struct pt_err *err);
};

/* Bytes as hexadecimal digits; blanks are skipped.  Returns their number. */
size_t
record_from_hex(const char *hex, unsigned char *out, size_t cap);

/* Fails unless the bytes are those. */
void
record_check_hex(const unsigned char *at, size_t len, const char *hex);

/* Fails, with "name", if the record does not come back as it was. */
void
record_check_round_trip(
    const struct record_format *format, const void *record, const char *name);

/* It has those bytes, and comes back from them. */
void
record_check_bytes(
    const struct record_format *format, const void *record, const char *hex);

/* Many random records come back as they were. */
void
record_check_random(const struct record_format *format);

/* What encoding makes of nonsense can be read, and comes back as it is. */
void
record_check_wild(const struct record_format *format);

/* Without room for all of it, nothing is written beyond the buffer. */
void
record_check_short_buffer(
    const struct record_format *format, const void *record);

/*
 * Cut anywhere, a record is refused as damaged; with any bit turned it is
 * refused, or has exactly that spelling.
 */
void
record_check_damage(
    const struct record_format *format, const unsigned char *at, size_t len);

void
record_check_damaged_hex(const struct record_format *format, const char *hex);

/* Random ones that are not too long to try all that. */
void
record_check_damaged_random(const struct record_format *format);

/* One that is refused, and what its message must contain. */
struct record_bad {
	const char *name;
	const char *hex;
	enum pt_err_kind kind;
	const char *text;
};

void
record_check_refused(
    const struct record_format *format, const struct record_bad *bad, size_t n);

#endif
