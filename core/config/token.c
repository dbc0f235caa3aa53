/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/token.h"

#include <string.h>

#define MARKS "{}()=,"
/* Ends a word; libconfuse would drop some of them without a word. */
#define NOT_IN_WORDS "#\"'={}()+,*|$"

static int
refuse(const struct pt_token_reader *reader, unsigned line, const char *why,
    struct pt_err *err)
{
	return pt_err_set(
	    err, PT_ERR_CONFIG, "%s:%u: %s", reader->shown, line, why);
}

static int
refuse_char(const struct pt_token_reader *reader, char c, struct pt_err *err)
{
	if (c > ' ' && c < 0x7f)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "%s:%u: the character %c needs quotation marks around the "
		    "whole value",
		    reader->shown, reader->line, c);
	return refuse(reader, reader->line,
	    "only printable ASCII may stand outside quotation marks", err);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_word_char(char c)
{
	return c > ' ' && c < 0x7f && strchr(NOT_IN_WORDS, c) == NULL;
}

static void
blank_line_comment(struct pt_token_reader *reader)
{
	while (*reader->at != '\0' && *reader->at != '\n')
		*reader->at++ = ' ';
}

static int
blank_block_comment(struct pt_token_reader *reader, struct pt_err *err)
{
	unsigned first = reader->line;
	char *end = strstr(reader->at + 2, "*/");

	if (end == NULL)
		return refuse(reader, first,
		    "the comment that begins here is not closed", err);
	for (; reader->at < end + 2; reader->at++) {
		if (*reader->at == '\n')
			reader->line++;
		else
			*reader->at = ' ';
	}
	return 0;
}

/* To the next token, past blanks and comments. */
static int
skip(struct pt_token_reader *reader, struct pt_err *err)
{
	for (;;) {
		const char *at = reader->at;

		if (is_blank(*at)) {
			if (*at == '\n')
				reader->line++;
			reader->at++;
		} else if (*at == '#' || strncmp(at, "//", 2) == 0) {
			blank_line_comment(reader);
		} else if (strncmp(at, "/*", 2) == 0) {
			if (blank_block_comment(reader, err) != 0)
				return -1;
		} else {
			return 0;
		}
	}
}

/*
 * The length of the escape or variable at "at" in double quotation marks, or
 * 0 if it is none.  Of numbers behind a backslash libconfuse makes any byte.
 */
static size_t
special_len(const char *at)
{
	size_t len;

	if (at[0] == '\\')
		return at[1] == '\n' || at[1] == '\0' ||
			       strchr("0123456789x", at[1]) != NULL
			   ? 0
			   : 2;
	len = strcspn(at, "}\"\n");
	return at[len] == '}' ? len + 1 : 0;
}

static int
take_double(
    const struct pt_token_reader *reader, size_t *len_out, struct pt_err *err)
{
	const char *at = reader->at;
	size_t len = 1;
	size_t special;

	while (at[len] != '"') {
		special = 1;
		if (at[len] == '\0' || at[len] == '\n')
			return refuse(reader, reader->line,
			    "the quotation mark is not closed on this line",
			    err);
		if (at[len] == '\\' || (at[len] == '$' && at[len + 1] == '{'))
			special = special_len(at + len);
		if (special == 0)
			return refuse(reader, reader->line,
			    at[len] == '$'
				? "\"${\" is not closed by \"}\""
				: "the backslash stands before nothing that it "
				  "could escape",
			    err);
		len += special;
	}
	*len_out = len + 1;
	return 0;
}

static int
take_single(
    const struct pt_token_reader *reader, size_t *len_out, struct pt_err *err)
{
	const char *at = reader->at;
	size_t len = 1;

	while (at[len] != '\'') {
		if (at[len] == '\\' &&
		    (at[len + 1] == '\'' || at[len + 1] == '\\'))
			len++;
		if (at[len] == '\0' || at[len] == '\n')
			return refuse(reader, reader->line,
			    "the quotation mark is not closed on this line",
			    err);
		len++;
	}
	*len_out = len + 1;
	return 0;
}

/*
 * A slash stays in a word only before another of its characters; elsewhere
 * libconfuse would begin a comment there or drop it.
 */
static int
take_word(
    const struct pt_token_reader *reader, size_t *len_out, struct pt_err *err)
{
	const char *at = reader->at;
	size_t len = 0;

	while (is_word_char(at[len])) {
		if (at[len] == '/' &&
		    (at[len + 1] == '/' || !is_word_char(at[len + 1])))
			break;
		len++;
	}
	if (at[len] != '\0' && !is_blank(at[len]) && at[len] != '#' &&
	    strchr(MARKS, at[len]) == NULL)
		return refuse_char(reader, at[len], err);
	*len_out = len;
	return 0;
}

int
pt_token_next(
    struct pt_token_reader *reader, struct pt_token *out, struct pt_err *err)
{
	struct pt_token token = {0};
	int result = 0;

	if (skip(reader, err) != 0)
		return -1;
	token.at = reader->at;
	token.line = reader->line;
	if (*token.at == '\0') {
		token.kind = PT_TOKEN_END;
	} else if (*token.at == '"') {
		token.kind = PT_TOKEN_STRING;
		result = take_double(reader, &token.len, err);
	} else if (*token.at == '\'') {
		token.kind = PT_TOKEN_STRING;
		result = take_single(reader, &token.len, err);
	} else if (strchr(MARKS, *token.at) != NULL) {
		token.kind = PT_TOKEN_MARK;
		token.len = 1;
	} else {
		token.kind = PT_TOKEN_WORD;
		result = take_word(reader, &token.len, err);
	}
	if (result != 0)
		return -1;
	reader->at += token.len;
	*out = token;
	return 0;
}

bool
pt_token_is_mark(const struct pt_token *token, char mark)
{
	return token->kind == PT_TOKEN_MARK && token->at[0] == mark;
}

bool
pt_token_is_word(const struct pt_token *token, const char *word)
{
	return token->kind == PT_TOKEN_WORD && token->len == strlen(word) &&
	       memcmp(token->at, word, token->len) == 0;
}
