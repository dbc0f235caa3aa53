/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Usage records for property tests. */
#ifndef TESTS_UNIT_SUPPORT_RANDOM_USAGE_H
#define TESTS_UNIT_SUPPORT_RANDOM_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/usage.h"
#include "tests/unit/support/record_check.h"

/* One that the rules could have made; "state" is that of test_random(). */
void
random_usage(uint64_t *state, struct pt_usage *out);

/* With counts in range, and nonsense in all else. */
void
random_wild_usage(uint64_t *state, struct pt_usage *out);

/* Everything that counts, but not "exists". */
bool
is_same_usage(const struct pt_usage *a, const struct pt_usage *b);

extern const struct record_format usage_format;

#endif
