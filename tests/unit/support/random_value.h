/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Random values for property tests; "state" is that of test_random().
 */
#ifndef TESTS_UNIT_SUPPORT_RANDOM_VALUE_H
#define TESTS_UNIT_SUPPORT_RANDOM_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/login.h"

/* A state that differs much even between neighbours. */
uint64_t
random_seed(uint64_t number);

bool
random_chance(uint64_t *state, unsigned percent);

/* Up to "bits" bits; small numbers are as likely as large ones. */
uint64_t
random_number(uint64_t *state, unsigned bits);

/* UTF-8 without control characters, 0 to cap - 1 bytes, terminated. */
void
random_text(uint64_t *state, char *out, size_t cap);

struct pt_login
random_login(uint64_t *state);

#endif
