/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/notice/encode.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LINE_COLUMNS 76
/* With "=?UTF-8?B?" and "?=" an encoded word of 64 columns, which fits behind
 * "Subject: ". */
#define WORD_BYTES 39

static size_t
character(const char *at)
{
	size_t len = 1;

	while (((unsigned char)at[len] & 0xc0) == 0x80)
		len++;
	return len;
}

static void
add_base64(struct pt_text *out, const char *at, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char four[4];
	uint32_t bits;
	size_t i;
	size_t n;

	for (i = 0; i < len; i += 3) {
		n = len - i < 3 ? len - i : 3;
		bits = (uint32_t)(unsigned char)at[i] << 16;
		if (n > 1)
			bits |= (uint32_t)(unsigned char)at[i + 1] << 8;
		if (n > 2)
			bits |= (uint32_t)(unsigned char)at[i + 2];
		four[0] = digits[bits >> 18 & 63];
		four[1] = digits[bits >> 12 & 63];
		four[2] = n > 1 ? digits[bits >> 6 & 63] : '=';
		four[3] = n > 2 ? digits[bits & 63] : '=';
		pt_text_add_bytes(out, four, sizeof(four));
	}
}

/* "=?" would be read as an encoded word. */
static bool
is_plain(const char *text, size_t used)
{
	size_t len = strlen(text);

	return used + len <= LINE_COLUMNS && strstr(text, "=?") == NULL &&
	       (pt_text_kinds(text, len) & (PT_TEXT_HIGH | PT_TEXT_CONTROL)) ==
		   0;
}

static void
add_words(struct pt_text *out, const char *text)
{
	const char *at = text;
	size_t len;

	while (*at != '\0') {
		len = 0;
		while (
		    at[len] != '\0' && len + character(at + len) <= WORD_BYTES)
			len += character(at + len);
		/* What is not UTF-8 could be one endless character. */
		if (len == 0)
			break;
		pt_text_add(out, at == text ? "=?UTF-8?B?" : "\n =?UTF-8?B?");
		add_base64(out, at, len);
		pt_text_add(out, "?=");
		at += len;
	}
}

void
pt_encode_words(struct pt_text *out, const char *text, size_t used)
{
	if (is_plain(text, used))
		pt_text_add(out, text);
	else
		add_words(out, text);
}

void
pt_encode_phrase(struct pt_text *out, const char *text, size_t used)
{
	if (!is_plain(text, used + 2)) {
		add_words(out, text);
		return;
	}
	pt_text_add(out, "\"");
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			pt_text_add(out, "\\");
		pt_text_add_bytes(out, text, 1);
	}
	pt_text_add(out, "\"");
}

/* May this byte stand for itself? */
static bool
is_literal(const char *at, size_t left, size_t column)
{
	bool is_last = left == 1 || at[1] == '\n';

	if (*at == ' ')
		return !is_last;
	/* A lone dot ends a message in SMTP. */
	if (*at == '.' && column == 0)
		return false;
	return *at > ' ' && *at < 0x7f && *at != '=';
}

void
pt_encode_quoted(struct pt_text *out, const char *lines, size_t len)
{
	size_t column = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (lines[i] == '\n') {
			pt_text_add(out, "\n");
			column = 0;
			continue;
		}
		/* Room for "=D0" and the "=" of a soft break. */
		if (column + 4 > LINE_COLUMNS) {
			pt_text_add(out, "=\n");
			column = 0;
		}
		if (is_literal(lines + i, len - i, column)) {
			pt_text_add_bytes(out, lines + i, 1);
			column++;
		} else {
			pt_text_addf(out, "=%02X", (unsigned char)lines[i]);
			column += 3;
		}
	}
}

/* C1 controls, line and paragraph separators, marks of direction. */
static bool
is_harmful(const unsigned char *at, size_t len)
{
	if (len == 1)
		return at[0] < 0x20 || at[0] == 0x7f;
	if (len == 2)
		return at[0] == 0xc2 && at[1] < 0xa0;
	if (len != 3 || at[0] != 0xe2)
		return false;
	return (at[1] == 0x80 && at[2] >= 0x8e && at[2] <= 0x8f) ||
	       (at[1] == 0x80 && at[2] >= 0xa8 && at[2] <= 0xae) ||
	       (at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9);
}

void
pt_encode_clean(struct pt_text *out, const char *text)
{
	size_t len;

	for (; *text != '\0'; text += len) {
		len = character(text);
		if (!pt_text_is_utf8(text, len))
			pt_text_add(out, "?");
		else if (!is_harmful((const unsigned char *)text, len))
			pt_text_add_bytes(out, text, len);
	}
}
