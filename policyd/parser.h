/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Requests of "name=value" lines that an empty line ends: the form of
 * Postfix's policy protocol.  Which attributes are wanted, and of what kind
 * they are, is said by a grammar; all others are skipped without being kept.
 *
 * The parser takes bytes in any chunks, allocates nothing and does no I/O.
 * The first thing that is wrong is latched: from then on the state is
 * PD_PARSER_GARBAGE and nothing is read any more.  Wrong are: a line without
 * '=', a name longer than 64 bytes, a wanted attribute that comes twice or
 * has a control character in it, a number that is none, a word that must be
 * known and is not, a required attribute that does not come, and whatever is
 * beyond the limits.
 */
#ifndef PD_PARSER_H
#define PD_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/record.h"

#define PD_SAME_LENGTH 4 /* wanted names of one length */

/*
 * An attribute that probably comes next: "name=", wanted or not.  Comparing
 * with what is expected is quicker than finding out what it is.
 */
struct pd_expected {
	unsigned char len; /* of text; 0: the end */
	signed char place; /* in the row of its name, -1: not wanted */
	char text[30];
};

/*
 * The attributes stand in the row of their name's length, so that finding one
 * costs a comparison or two; the first two of a row share a line of the cache.
 */
struct pd_grammar {
	struct pd_attribute rows[PD_NAME_MAX][PD_SAME_LENGTH];
	uint32_t required;               /* bits by id */
	const struct pd_expected *order; /* only a hint */
};

struct pd_limits {
	unsigned line_bytes; /* of a line, without its end */
	unsigned attributes; /* of a request, unknown ones included */
	unsigned bytes;      /* of a request */
};

enum pd_parser_state {
	PD_PARSER_MORE,     /* the request is not complete */
	PD_PARSER_COMPLETE, /* the record holds it */
	PD_PARSER_GARBAGE,
};

/* The beginning of a line whose end has not come yet. */
#define PD_LINE_KEPT (PD_NAME_MAX + PD_VALUE_MAX)

struct pd_parser {
	const struct pd_grammar *grammar;
	const struct pd_limits *limits;
	uint32_t lengths; /* bits: rows of the grammar that are not empty */
	enum pd_parser_state state;
	const char *why; /* it is garbage, or NULL */
	unsigned bytes;  /* of this request, so far */
	unsigned attributes;
	unsigned expected; /* index in the grammar's order */
	unsigned line_len; /* of a line that has no end yet */
	bool tail_control; /* a control character beyond what is kept */
	char line[PD_LINE_KEPT];
};

/* The grammar and the limits must outlive the parser. */
void
pd_parser_init(struct pd_parser *parser, const struct pd_grammar *grammar,
    const struct pd_limits *limits);

/* Begins a request: at first, and after each complete one. */
void
pd_parser_next(struct pd_parser *parser, struct pd_record *record);

/*
 * Takes bytes up to the end of the request; returns how many.  All of them
 * unless the state is then PD_PARSER_COMPLETE or PD_PARSER_GARBAGE.
 */
size_t
pd_parser_feed(struct pd_parser *parser, struct pd_record *record,
    const char *at, size_t len);

/* Is a request begun and not complete? */
static inline bool
pd_parser_is_inside(const struct pd_parser *parser)
{
	return parser->state == PD_PARSER_MORE && parser->bytes > 0;
}

#endif
