/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Evidence records for property tests. */
#ifndef TESTS_UNIT_SUPPORT_RANDOM_EVIDENCE_H
#define TESTS_UNIT_SUPPORT_RANDOM_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/evidence.h"
#include "tests/unit/support/record_check.h"

/* One that the rules could have made; "state" is that of test_random(). */
void
random_evidence(uint64_t *state, struct pt_evidence *out);

/* With counts in range, and nonsense in all else. */
void
random_wild_evidence(uint64_t *state, struct pt_evidence *out);

/* Everything that counts, but not "exists". */
bool
is_same_evidence(const struct pt_evidence *a, const struct pt_evidence *b);

extern const struct record_format evidence_format;

#endif
