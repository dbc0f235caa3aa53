/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The sections [words] and [figures]: lines "key: value". */

#include <string.h>

#include "core/notice/phrase.h"
#include "core/notice/placeholder.h"
#include "core/notice/template_private.h"

#define BLANKS " \t"

static const char *const plural_names[PT_PLURALS] = {
    [PT_PLURAL_SAME] = "same",
    [PT_PLURAL_ENGLISH] = "english",
    [PT_PLURAL_LATVIAN] = "latvian",
    [PT_PLURAL_LITHUANIAN] = "lithuanian",
    [PT_PLURAL_RUSSIAN] = "russian",
};

static const char *const date_names[PT_ZONE_DATES] = {
    [PT_ZONE_DATE_ISO] = "iso",
    [PT_ZONE_DATE_DOTTED] = "dotted",
    [PT_ZONE_DATE_LATVIAN] = "latvian",
};

static const char *const unit_names[PT_UNITS] = {
    [PT_UNIT_WEEK] = "week",
    [PT_UNIT_DAY] = "day",
    [PT_UNIT_HOUR] = "hour",
    [PT_UNIT_MINUTE] = "minute",
    [PT_UNIT_SECOND] = "second",
};

static const char *const figures_names[PT_FIGURES_UNITS] = {
    [PT_FIGURES_NONE] = "",
    [PT_FIGURES_MESSAGES] = "messages",
    [PT_FIGURES_RECIPIENTS] = "recipients",
    [PT_FIGURES_BYTES] = "bytes",
    [PT_FIGURES_REFUSALS] = "refusals",
    [PT_FIGURES_BOUNCES] = "bounces",
    [PT_FIGURES_GUESSES] = "guesses",
    [PT_FIGURES_LOGINS] = "logins",
    [PT_FIGURES_ADDRESSES] = "addresses",
    [PT_FIGURES_STRANGERS] = "strangers",
};

/* The index of the name, or n. */
static size_t
find(const char *const *names, size_t n, const char *at, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (len > 0 && strlen(names[i]) == len &&
		    memcmp(names[i], at, len) == 0)
			break;
	}
	return i;
}

static int
refuse_key(const char *at, size_t len, const char *known, struct pt_err *err)
{
	struct pt_text text;
	char shown[64];

	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, at, len);
	return pt_err_set(err, PT_ERR_CONFIG,
	    "\"%s\" is not known here: there are %s", shown, known);
}

static int
keep(char **slot, const char *at, size_t len, struct pt_err *err)
{
	if (*slot != NULL)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "this line stands twice in its section: remove one");
	*slot = strndup(at, len);
	if (*slot == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot keep the text: out of memory");
	return 0;
}

static int
add_forms(char **forms, const char *value, struct pt_err *err)
{
	size_t count = 0;
	size_t len;

	for (;;) {
		value += strspn(value, BLANKS);
		len = strcspn(value, BLANKS);
		if (len == 0)
			break;
		if (count == PT_TEMPLATE_FORMS)
			return pt_err_set(err, PT_ERR_CONFIG,
			    "no language here has more than %d forms of a "
			    "word: write them with a blank between",
			    PT_TEMPLATE_FORMS);
		if (keep(&forms[count++], value, len, err) != 0)
			return -1;
		value += len;
	}
	return 0;
}

/* A line that names one of a few ways. */
static int
read_way(const char *const *names, size_t n, const char *value,
    const char *known, unsigned *way_out, struct pt_err *err)
{
	size_t i = find(names, n, value, strlen(value));

	if (i == n)
		return refuse_key(value, strlen(value), known, err);
	*way_out = (unsigned)i;
	return 0;
}

int
pt_template_words_add(struct pt_template_words *words, const char *key,
    size_t key_len, const char *value, struct pt_err *err)
{
	static const char *const ways[] = {"plural", "date"};
	size_t which = find(ways, 2, key, key_len);
	unsigned way = 0;
	size_t unit;
	int rc;

	words->is_read = true;
	if (which == 0) {
		rc = read_way(plural_names, PT_PLURALS, value,
		    "same, english, latvian, lithuanian and russian", &way,
		    err);
		words->plural = (enum pt_template_plural)way;
		return rc;
	}
	if (which == 1) {
		rc = read_way(date_names, PT_ZONE_DATES, value,
		    "iso, dotted and latvian", &way, err);
		words->date = (enum pt_zone_date)way;
		return rc;
	}
	unit = find(unit_names, PT_UNITS, key, key_len);
	if (unit == PT_UNITS)
		return refuse_key(key, key_len,
		    "plural, date, week, day, hour, minute and second", err);
	return add_forms(words->forms[unit], value, err);
}

int
pt_template_figures_add(struct pt_template_language *language, const char *key,
    size_t key_len, const char *value, struct pt_err *err)
{
	size_t unit = find(figures_names, PT_FIGURES_UNITS, key, key_len);

	language->has_figures = true;
	if (unit == PT_FIGURES_UNITS)
		return refuse_key(key, key_len,
		    "messages, recipients, bytes, refusals, bounces, guesses, "
		    "logins, addresses and strangers",
		    err);
	if (pt_placeholder_check(value, PT_PLACEHOLDERS_FIGURES, err) != 0)
		return -1;
	return keep(&language->figures[unit], value, strlen(value), err);
}

int
pt_template_words_check(
    const struct pt_template_words *words, struct pt_err *err)
{
	unsigned forms = pt_phrase_forms(words->plural);
	size_t unit;
	size_t i;

	for (unit = 0; unit < PT_UNITS; unit++) {
		for (i = 0; i < PT_TEMPLATE_FORMS; i++) {
			if ((words->forms[unit][i] != NULL) == (i < forms))
				continue;
			return pt_err_set(err, PT_ERR_CONFIG,
			    "[words] needs a line \"%s:\" with %u form%s of "
			    "the word, as \"plural: %s\" says",
			    unit_names[unit], forms, forms == 1 ? "" : "s",
			    plural_names[words->plural]);
		}
	}
	return 0;
}

int
pt_template_figures_check(
    const struct pt_template_language *language, struct pt_err *err)
{
	size_t unit;

	for (unit = PT_FIGURES_NONE + 1; unit < PT_FIGURES_UNITS; unit++) {
		if (language->figures[unit] == NULL)
			return pt_err_set(err, PT_ERR_CONFIG,
			    "[figures] needs a line \"%s:\"",
			    figures_names[unit]);
	}
	return 0;
}
