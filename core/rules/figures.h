/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The figures behind a decision, as text for the postmaster. */
#ifndef PT_RULES_FIGURES_H
#define PT_RULES_FIGURES_H

#include <stddef.h>

#include "core/config/limit.h"
#include "core/state/figures.h"

#define PT_FIGURES_TEXT_MAX 128

/* "refusals", "guesses" ...; NULL for PT_FIGURES_NONE and unknown units. */
const char *
pt_figures_name(enum pt_figures_unit unit);

/* What was counted in that window. */
struct pt_figures
pt_figures_of(
    enum pt_figures_unit unit, uint64_t used, const struct pt_window *window);

/*
 * For history and logs: "refusals=52 limit=50/1h"; of a period alone
 * "period=60d"; "" if there are none.  cap >= PT_FIGURES_TEXT_MAX, here and
 * below.
 */
void
pt_figures_format(const struct pt_figures *figures, char *buf, size_t cap);

/* For sentences: "52 refused messages in 1 hour (limit 50)", "60 days". */
void
pt_figures_words(const struct pt_figures *figures, char *buf, size_t cap);

#endif
