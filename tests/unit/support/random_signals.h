/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Signals records for property tests. */
#ifndef TESTS_UNIT_SUPPORT_RANDOM_SIGNALS_H
#define TESTS_UNIT_SUPPORT_RANDOM_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/signals.h"
#include "tests/unit/support/record_check.h"

/* One that the rules could have made; "state" is that of test_random(). */
void
random_signals(uint64_t *state, struct pt_signals *out);

/* With counts in range, and nonsense in all else. */
void
random_wild_signals(uint64_t *state, struct pt_signals *out);

/* Everything that counts, but not "exists". */
bool
is_same_signals(const struct pt_signals *a, const struct pt_signals *b);

extern const struct record_format signals_format;

#endif
