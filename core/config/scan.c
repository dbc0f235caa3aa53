/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/scan.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/text.h"
#include "core/config/check.h"
#include "core/config/token.h"

/* Of one block or file; there are fewer keys, so more are an error anyway. */
#define NAMES_MAX 64
/* A list in a block. */
#define DEPTH_MAX 2

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* What was given already, to find what is given twice. */
struct names {
	size_t count;
	struct pt_token at[NAMES_MAX];
};

struct open_brace {
	bool is_list;
	unsigned line;
};

struct scan {
	const char *shown;
	struct pt_token before;  /* the token before this one */
	struct pt_token before2; /* and the one before that */
	struct open_brace open[DEPTH_MAX];
	size_t depth;
	struct names top;
	struct names block;
	struct names plans;
	unsigned plan_line;
};

/* Puts the place before the text of *err.  Returns -1. */
static int
refuse(const struct scan *scan, unsigned line, struct pt_err *err)
{
	err->kind = PT_ERR_CONFIG;
	return pt_err_prefix(err, "%s:%u", scan->shown, line);
}

static int
refuse_text(const struct scan *scan, const struct pt_token *token,
    const char *text, struct pt_err *err)
{
	(void)pt_err_set(err, PT_ERR_CONFIG, "%s", text);
	return refuse(scan, token->line, err);
}

static bool
is_after(const struct scan *scan, char mark)
{
	return pt_token_is_mark(&scan->before, mark);
}

static bool
is_in_list(const struct scan *scan)
{
	return scan->depth > 0 && scan->open[scan->depth - 1].is_list;
}

/* Adds a name of a key, block or plan, unless it was given before. */
static int
remember(const struct scan *scan, struct names *names,
    const struct pt_token *name, struct pt_err *err)
{
	struct pt_text text;
	char shown[64];

	for (size_t i = 0; i < names->count; i++) {
		const struct pt_token *first = &names->at[i];

		if (first->len != name->len ||
		    memcmp(first->at, name->at, name->len) != 0)
			continue;
		pt_text_init(&text, shown, sizeof(shown));
		pt_text_add_escaped(&text, name->at, name->len);
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "\"%s\" is given twice; the first is in line %u", shown,
		    first->line);
		return refuse(scan, name->line, err);
	}
	if (names->count < NAMES_MAX)
		names->at[names->count++] = *name;
	return 0;
}

static int
open_plan(struct scan *scan, struct pt_err *err)
{
	struct pt_token name = scan->before;

	if (name.kind == PT_TOKEN_STRING) {
		name.at++;
		name.len -= 2;
	}
	if (pt_check_plan_name(name.at, name.len, err) != 0)
		return refuse(scan, name.line, err);
	if (scan->plans.count == NAMES_MAX)
		return refuse_text(
		    scan, &name, "there are more than 64 plans", err);
	if (scan->plan_line == 0)
		scan->plan_line = name.line;
	return remember(scan, &scan->plans, &name, err);
}

static int
open_brace(struct scan *scan, const struct pt_token *token, struct pt_err *err)
{
	bool is_list = is_after(scan, '=');

	if (scan->depth == DEPTH_MAX || (scan->depth > 0 && !is_list)) {
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "\"{\" inside the braces of line %u: is a \"}\" missing "
		    "before?",
		    scan->open[scan->depth - 1].line);
		return refuse(scan, token->line, err);
	}
	if (!is_list && pt_token_is_word(&scan->before2, "plan")) {
		if (open_plan(scan, err) != 0)
			return -1;
	} else if (!is_list && scan->before.kind == PT_TOKEN_WORD) {
		if (remember(scan, &scan->top, &scan->before, err) != 0)
			return -1;
	}
	if (!is_list)
		scan->block.count = 0;
	scan->open[scan->depth].is_list = is_list;
	scan->open[scan->depth].line = token->line;
	scan->depth++;
	return 0;
}

static int
close_brace(struct scan *scan, const struct pt_token *token, struct pt_err *err)
{
	if (scan->depth == 0)
		return refuse_text(scan, token, "\"}\" closes nothing", err);
	scan->depth--;
	return 0;
}

static int
see_equals(struct scan *scan, const struct pt_token *token, struct pt_err *err)
{
	if (is_in_list(scan)) {
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "\"=\" inside the list of line %u: is a \"}\" missing "
		    "before?",
		    scan->open[scan->depth - 1].line);
		return refuse(scan, token->line, err);
	}
	if (scan->before.kind != PT_TOKEN_WORD)
		return refuse_text(
		    scan, token, "there is no key before \"=\"", err);
	return remember(scan, scan->depth > 0 ? &scan->block : &scan->top,
	    &scan->before, err);
}

/*
 * libconfuse would look up a key in quotation marks as a path of blocks, so
 * they may stand around values and the names of plans only.
 */
static bool
is_string_place(const struct scan *scan)
{
	if (is_in_list(scan))
		return is_after(scan, '{') || is_after(scan, ',');
	return is_after(scan, '=') || is_after(scan, '(') ||
	       (scan->depth == 0 && pt_token_is_word(&scan->before, "plan"));
}

/* Round brackets belong to include("FILE"), in exactly this form. */
static bool
is_include_broken(const struct scan *scan, const struct pt_token *token)
{
	bool is_argument = scan->before.kind == PT_TOKEN_STRING &&
			   pt_token_is_mark(&scan->before2, '(');

	if (is_after(scan, '('))
		return token->kind != PT_TOKEN_STRING;
	if (is_argument || pt_token_is_mark(token, ')'))
		return !is_argument || !pt_token_is_mark(token, ')');
	return pt_token_is_mark(token, '(') &&
	       !pt_token_is_word(&scan->before, "include");
}

static int
see(struct scan *scan, const struct pt_token *token, struct pt_err *err)
{
	if (is_include_broken(scan, token))
		return refuse_text(scan, token,
		    "round brackets have no meaning here: write "
		    "include(\"FILE\")",
		    err);
	if (token->kind == PT_TOKEN_STRING && !is_string_place(scan))
		return refuse_text(scan, token,
		    "quotation marks may stand around values only", err);
	if (token->kind == PT_TOKEN_END && scan->depth > 0) {
		(void)pt_err_set(
		    err, PT_ERR_CONFIG, "this \"{\" is not closed");
		return refuse(scan, scan->open[scan->depth - 1].line, err);
	}
	if (pt_token_is_mark(token, '{'))
		return open_brace(scan, token, err);
	if (pt_token_is_mark(token, '}'))
		return close_brace(scan, token, err);
	if (pt_token_is_mark(token, '='))
		return see_equals(scan, token, err);
	return 0;
}

static int
refuse_nul(const char *shown, const char *text, size_t len, struct pt_err *err)
{
	unsigned line = 1;

	for (size_t i = 0; i < len && text[i] != '\0'; i++)
		line += text[i] == '\n' ? 1 : 0;
	return pt_err_set(err, PT_ERR_CONFIG,
	    "%s:%u: there is a NUL byte: this is not a text file", shown, line);
}

int
pt_scan_prepare(const char *shown, char *text, size_t len,
    unsigned *plan_line_out, struct pt_err *err)
{
	struct scan scan = {.shown = shown};
	struct pt_token_reader reader = {.shown = shown, .at = text, .line = 1};
	struct pt_token token = {.kind = PT_TOKEN_MARK};

	if (memchr(text, '\0', len) != NULL)
		return refuse_nul(shown, text, len, err);
	if (strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
		memset(text, ' ', strlen(BYTE_ORDER_MARK));
	while (token.kind != PT_TOKEN_END) {
		if (pt_token_next(&reader, &token, err) != 0 ||
		    see(&scan, &token, err) != 0)
			return -1;
		scan.before2 = scan.before;
		scan.before = token;
	}
	*plan_line_out = scan.plan_line;
	return 0;
}
