/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Figures for property tests; "random" is the state of test_random(). */
#ifndef TESTS_UNIT_SUPPORT_RANDOM_FIGURES_H
#define TESTS_UNIT_SUPPORT_RANDOM_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/figures.h"

/* Often there are none. */
void
random_figures(uint64_t *random, struct pt_figures *out);

/* A unit without a number, and a period before 0. */
void
random_wild_figures(uint64_t *random, struct pt_figures *out);

bool
is_same_figures(const struct pt_figures *a, const struct pt_figures *b);

#endif
