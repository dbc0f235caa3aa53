/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/field_text.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/text.h"

/*
 * Only a blank and a horizontal tab may stand there besides visible
 * characters, and line ends only as a fold: LF or CRLF before a blank.
 */
static const char *
find_control(const char *at, const char *end)
{
	for (; at < end; at++) {
		if ((unsigned char)*at > 0x20 && *at != 0x7f)
			continue;
		if (*at == ' ' || *at == '\t')
			continue;
		if (*at == '\r' && end - at > 1 && at[1] == '\n')
			at++;
		if (*at != '\n')
			return "a control character in it";
		if (end - at < 2 || (at[1] != ' ' && at[1] != '\t'))
			return "a line end inside it";
	}
	return NULL;
}

/*
 * U+0080 to U+009F are controls, and U+2028 and U+2029 line ends, in UTF-8.
 */
static bool
has_hidden_control(const char *at, const char *end)
{
	while (
	    at < end && (at = memchr(at, 0xc2, (size_t)(end - at))) != NULL) {
		at++;
		if (at < end && (unsigned char)*at >= 0x80 &&
		    (unsigned char)*at < 0xa0)
			return true;
	}
	return false;
}

static bool
has_line_separator(const char *at, const char *end)
{
	while (
	    at < end && (at = memchr(at, 0xe2, (size_t)(end - at))) != NULL) {
		if (end - at >= 3 && (memcmp(at, "\xe2\x80\xa8", 3) == 0 ||
					 memcmp(at, "\xe2\x80\xa9", 3) == 0))
			return true;
		at++;
	}
	return false;
}

const char *
pt_field_text_fault(const char *value, size_t len)
{
	unsigned kinds = pt_text_kinds(value, len);
	const char *end = value + len;
	const char *fault = NULL;

	if ((kinds & PT_TEXT_CONTROL) != 0)
		fault = find_control(value, end);
	if (fault != NULL || (kinds & PT_TEXT_HIGH) == 0)
		return fault;
	if (has_hidden_control(value, end) || has_line_separator(value, end))
		return "a control character in it";
	return NULL;
}
