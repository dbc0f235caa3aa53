/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Activity records for property tests. */
#ifndef TESTS_UNIT_SUPPORT_RANDOM_ACTIVITY_H
#define TESTS_UNIT_SUPPORT_RANDOM_ACTIVITY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/activity.h"
#include "tests/unit/support/record_check.h"

/* One that the rules could have made; "state" is that of test_random(). */
void
random_activity(uint64_t *state, struct pt_activity *out);

/* With counts in range, and nonsense in all else. */
void
random_wild_activity(uint64_t *state, struct pt_activity *out);

/* Everything that counts, but not "exists". */
bool
is_same_activity(const struct pt_activity *a, const struct pt_activity *b);

extern const struct record_format activity_format;

#endif
