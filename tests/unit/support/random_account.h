/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Account records for property tests. */
#ifndef TESTS_UNIT_SUPPORT_RANDOM_ACCOUNT_H
#define TESTS_UNIT_SUPPORT_RANDOM_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/account.h"
#include "tests/unit/support/record_check.h"

/* One that can be stored; "random" is the state of test_random(). */
/* As pt_account_init() makes it for ann@example.com, of what was nonsense. */
void
account_start(struct pt_account *out);

void
random_account(uint64_t *random, struct pt_account *out);

/* Everything, but not "exists". */
bool
is_same_account(const struct pt_account *a, const struct pt_account *b);

/* Its accounts have a login of their own: the login is not in the record. */
extern const struct record_format account_format;

#endif
