/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/random_figures.h"

#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

void
random_figures(uint64_t *random, struct pt_figures *out)
{
	*out = (struct pt_figures){0};
	if (random_chance(random, 30))
		return;
	out->unit =
	    (enum pt_figures_unit)test_random_below(random, PT_FIGURES_UNITS);
	out->used = random_number(random, 64);
	out->limit = random_number(random, 64);
	out->seconds = (int64_t)random_number(random, 63);
}

void
random_wild_figures(uint64_t *random, struct pt_figures *out)
{
	random_figures(random, out);
	if (random_chance(random, 50))
		out->unit = (enum pt_figures_unit)random_number(random, 31);
	if (random_chance(random, 50))
		out->seconds = -out->seconds;
}

bool
is_same_figures(const struct pt_figures *a, const struct pt_figures *b)
{
	return a->unit == b->unit && a->used == b->used &&
	       a->limit == b->limit && a->seconds == b->seconds;
}
