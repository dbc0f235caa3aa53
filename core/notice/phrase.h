/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Figures in the words of a language.  A number stands in a sentence in so
 * many ways that the texts say it for us: a period comes with the form of its
 * unit that the language wants beside that number, in the case that its
 * sentences need; all other figures stand by themselves.
 */
#ifndef PT_NOTICE_PHRASE_H
#define PT_NOTICE_PHRASE_H

#include <stdint.h>

#include "core/base/text.h"
#include "core/notice/template.h"

/* Which of the forms goes with a number. */
unsigned
pt_phrase_form(enum pt_template_plural plural, uint64_t number);

/* How many forms there are. */
unsigned
pt_phrase_forms(enum pt_template_plural plural);

/* "24 hours"; nothing for 0. */
void
pt_phrase_period(struct pt_text *text, const struct pt_template_words *words,
    int64_t seconds);

/* "52"; bytes as "12 MB", rounded down. */
void
pt_phrase_amount(
    struct pt_text *text, enum pt_figures_unit unit, uint64_t amount);

#endif
