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

#endif
