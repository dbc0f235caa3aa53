/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/mailbox_text.h"

#include "core/base/text.h"
#include "core/rules/charset.h"
#include "core/rules/field_text.h"
#include "core/rules/shown_character.h"

static const char not_utf8[] = "letters that are not UTF-8";

/* atext of RFC 5322 section 3.2.3, and UTF-8 by RFC 6532 section 3.2. */
static bool
is_atext(char c)
{
	if (pt_field_text_is_alphanumeric(c) || (unsigned char)c >= 0x80)
		return true;
	switch (c) {
	case '!':
	case '#':
	case '$':
	case '%':
	case '&':
	case '\'':
	case '*':
	case '+':
	case '-':
	case '/':
	case '=':
	case '?':
	case '^':
	case '_':
	case '`':
	case '{':
	case '|':
	case '}':
	case '~':
		return true;
	default:
		return false;
	}
}

const char *
pt_mailbox_text_skip(const char *at, const char *end)
{
	while (at < end && (is_atext(*at) || *at == '.'))
		at++;
	return at;
}

/*
 * Is each character beyond ASCII one that is seen, and neither a blank nor a
 * form of a sign?  Letters of any form are only not equal to others.
 */
static bool
is_seen_as_written(const char *at, size_t len)
{
	struct pt_charset charset = {.kind = PT_CHARSET_UTF8};
	uint32_t out[2];
	uint32_t seen;
	size_t i;

	for (i = 0; i < len; i++) {
		if (pt_charset_take(&charset, (unsigned char)at[i], out) != 1 ||
		    out[0] < 0x80)
			continue;
		seen = pt_shown_character(out[0]);
		if (seen == PT_SHOWN_NOTHING ||
		    (seen < 0x80 && !pt_field_text_is_alphanumeric((char)seen)))
			return false;
	}
	return true;
}

const char *
pt_mailbox_text_part_fault(const char *at, size_t len, bool is_utf8)
{
	size_t i;

	if (len == 0)
		return "an address without its first part";
	for (i = 0; i < len; i++) {
		if (at[i] == '.') {
			if (i == 0 || i + 1 == len || at[i + 1] == '.')
				return "a dot too many in the address";
		} else if (!is_atext(at[i])) {
			return "quotation marks in the address that it needs";
		} else if (at[i] == '=' && i + 1 < len && at[i + 1] == '?') {
			return "an encoded word in the address";
		}
	}
	if ((pt_text_kinds(at, len) & PT_TEXT_HIGH) == 0)
		return NULL;
	if (!is_utf8)
		return not_utf8;
	if (!is_seen_as_written(at, len))
		return "a character in the address that is not seen, or looks "
		       "like another";
	return NULL;
}

const char *
pt_mailbox_text_name_fault(const char *at, size_t len)
{
	struct pt_charset charset = {.kind = PT_CHARSET_UTF8};
	uint32_t out[2];
	size_t n;
	size_t i;

	for (i = 0; i < len; i++) {
		if (at[i] == '\\' || at[i] == '=')
			return not_utf8;
		n = pt_charset_take(&charset, (unsigned char)at[i], out);
		while (n > 0) {
			if (pt_shown_character(out[--n]) == '@')
				return not_utf8;
		}
	}
	return NULL;
}
