/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/display_name.h"

#include <string.h>

#include "core/rules/charset.h"
#include "core/rules/encoded_word.h"
#include "core/rules/field_text.h"
#include "core/rules/shown_character.h"

#define PIECE_BYTES 256

/* What stands before a place in the text. */
enum edge {
	EDGE_OPEN,   /* a blank, or an opening quotation mark or parenthesis */
	EDGE_TEXT,   /* what is shown as it stands */
	EDGE_CLOSED, /* an encoded word, or what closes */
};

struct scan {
	struct pt_shown_address shown;
	struct pt_charset raw; /* of what is not encoded: UTF-8 */
	/* The last '?', or NULL: no word can be encoded beyond. */
	const char *last_question;
	enum edge edge;
	bool in_quotes;
	unsigned depth;     /* of parentheses outside quotation marks */
	unsigned part;      /* counts what opens and closes */
	unsigned word_part; /* of the last encoded word */
	bool has_word;
	bool has_high;        /* beyond ASCII, not encoded */
	bool is_ambiguous;    /* where there is an '@' in it */
	bool is_broken;       /* "=?" that begins no encoded word */
	bool is_doubtful;     /* whatever there is in it */
	unsigned char nested; /* how far a word inside a word has come */
	/* Of the last encoded word, because the next has mostly the same. */
	const char *charset_name;
	size_t charset_len;
	struct pt_charset charset;
};

/*
 * Some programs decode what they have decoded once more.  "=?charset?Q?" and
 * "=?charset?B?" in what is shown are no name.
 */
static void
watch_nested(struct scan *scan, unsigned char byte)
{
	enum {
		NOTHING,
		EQUALS,
		CHARSET,
		LETTER,
		CODE
	};

	switch (scan->nested) {
	case EQUALS:
		scan->nested = byte == '?' ? CHARSET : NOTHING;
		break;
	case CHARSET:
		if (byte == '?')
			scan->nested = LETTER;
		break;
	case LETTER:
		byte |= 0x20;
		scan->nested = byte == 'q' || byte == 'b' ? CODE : NOTHING;
		break;
	case CODE:
		if (byte == '?')
			scan->is_doubtful = true;
		scan->nested = NOTHING;
		break;
	default:
		break;
	}
	if (scan->nested == NOTHING && byte == '=')
		scan->nested = EQUALS;
}

/* Shown by some and dropped by others; only encoded words can hold one. */
static bool
is_control(uint32_t c)
{
	return c == 0x7f || (c < ' ' && !pt_field_text_is_blank((char)c));
}

static void
take(struct scan *scan, struct pt_charset *charset, unsigned char byte)
{
	uint32_t characters[2];
	size_t n = pt_charset_take(charset, byte, characters);
	size_t i;

	watch_nested(scan, byte);
	for (i = 0; i < n; i++) {
		if (is_control(characters[i]))
			scan->is_ambiguous = true;
		pt_shown_address_take(&scan->shown, characters[i]);
	}
}

/* Each encoded word begins anew: in ASCII, with whole characters. */
static struct pt_charset
find_charset(struct scan *scan, const struct pt_encoded_word *word)
{
	if (scan->charset_name == NULL ||
	    scan->charset_len != word->charset_len ||
	    memcmp(scan->charset_name, word->charset, word->charset_len) != 0)
		scan->charset =
		    pt_charset_named(word->charset, word->charset_len);
	scan->charset_name = word->charset;
	scan->charset_len = word->charset_len;
	return scan->charset;
}

static bool
has(const struct pt_encoded_word *word, char c)
{
	return memchr(word->text, c, word->text_len) != NULL;
}

/*
 * In Q, parentheses are a comment for whoever does not decode first, and an '@'
 * as itself beside what is encoded is shown by whoever does not decode at all.
 */
static bool
is_half_encoded(const struct pt_encoded_word *word)
{
	return !word->base64 &&
	       (has(word, '(') ||
		   (has(word, '@') && (has(word, '=') || has(word, '_'))));
}

static void
take_word(struct scan *scan, const struct pt_encoded_word *word)
{
	struct pt_charset charset = find_charset(scan, word);
	unsigned char piece[PIECE_BYTES];
	const char *at = word->text;
	size_t n;
	size_t i;

	/* Some put together words in parts of their own, or what is beside. */
	if (scan->edge != EDGE_OPEN || is_half_encoded(word) ||
	    (scan->has_word && scan->word_part != scan->part))
		scan->is_ambiguous = true;
	if (!word->base64 && has(word, '(') && has(word, '@'))
		scan->is_doubtful = true;
	scan->edge = EDGE_CLOSED;
	scan->has_word = true;
	scan->word_part = scan->part;
	while (
	    (n = pt_encoded_word_decode(word, &at, piece, sizeof(piece))) > 0) {
		if (charset.kind == PT_CHARSET_OPAQUE)
			scan->is_doubtful = true;
		for (i = 0; i < n; i++)
			take(scan, &charset, piece[i]);
	}
	/* Half a character at its end is a whole one in other sets. */
	if (charset.left > 0 || charset.lead != 0)
		pt_shown_address_take(&scan->shown, PT_CHARSET_OTHER);
	pt_shown_address_look(&scan->shown);
}

/*
 * An encoded word and those that follow it: blanks between two are not shown
 * (RFC 2047 section 6.2).
 */
static const char *
take_words(struct scan *scan, struct pt_encoded_word *word, const char *end)
{
	const char *word_end;
	const char *next;

	do {
		take_word(scan, word);
		word_end = word->end;
		next = word_end;
		while (next < end && pt_field_text_is_blank(*next))
			next++;
		scan->edge = next > word_end ? EDGE_OPEN : EDGE_CLOSED;
	} while (pt_encoded_word_find(next, end, word));
	scan->edge = EDGE_CLOSED;
	return word_end;
}

static void
take_text(struct scan *scan, char c)
{
	/* Of a fold, its blank is shown. */
	if (c == '\r' || c == '\n')
		return;
	if (c == ' ' || c == '\t') {
		scan->edge = EDGE_OPEN;
	} else {
		/* What separates keeps two pieces apart, too. */
		if (scan->edge == EDGE_CLOSED &&
		    !pt_shown_character_separates((unsigned char)c))
			scan->is_ambiguous = true;
		/* Some drop what is in parentheses even in quotes. */
		scan->edge = c == ')' ? EDGE_CLOSED : EDGE_TEXT;
	}
	if ((unsigned char)c >= 0x80)
		scan->has_high = true;
	take(scan, &scan->raw, (unsigned char)c);
}

static void
open_part(struct scan *scan)
{
	if (scan->edge != EDGE_OPEN)
		scan->is_ambiguous = true;
	scan->edge = EDGE_OPEN;
	scan->part++;
}

static void
close_part(struct scan *scan)
{
	scan->edge = EDGE_CLOSED;
	scan->part++;
}

/*
 * Quotation marks are not shown; in a comment they are, but not by all.
 */
static void
take_quote(struct scan *scan)
{
	if (scan->depth > 0) {
		scan->is_ambiguous = true;
		take_text(scan, '"');
	} else if (scan->in_quotes) {
		scan->in_quotes = false;
		close_part(scan);
	} else {
		scan->in_quotes = true;
		open_part(scan);
	}
}

static void
take_parenthesis(struct scan *scan, char c)
{
	if (scan->in_quotes || (c == ')' && scan->depth == 0)) {
		take_text(scan, c);
		return;
	}
	take(scan, &scan->raw, (unsigned char)c);
	if (c == '(') {
		scan->depth++;
		open_part(scan);
	} else {
		scan->depth--;
		close_part(scan);
	}
}

/*
 * "=?" that begins no encoded word, or only for programs that drop what stands
 * between the two.  With the last '?' or behind it, none could begin.
 */
static bool
is_broken_word(const struct scan *scan, const char *at)
{
	if (scan->last_question == NULL || at + 1 >= scan->last_question)
		return false;
	switch (at[1]) {
	case '?':
	case '"':
	case '(':
	case ')':
	case '\\':
		return true;
	default:
		return false;
	}
}

/*
 * A backslash makes the next character an ordinary one; some show it where it
 * is not needed.
 */
static const char *
take_escaped(struct scan *scan, const char *at, const char *end)
{
	if (end - at > 1)
		at++;
	/* Needed by neither, except to hide an encoded word. */
	if ((*at == '=' || *at == '?') && scan->last_question != NULL)
		scan->is_broken = true;
	if (memchr("\"\\()", *at, 4) == NULL)
		scan->is_ambiguous = true;
	take_text(scan, *at);
	return at + 1;
}

static void
walk(struct scan *scan, const char *at, const char *end)
{
	struct pt_encoded_word word;

	while (at < end) {
		switch (*at) {
		case '=':
			if (pt_encoded_word_find(at, end, &word)) {
				at = take_words(scan, &word, end);
				continue;
			}
			if (is_broken_word(scan, at))
				scan->is_broken = true;
			take_text(scan, *at);
			break;
		case '\\':
			at = take_escaped(scan, at, end);
			continue;
		case '"':
			take_quote(scan);
			break;
		case '(':
		case ')':
			take_parenthesis(scan, *at);
			break;
		default:
			take_text(scan, *at);
			break;
		}
		at++;
	}
	pt_shown_address_end(&scan->shown);
}

static const char *
find_last(const char *text, size_t len, char c)
{
	while (len > 0) {
		if (text[--len] == c)
			return text + len;
	}
	return NULL;
}

/*
 * Nothing in it that could become an '@'?  Forms of it beyond ASCII begin with
 * 0xef.
 */
static bool
is_harmless(const char *text, size_t len)
{
	return memchr(text, '@', len) == NULL &&
	       memchr(text, '=', len) == NULL &&
	       memchr(text, 0xef, len) == NULL;
}

/* What is unclear only matters where there is an '@'. */
static bool
is_unclear(const struct scan *scan)
{
	return scan->shown.has_sign &&
	       (scan->shown.is_turned || scan->is_ambiguous ||
		   (scan->has_word && scan->has_high));
}

enum pt_display_name_clarity
pt_display_name_scan(
    const char *text, size_t len, pt_shown_address_fn *found, void *arg)
{
	struct scan scan = {.raw = {.kind = PT_CHARSET_UTF8}};

	if (is_harmless(text, len))
		return PT_DISPLAY_NAME_IS_SURE;
	scan.last_question = find_last(text, len, '?');
	pt_shown_address_init(&scan.shown, found, arg);
	walk(&scan, text, text + len);
	if (scan.is_broken)
		return PT_DISPLAY_NAME_IS_BROKEN;
	if (scan.is_doubtful || is_unclear(&scan))
		return PT_DISPLAY_NAME_IS_DOUBTFUL;
	return PT_DISPLAY_NAME_IS_SURE;
}
