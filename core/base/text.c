/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
pt_text_init(struct pt_text *text, char *at, size_t cap)
{
	text->at = at;
	text->cap = cap;
	text->len = 0;
	text->cut = false;
	at[0] = '\0';
}

void
pt_text_add_bytes(struct pt_text *text, const char *at, size_t len)
{
	size_t room = text->cap - 1 - text->len;

	if (len > room) {
		len = room;
		/* Never through a UTF-8 character. */
		while (len > 0 && ((unsigned char)at[len] & 0xc0) == 0x80)
			len--;
		text->cut = true;
	}
	memcpy(text->at + text->len, at, len);
	text->len += len;
	text->at[text->len] = '\0';
}

void
pt_text_add(struct pt_text *text, const char *s)
{
	pt_text_add_bytes(text, s, strlen(s));
}

/* The length without a last UTF-8 character that is not all there. */
static size_t
whole_characters(const char *at, size_t len)
{
	size_t last = len;
	unsigned char first;
	size_t need;

	while (last > 0 && ((unsigned char)at[last - 1] & 0xc0) == 0x80)
		last--;
	if (last == 0)
		return len;
	first = (unsigned char)at[last - 1];
	need = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	return len - (last - 1) < need ? last - 1 : len;
}

void
pt_text_addf(struct pt_text *text, const char *fmt, ...)
{
	size_t room = text->cap - text->len;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text->at + text->len, room, fmt, args);
	va_end(args);
	if (n >= 0 && (size_t)n < room) {
		text->len += (size_t)n;
		return;
	}
	text->cut = true;
	room = n < 0 ? 0 : whole_characters(text->at + text->len, room - 1);
	text->len += room;
	text->at[text->len] = '\0';
}

/* Each byte of a word is that byte. */
#define EACH(byte) ((uint64_t)(byte)*0x0101010101010101U)

/* The high bit of each byte that is below a limit of at most 0x80. */
static inline uint64_t
below(uint64_t word, unsigned limit)
{
	/* Bytes of 7 bits cannot carry into their neighbours. */
	uint64_t low = (word & EACH(0x7f)) + EACH(0x80 - limit);

	return ~(low | word) & EACH(0x80);
}

/* The high bit of each byte that is one of A-Z. */
static inline uint64_t
upper_of(uint64_t word)
{
	return below(word, 'Z' + 1) & ~below(word, 'A');
}

unsigned
pt_text_kinds(const char *at, size_t len)
{
	uint64_t control = 0;
	uint64_t blank = 0;
	uint64_t upper = 0;
	uint64_t high = 0;
	uint64_t word;
	size_t n;

	while (len > 0) {
		n = len < sizeof(word) ? len : sizeof(word);
		word = EACH('a');
		memcpy(&word, at, n);
		at += n;
		len -= n;
		control |= below(word, 0x20) | below(word ^ EACH(0x7f), 1);
		blank |= below(word ^ EACH(' '), 1);
		upper |= upper_of(word);
		high |= word & EACH(0x80);
	}
	return (control != 0 ? PT_TEXT_CONTROL : 0U) |
	       (blank != 0 ? PT_TEXT_BLANK : 0U) |
	       (upper != 0 ? PT_TEXT_UPPER : 0U) |
	       (high != 0 ? PT_TEXT_HIGH : 0U);
}

/*
 * The length of the valid UTF-8 character at "at", or 0.  The table of
 * RFC 3629 section 4: the first byte fixes the length and the range of the
 * second, which keeps out overlong forms, surrogates and what lies beyond
 * U+10FFFF.
 */
static size_t
utf8_char(const unsigned char *at, size_t len)
{
	unsigned char low = 0x80;
	unsigned char high = 0xbf;
	size_t need;
	size_t i;

	if (at[0] < 0x80)
		return 1;
	if (at[0] >= 0xc2 && at[0] <= 0xdf)
		need = 2;
	else if (at[0] >= 0xe0 && at[0] <= 0xef)
		need = 3;
	else if (at[0] >= 0xf0 && at[0] <= 0xf4)
		need = 4;
	else
		return 0;
	if (len < need)
		return 0;
	if (at[0] == 0xe0)
		low = 0xa0;
	else if (at[0] == 0xed)
		high = 0x9f;
	else if (at[0] == 0xf0)
		low = 0x90;
	else if (at[0] == 0xf4)
		high = 0x8f;
	if (at[1] < low || at[1] > high)
		return 0;
	for (i = 2; i < need; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	}
	return need;
}

bool
pt_text_is_utf8(const char *at, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)at;
	size_t i = 0;
	size_t n;

	while (i < len) {
		n = utf8_char(bytes + i, len - i);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

/*
 * C1 controls (U+0080 to U+009F) are valid UTF-8, yet a terminal may obey
 * them as it obeys ESC.
 */
static bool
is_plain(const unsigned char *at, size_t n)
{
	if (n == 1)
		return at[0] >= 0x20 && at[0] != 0x7f && at[0] != '"' &&
		       at[0] != '\\';
	return !(n == 2 && at[0] == 0xc2 && at[1] < 0xa0);
}

void
pt_text_add_escaped(struct pt_text *text, const char *at, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)at;
	size_t i = 0;
	size_t n;

	while (i < len) {
		n = utf8_char(bytes + i, len - i);
		if (n > 0 && is_plain(bytes + i, n)) {
			pt_text_add_bytes(text, at + i, n);
			i += n;
		} else {
			pt_text_addf(text, "\\x%02X", bytes[i]);
			i++;
		}
	}
}

int
pt_text_copy(char *dst, size_t cap, const char *src)
{
	size_t len = strlen(src);

	if (len >= cap) {
		dst[0] = '\0';
		return -1;
	}
	memcpy(dst, src, len + 1);
	return 0;
}

bool
pt_text_to_u64(const char *s, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	unsigned digit;

	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return false;
		digit = (unsigned)(*s - '0');
		if (digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

size_t
pt_text_count_lines(const char *s)
{
	size_t lines = 1;

	for (; *s != '\0'; s++) {
		if (*s == '\n')
			lines++;
	}
	return lines;
}

void
pt_text_lower_ascii(char *at, size_t len)
{
	uint64_t word;

	/* Two bits below the high one is what tells a from A. */
	for (; len >= sizeof(word); len -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		word |= upper_of(word) >> 2;
		memcpy(at, &word, sizeof(word));
	}
	word = 0;
	memcpy(&word, at, len);
	word |= upper_of(word) >> 2;
	memcpy(at, &word, len);
}

#define NEAREST_MAX 40

/*
 * Edits from one word to the other, the swap of two neighbours being one of
 * them: it is the commonest slip.  Both at most NEAREST_MAX long.
 */
static unsigned
distance(const char *a, size_t alen, const char *b, size_t blen)
{
	unsigned rows[3][NEAREST_MAX + 1];
	unsigned *before = rows[0]; /* of a[i - 2], a[i - 1], a[i] */
	unsigned *above = rows[1];
	unsigned *row = rows[2];
	unsigned *spare;
	unsigned best;
	size_t i;
	size_t j;

	for (j = 0; j <= blen; j++)
		row[j] = (unsigned)j;
	for (i = 1; i <= alen; i++) {
		spare = before;
		before = above;
		above = row;
		row = spare;
		row[0] = (unsigned)i;
		for (j = 1; j <= blen; j++) {
			best = above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
	}
	return row[blen];
}

const char *
pt_text_nearest(const char *word, const char *const *names, size_t n)
{
	size_t len = strlen(word);
	const char *best = NULL;
	unsigned best_distance;
	unsigned d;
	size_t i;

	if (len > NEAREST_MAX)
		return NULL;
	/* A third of the word may be wrong; of short words, one letter. */
	best_distance = (unsigned)(len < 3 ? 1 : len / 3) + 1;
	for (i = 0; i < n; i++) {
		if (strlen(names[i]) > NEAREST_MAX)
			continue;
		d = distance(word, len, names[i], strlen(names[i]));
		if (d < best_distance) {
			best_distance = d;
			best = names[i];
		}
	}
	return best;
}
