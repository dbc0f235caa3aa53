/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Numbers of command lines.  They return false for what is no such number, and
 * have then not touched *out.
 */
#ifndef TESTS_BENCH_BENCH_NUMBER_H
#define TESTS_BENCH_BENCH_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* A whole number from min to max. */
bool
bench_number_count(const char *text, uint32_t min, uint32_t max, uint32_t *out);

/* Up to an hour. */
bool
bench_number_seconds(const char *text, double *out);

bool
bench_number_seed(const char *text, uint64_t *out);

#endif
