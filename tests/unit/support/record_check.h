/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What holds for every record format: tests that know nothing of it but how
 * to decode and encode it.  They fail the running cmocka test.
 */
#ifndef TESTS_UNIT_SUPPORT_RECORD_CHECK_H
#define TESTS_UNIT_SUPPORT_RECORD_CHECK_H

#include <stddef.h>

#include "core/base/err.h"

#define RECORD_BYTES_MAX 24576

/* Bytes as hexadecimal digits; blanks are skipped.  Returns their number. */
size_t
record_from_hex(const char *hex, unsigned char *out, size_t cap);

/* Fails unless the bytes are those. */
void
record_check_hex(const unsigned char *at, size_t len, const char *hex);

/* Decodes and encodes again; 0 if decoding refused, with *err. */
typedef size_t
record_recode_fn(const unsigned char *at, size_t len, unsigned char *out,
    size_t cap, struct pt_err *err);

/* A record cut anywhere is refused as damaged. */
void
record_check_truncations(
    record_recode_fn *recode, const unsigned char *at, size_t len);

/* With any bit turned, a record is refused or has exactly that spelling. */
void
record_check_bit_flips(
    record_recode_fn *recode, const unsigned char *at, size_t len);

/* One that is refused, and what its message must contain. */
struct record_bad {
	const char *name;
	const char *hex;
	enum pt_err_kind kind;
	const char *text;
};

void
record_check_refused(
    record_recode_fn *recode, const struct record_bad *bad, size_t n);

#endif
