/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The tokens of a configuration.  Only scan.c uses it, which says why there
 * are two readers of one text.
 *
 *	word	letters, digits and all other printable ASCII but
 *		# " ' = { } ( ) + , * | $ and a slash at the end
 *	string	"..." with \" \\ \$ \n \t and so on, and ${VARIABLE};
 *		'...' with \' and \\; closed on the same line
 *	others	{ } ( ) = ,
 *	comment	from # or // to the end of the line, and between slash-star
 *		and star-slash
 */
#ifndef PT_CONFIG_TOKEN_H
#define PT_CONFIG_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

enum pt_token_kind {
	PT_TOKEN_END,
	PT_TOKEN_WORD,
	PT_TOKEN_STRING,
	PT_TOKEN_MARK, /* one character: at[0] */
};

struct pt_token {
	enum pt_token_kind kind;
	unsigned line;
	const char *at; /* in the text, with its quotation marks */
	size_t len;
};

struct pt_token_reader {
	const char *shown; /* the file's name in messages */
	char *at;          /* what is left, NUL-terminated */
	unsigned line;
};

/* Makes comments on the way blank.  PT_ERR_CONFIG, "FILE:LINE: ...". */
int
pt_token_next(
    struct pt_token_reader *reader, struct pt_token *out, struct pt_err *err);

bool
pt_token_is_mark(const struct pt_token *token, char mark);

bool
pt_token_is_word(const struct pt_token *token, const char *word);

#endif
