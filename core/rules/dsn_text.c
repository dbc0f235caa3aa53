/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/dsn_private.h"

#include <string.h>

#include "core/rules/field_text.h"

bool
pt_dsn_text_is(const struct pt_dsn_text *text, const char *word)
{
	size_t i;
	char c;

	if (strlen(word) != text->len)
		return false;
	for (i = 0; i < text->len; i++) {
		c = text->at[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != word[i])
			return false;
	}
	return true;
}

void
pt_dsn_text_skip(struct pt_dsn_text *text, size_t n)
{
	text->at += n;
	text->len -= n;
}

static void
skip_blanks(struct pt_dsn_text *text)
{
	while (text->len > 0 && pt_field_text_is_blank(text->at[0]))
		pt_dsn_text_skip(text, 1);
}

static void
skip_comment(struct pt_dsn_text *text)
{
	size_t depth = 0;
	char c;

	while (text->len > 0) {
		c = text->at[0];
		pt_dsn_text_skip(text, c == '\\' && text->len > 1 ? 2 : 1);
		if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			break;
	}
}

void
pt_dsn_text_skip_comments(struct pt_dsn_text *text)
{
	skip_blanks(text);
	while (text->len > 0 && text->at[0] == '(') {
		skip_comment(text);
		skip_blanks(text);
	}
}

static bool
is_end(char c, const char *ends)
{
	return (unsigned char)c <= 0x20 || c == 0x7f || strchr(ends, c) != NULL;
}

struct pt_dsn_text
pt_dsn_text_take(struct pt_dsn_text *text, const char *ends)
{
	struct pt_dsn_text taken = {text->at, 0};

	while (text->len > 0 && !is_end(text->at[0], ends)) {
		pt_dsn_text_skip(text, 1);
		taken.len++;
	}
	return taken;
}

struct pt_dsn_text
pt_dsn_text_trim(struct pt_dsn_text text)
{
	skip_blanks(&text);
	while (text.len > 0 && pt_field_text_is_blank(text.at[text.len - 1]))
		text.len--;
	return text;
}
