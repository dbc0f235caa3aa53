/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/notice/phrase.h"

#include <inttypes.h>

static const int64_t unit_seconds[PT_UNITS] = {
    [PT_UNIT_WEEK] = 604800,
    [PT_UNIT_DAY] = 86400,
    [PT_UNIT_HOUR] = 3600,
    [PT_UNIT_MINUTE] = 60,
    [PT_UNIT_SECOND] = 1,
};

unsigned
pt_phrase_forms(enum pt_template_plural plural)
{
	switch (plural) {
	case PT_PLURAL_SAME:
	case PT_PLURALS:
		break;
	case PT_PLURAL_ENGLISH:
	case PT_PLURAL_LATVIAN:
		return 2;
	case PT_PLURAL_LITHUANIAN:
	case PT_PLURAL_RUSSIAN:
		return 3;
	}
	return 1;
}

unsigned
pt_phrase_form(enum pt_template_plural plural, uint64_t number)
{
	uint64_t last = number % 10;
	bool is_teen = number % 100 >= 11 && number % 100 <= 19;
	bool is_one = last == 1 && !is_teen;

	switch (plural) {
	case PT_PLURAL_SAME:
	case PT_PLURALS:
		break;
	case PT_PLURAL_ENGLISH:
		return number == 1 ? 0 : 1;
	case PT_PLURAL_LATVIAN:
		return is_one ? 0 : 1;
	case PT_PLURAL_LITHUANIAN:
		return is_one ? 0 : last >= 2 && !is_teen ? 1 : 2;
	case PT_PLURAL_RUSSIAN:
		return is_one ? 0 : last >= 2 && last <= 4 && !is_teen ? 1 : 2;
	}
	return 0;
}

void
pt_phrase_period(struct pt_text *text, const struct pt_template_words *words,
    int64_t seconds)
{
	unsigned unit = PT_UNIT_WEEK;
	int64_t number;

	if (seconds <= 0)
		return;
	while (seconds % unit_seconds[unit] != 0)
		unit++;
	number = seconds / unit_seconds[unit];
	pt_text_addf(text, "%" PRId64 " %s", number,
	    words
		->forms[unit][pt_phrase_form(words->plural, (uint64_t)number)]);
}

void
pt_phrase_amount(
    struct pt_text *text, enum pt_figures_unit unit, uint64_t amount)
{
	static const char *const names[] = {"B", "kB", "MB", "GB"};
	size_t i = 0;

	if (unit != PT_FIGURES_BYTES) {
		pt_text_addf(text, "%" PRIu64, amount);
		return;
	}
	/* Below 10 of a unit too much would be rounded away, but for whole
	 * ones. */
	while (i < 3 &&
	       (amount >= 10240 || (amount >= 1024 && amount % 1024 == 0))) {
		amount /= 1024;
		i++;
	}
	pt_text_addf(text, "%" PRIu64 " %s", amount, names[i]);
}
