/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/parser.h"

#include <string.h>

#define NAME_SEARCHED 64 /* a name is not longer, wanted or not */

/* Each byte of a word is that byte. */
#define EACH(byte) ((uint64_t)(byte)*0x0101010101010101U)

static uint64_t
load_word(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

void
pd_parser_init(struct pd_parser *parser, const struct pd_grammar *grammar,
    const struct pd_limits *limits)
{
	unsigned len;

	parser->grammar = grammar;
	parser->limits = limits;
	parser->why = NULL;
	parser->lengths = 0;
	for (len = 0; len < PD_NAME_MAX; len++) {
		if (grammar->rows[len][0].name[0] != '\0')
			parser->lengths |= (uint32_t)1 << len;
	}
}

void
pd_parser_next(struct pd_parser *parser, struct pd_record *record)
{
	parser->state = PD_PARSER_MORE;
	parser->bytes = 0;
	parser->attributes = 0;
	parser->expected = 0;
	parser->line_len = 0;
	parser->tail_control = false;
	pd_record_clear(record);
}

/*
 * The high bit of a byte of the result is set if the byte is a control
 * character, or if one below it is: below 0x20 it borrows, and 0x7f is made to
 * be 0 first.
 */
static uint64_t
mark_control(uint64_t word)
{
	uint64_t del = word ^ EACH(0x7f);

	return ((word - EACH(0x20)) & ~word) | ((del - EACH(1)) & ~del);
}

static bool
has_control(const char *at, size_t len)
{
	const char *last = at + len - sizeof(uint64_t);
	uint64_t marks;

	if (len < sizeof(uint64_t)) {
		for (; len > 0; len--, at++) {
			if ((unsigned char)*at < 0x20 || *at == 0x7f)
				return true;
		}
		return false;
	}
	/* The last word may overlap the one before. */
	marks = mark_control(load_word(last));
	for (; at < last; at += sizeof(uint64_t))
		marks |= mark_control(load_word(at));
	return (marks & EACH(0x80)) != 0;
}

static const struct pd_attribute *
find_attribute(const struct pd_parser *parser, const char *name, size_t len)
{
	const struct pd_attribute *row;
	size_t i;

	if (len >= PD_NAME_MAX || (parser->lengths >> len & 1U) == 0)
		return NULL;
	row = parser->grammar->rows[len];
	for (i = 0; i < PD_SAME_LENGTH && row[i].name[0] != '\0'; i++) {
		if (row[i].name[0] == name[0] &&
		    memcmp(row[i].name, name, len) == 0)
			return &row[i];
	}
	return NULL;
}

/*
 * Takes a line whose name is known, of an attribute that is wanted; NULL, or
 * why it is garbage.  Of a line that came in pieces only "kept" bytes are
 * there, and whether the rest had a control character was seen when it came.
 */
static const char *
take_wanted(struct pd_record *record, const struct pd_attribute *attribute,
    const char *at, size_t kept, size_t len, size_t name, bool tail_control)
{
	if (pd_record_has(record, attribute->id))
		return "attribute given twice";
	/* The name is known to have none, and makes most lines long enough. */
	if (tail_control || has_control(at, kept))
		return "control character";
	return pd_record_keep(record, attribute, at + name + 1, len - name - 1);
}

static const char *
take_line(struct pd_parser *parser, struct pd_record *record, const char *at,
    size_t kept, size_t len, bool tail_control)
{
	const struct pd_attribute *attribute;
	const char *sign;
	size_t name;

	if (len > parser->limits->line_bytes)
		return "line too long";
	if (++parser->attributes > parser->limits->attributes)
		return "too many attributes";
	sign =
	    memchr(at, '=', kept <= NAME_SEARCHED ? kept : NAME_SEARCHED + 1);
	if (sign == NULL)
		return "no name=value";
	name = (size_t)(sign - at);
	attribute = find_attribute(parser, at, name);
	if (attribute == NULL)
		return NULL;
	return take_wanted(
	    record, attribute, at, kept, len, name, tail_control);
}

/* Is it what is expected?  A name with its '=' has 5 to 30 bytes. */
static inline bool
is_expected(const struct pd_expected *expected, const char *at, size_t len)
{
	const char *text = expected->text;
	size_t n = expected->len;

	if (n == 0 || len < n || at[n - 1] != '=')
		return false;
	if (n < sizeof(uint64_t))
		return memcmp(at, text, 4) == 0 &&
		       memcmp(at + n - 4, text + n - 4, 4) == 0;
	return load_word(at) == load_word(text) &&
	       load_word(at + n - 8) == load_word(text + n - 8) &&
	       (n <= 16 || load_word(at + 8) == load_word(text + 8)) &&
	       (n <= 24 || load_word(at + 16) == load_word(text + 16));
}

/* Takes a line that lies there whole. */
static inline const char *
take_whole(struct pd_parser *parser, struct pd_record *record, const char *at,
    size_t len)
{
	const struct pd_grammar *grammar = parser->grammar;
	const struct pd_expected *expected = &grammar->order[parser->expected];

	if (!is_expected(expected, at, len) || len > parser->limits->line_bytes)
		return take_line(parser, record, at, len, len, false);
	parser->expected++;
	parser->attributes++;
	if (expected->place < 0)
		return NULL;
	return take_wanted(record,
	    &grammar->rows[expected->len - 1][expected->place], at, len, len,
	    expected->len - 1U, false);
}

/* After a line; why is NULL unless it was garbage. */
static void
end_line(struct pd_parser *parser, const struct pd_record *record, size_t len,
    const char *why)
{
	uint32_t required = parser->grammar->required;

	if (why == NULL && len == 0) {
		parser->state = PD_PARSER_COMPLETE;
		if ((record->seen & required) != required)
			why = "required attribute missing";
	}
	if (why == NULL)
		return;
	parser->state = PD_PARSER_GARBAGE;
	parser->why = why;
}

/*
 * Keeps the beginning of a line and remembers of the rest its length and
 * whether it had a control character.
 */
static void
keep_piece(struct pd_parser *parser, const char *at, size_t len)
{
	size_t kept = parser->line_len;
	size_t room;
	size_t n;

	if (kept > sizeof(parser->line))
		kept = sizeof(parser->line);
	room = sizeof(parser->line) - kept;
	n = len < room ? len : room;
	memcpy(parser->line + kept, at, n);
	if (has_control(at + n, len - n))
		parser->tail_control = true;
	parser->line_len += (unsigned)len;
}

/* A line whose beginning came earlier. */
static void
take_joined(struct pd_parser *parser, struct pd_record *record)
{
	size_t len = parser->line_len;
	size_t kept = len < sizeof(parser->line) ? len : sizeof(parser->line);
	bool tail_control = parser->tail_control;

	parser->line_len = 0;
	parser->tail_control = false;
	end_line(parser, record, len,
	    take_line(parser, record, parser->line, kept, len, tail_control));
}

/* The end of a line has not come.  Nobody waits for what is too long. */
static void
take_piece(struct pd_parser *parser, const struct pd_record *record,
    const char *at, size_t len)
{
	keep_piece(parser, at, len);
	if (parser->line_len > parser->limits->line_bytes)
		end_line(parser, record, 1, "line too long");
}

/* Lines that lie there whole are read in place; where the last one ends. */
static const char *
take_lines(struct pd_parser *parser, struct pd_record *record, const char *at,
    const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));
	const char *why = NULL;
	size_t len;

	while (newline != NULL) {
		len = (size_t)(newline - at);
		if (len > 0)
			why = take_whole(parser, record, at, len);
		at = newline + 1;
		if (len == 0 || why != NULL) {
			end_line(parser, record, len, why);
			break;
		}
		newline = memchr(at, '\n', (size_t)(end - at));
	}
	return at;
}

/* Takes bytes that are within the limit of the request. */
static size_t
take_bytes(struct pd_parser *parser, struct pd_record *record, const char *at,
    size_t len)
{
	const char *end = at + len;
	const char *from = at;
	const char *newline;

	if (parser->line_len > 0) {
		newline = memchr(at, '\n', len);
		if (newline == NULL) {
			take_piece(parser, record, at, len);
			return len;
		}
		keep_piece(parser, at, (size_t)(newline - at));
		take_joined(parser, record);
		from = newline + 1;
	}
	if (parser->state == PD_PARSER_MORE)
		from = take_lines(parser, record, from, end);
	if (parser->state == PD_PARSER_MORE && from < end) {
		take_piece(parser, record, from, (size_t)(end - from));
		from = end;
	}
	return (size_t)(from - at);
}

size_t
pd_parser_feed(struct pd_parser *parser, struct pd_record *record,
    const char *at, size_t len)
{
	size_t left = parser->limits->bytes - parser->bytes;
	size_t taken;

	if (parser->state != PD_PARSER_MORE || len == 0)
		return 0;
	taken = take_bytes(parser, record, at, len < left ? len : left);
	parser->bytes += (unsigned)taken;
	if (parser->state == PD_PARSER_MORE && taken < len)
		end_line(parser, record, 1, "request too long");
	return taken;
}
