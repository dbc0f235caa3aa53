/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Notices in the outbox for property tests. */
#ifndef TESTS_UNIT_SUPPORT_RANDOM_OUTBOX_H
#define TESTS_UNIT_SUPPORT_RANDOM_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/notice.h"
#include "tests/unit/support/record_check.h"

/* One that can be stored; "random" is the state of test_random(). */
void
random_outbox(uint64_t *random, struct pt_outbox_entry *out);

/* Everything but the id. */
bool
is_same_outbox(
    const struct pt_outbox_entry *a, const struct pt_outbox_entry *b);

extern const struct record_format outbox_format;

#endif
