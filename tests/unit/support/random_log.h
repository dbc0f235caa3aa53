/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Times and window logs for property tests; "random" is the state of
 * test_random().
 */
#ifndef TESTS_UNIT_SUPPORT_RANDOM_LOG_H
#define TESTS_UNIT_SUPPORT_RANDOM_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/activity.h"

/* A time not after "latest", which is not before 0. */
int64_t
random_time(uint64_t *random, unsigned bits, int64_t latest);

/* Small, large, before 1970, or close to the ends of what a time can be. */
int64_t
random_wild_time(uint64_t *random);

/* Back from "latest", in steps of random size. */
void
random_log(uint64_t *random, int64_t latest, struct pt_window_log *log);

/* Keeps the count, and makes nonsense of the entries. */
void
random_wild_log(uint64_t *random, struct pt_window_log *log);

bool
is_same_log(const struct pt_window_log *a, const struct pt_window_log *b);

#endif
