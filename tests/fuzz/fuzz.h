/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What every fuzz target defines, and how it complains.  The same target is
 * linked with libFuzzer to search, and with replay_main.c to replay a corpus.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"

/* Returns 0.  The name is libFuzzer's. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program if a property does not hold, so that the input is kept. */
static inline void
fuzz_check(bool holds, const char *property)
{
	if (holds)
		return;
	(void)fprintf(stderr, "this does not hold: %s\n", property);
	abort();
}

/* What holds whenever a record is refused. */
static inline void
fuzz_check_refusal(const struct pt_err *err)
{
	fuzz_check(err->kind == PT_ERR_DAMAGED || err->kind == PT_ERR_NEWER,
	    "a refusal says whether it is damaged or newer");
	fuzz_check(err->text[0] != '\0', "a refusal has a reason");
}

/* What holds for the bytes that were taken, and what encoding makes of it. */
static inline void
fuzz_check_spelling(
    const uint8_t *data, size_t size, const unsigned char *bytes, size_t len)
{
	fuzz_check(len == size && memcmp(bytes, data, len) == 0,
	    "a record has one spelling");
}

#endif
