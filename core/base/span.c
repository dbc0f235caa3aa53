/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/span.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"

#define NUMBER_DIGITS_MAX 20

struct span_unit {
	char letter;
	int64_t seconds;
	const char *word;
};

struct size_unit {
	char letter;
	uint64_t bytes;
};

/* The largest first: the formatters take the first that divides. */
static const struct span_unit span_units[] = {
    {'w', 604800, "week"},
    {'d', 86400, "day"},
    {'h', 3600, "hour"},
    {'m', 60, "minute"},
    {'s', 1, "second"},
};

static const struct size_unit size_units[] = {
    {'G', (uint64_t)1 << 30},
    {'M', (uint64_t)1 << 20},
    {'K', (uint64_t)1 << 10},
};

/* The leading digits of s; their count, or 0 if there is no such number. */
static size_t
number_parse(const char *s, uint64_t *out)
{
	char digits[NUMBER_DIGITS_MAX + 1];
	size_t n = strspn(s, "0123456789");

	if (n == 0 || n > NUMBER_DIGITS_MAX)
		return 0;
	memcpy(digits, s, n);
	digits[n] = '\0';
	if (!pt_text_to_u64(digits, UINT64_MAX, out))
		return 0;
	return n;
}

static const struct span_unit *
span_unit_find(char letter)
{
	for (size_t i = 0; i < PT_ARRAY_LEN(span_units); i++) {
		if (span_units[i].letter == letter)
			return &span_units[i];
	}
	return NULL;
}

static const struct span_unit *
span_unit_for(int64_t seconds)
{
	size_t i = 0;

	if (seconds == 0)
		return &span_units[PT_ARRAY_LEN(span_units) - 1];
	while (seconds % span_units[i].seconds != 0)
		i++;
	return &span_units[i];
}

int
pt_span_parse(const char *s, int64_t *seconds_out, struct pt_err *err)
{
	const struct span_unit *unit;
	uint64_t number = 0;
	size_t n;

	n = strspn(s, "0123456789");
	unit = s[n] == '\0' ? NULL : span_unit_find(s[n]);
	if (n == 0 || unit == NULL || s[n + 1] != '\0')
		return pt_err_refuse(err, s,
		    "is not a span: write a whole number and s, m, h, d or w, "
		    "such as \"5m\"");
	if (number_parse(s, &number) == 0 ||
	    number > (uint64_t)(PT_SPAN_MAX / unit->seconds))
		return pt_err_refuse(
		    err, s, "is too long a span: the longest is ten years");
	*seconds_out = (int64_t)number * unit->seconds;
	return 0;
}

static bool
size_unit_find(const char *s, uint64_t *bytes_out)
{
	*bytes_out = 1;
	if (s[0] == '\0')
		return true;
	for (size_t i = 0; i < PT_ARRAY_LEN(size_units); i++) {
		*bytes_out = size_units[i].bytes;
		if (s[0] == size_units[i].letter && s[1] == '\0')
			return true;
	}
	return false;
}

int
pt_size_parse(const char *s, uint64_t *bytes_out, struct pt_err *err)
{
	uint64_t number = 0;
	uint64_t unit;
	size_t n;

	n = strspn(s, "0123456789");
	if (n == 0 || !size_unit_find(s + n, &unit))
		return pt_err_refuse(err, s,
		    "is not a size: write a whole number of bytes, or a number "
		    "and K, M or G, such as \"30M\"");
	if (number_parse(s, &number) == 0 || number > PT_SIZE_MAX / unit)
		return pt_err_refuse(
		    err, s, "is too large a size: the largest is 1048576G");
	*bytes_out = number * unit;
	return 0;
}

void
pt_span_format(int64_t seconds, char *buf, size_t cap)
{
	const struct span_unit *unit = span_unit_for(seconds);

	(void)snprintf(
	    buf, cap, "%" PRId64 "%c", seconds / unit->seconds, unit->letter);
}

void
pt_span_words(int64_t seconds, char *buf, size_t cap)
{
	const struct span_unit *unit = span_unit_for(seconds);
	int64_t number = seconds / unit->seconds;

	(void)snprintf(buf, cap, "%" PRId64 " %s%s", number, unit->word,
	    number == 1 ? "" : "s");
}

void
pt_size_format(uint64_t bytes, char *buf, size_t cap)
{
	for (size_t i = 0; bytes != 0 && i < PT_ARRAY_LEN(size_units); i++) {
		if (bytes % size_units[i].bytes != 0)
			continue;
		(void)snprintf(buf, cap, "%" PRIu64 "%c",
		    bytes / size_units[i].bytes, size_units[i].letter);
		return;
	}
	(void)snprintf(buf, cap, "%" PRIu64, bytes);
}
