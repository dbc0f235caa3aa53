/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/encoded_word.h"

#include <string.h>

#include "core/base/digit.h"
#include "core/rules/field_text.h"

#define CHARSET_MAX 100

/* A token of RFC 2047 section 2, and what names of IANA have besides. */
static bool
is_charset_char(char c)
{
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
	case '.':
	case ':':
	case '^':
	case '_':
	case '{':
	case '}':
	case '~':
		return true;
	default:
		return pt_field_text_is_alphanumeric(c);
	}
}

/*
 * RFC 2047 section 4.2, and blanks, which many programs write and decode; more
 * than its section 5 (3) allows in a phrase, but nothing that ends or hides a
 * word for some readers.  Parentheses and '=' are for the caller.
 */
static bool
is_q_char(char c)
{
	switch (c) {
	case '"':
	case '<':
	case '>':
	case '\\':
	case '?':
		return false;
	default:
		return ((unsigned char)c >= ' ' && (unsigned char)c < 0x7f) ||
		       pt_field_text_is_blank(c);
	}
}

/* Where the text ends: at its "?=", or where there is what it cannot hold. */
static const char *
skip_base64(const char *at, const char *end)
{
	while (at < end && pt_digit_base64(*at) >= 0)
		at++;
	/* Padding ends it, whatever some make of the rest. */
	while (at < end && *at == '=')
		at++;
	return at;
}

/* "=40" */
static bool
is_code(const char *at, const char *end)
{
	return end - at > 2 && pt_digit_hex(at[1]) >= 0 &&
	       pt_digit_hex(at[2]) >= 0;
}

/*
 * A parenthesis with a blank or another one on its outer side, or none at all:
 * what is left when a comment is dropped is not put together then.
 */
static bool
stands_apart(const char *at, const char *end)
{
	if (*at == '(')
		return strchr("_ ?(", at[-1]) != NULL;
	if (*at == ')')
		return at + 1 < end && strchr("_ ?)", at[1]) != NULL;
	return true;
}

/*
 * The same in Q, or NULL: parentheses come in pairs, or else a comment would
 * begin in one word and end in another.
 */
static const char *
skip_q(const char *at, const char *end)
{
	unsigned depth = 0;

	while (at < end) {
		if (!is_q_char(*at))
			break;
		if (*at == ')' && depth == 0)
			return NULL;
		if (!stands_apart(at, end))
			return NULL;
		if (*at == '(')
			depth++;
		else if (*at == ')')
			depth--;
		else if (*at == '=' && !is_code(at, end))
			return NULL;
		at += *at == '=' ? 3 : 1;
	}
	return depth == 0 ? at : NULL;
}

bool
pt_encoded_word_find(
    const char *at, const char *end, struct pt_encoded_word *out)
{
	const char *language;
	const char *p;

	if (end - at < 8 || at[0] != '=' || at[1] != '?')
		return false;
	out->charset = at + 2;
	p = at + 2;
	while (p < end && is_charset_char(*p) && p - at <= CHARSET_MAX)
		p++;
	if (end - p < 5 || p[0] != '?' || p[2] != '?' || p == out->charset)
		return false;
	out->charset_len = (size_t)(p - out->charset);
	language = memchr(out->charset, '*', out->charset_len);
	if (language != NULL)
		out->charset_len = (size_t)(language - out->charset);
	if (p[1] == 'B' || p[1] == 'b')
		out->base64 = true;
	else if (p[1] == 'Q' || p[1] == 'q')
		out->base64 = false;
	else
		return false;
	out->text = p + 3;
	p = out->base64 ? skip_base64(out->text, end) : skip_q(out->text, end);
	if (p == NULL || end - p < 2 || p[0] != '?' || p[1] != '=')
		return false;
	out->text_len = (size_t)(p - out->text);
	out->end = p + 2;
	return true;
}

static size_t
decode_q(const char **at_inout, const char *end, unsigned char *buf, size_t cap)
{
	const char *at = *at_inout;
	size_t n = 0;

	while (at < end && n < cap) {
		if (*at == '=' && is_code(at, end)) {
			buf[n++] = (unsigned char)(pt_digit_hex(at[1]) * 16 +
						   pt_digit_hex(at[2]));
			at += 3;
		} else {
			buf[n++] = *at == '_' ? ' ' : (unsigned char)*at;
			at++;
		}
	}
	*at_inout = at;
	return n;
}

/*
 * Four digits, or fewer before padding or the end, to at most three bytes.
 * Returns how many; *at_inout moves behind what was read.
 */
static size_t
decode_group(const char **at_inout, const char *end, unsigned char *buf)
{
	const char *at = *at_inout;
	unsigned long bits = 0;
	unsigned digits = 0;

	while (digits < 4 && at < end && *at != '=') {
		bits = bits << 6 | (unsigned long)pt_digit_base64(*at);
		digits++;
		at++;
	}
	*at_inout = digits < 4 ? end : at;
	bits <<= 6 * (4 - digits);
	buf[0] = (unsigned char)(bits >> 16 & 0xff);
	buf[1] = (unsigned char)(bits >> 8 & 0xff);
	buf[2] = (unsigned char)(bits & 0xff);
	return digits < 2 ? 0 : digits - 1;
}

size_t
pt_encoded_word_decode(const struct pt_encoded_word *word,
    const char **at_inout, unsigned char *buf, size_t cap)
{
	const char *end = word->text + word->text_len;
	size_t n = 0;

	if (!word->base64)
		return decode_q(at_inout, end, buf, cap);
	while (*at_inout < end && cap - n >= 3)
		n += decode_group(at_inout, end, buf + n);
	return n;
}
