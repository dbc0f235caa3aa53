/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Encoded words (RFC 2047, RFC 2231 section 5): "=?charset*language?B?text?=".
 * Found in a text, and decoded into the bytes of their character set, to see
 * what a mail program would show.
 *
 * Only exact ones are found, but that neither the limit of 75 characters nor
 * the ban on blanks and pairs of parentheses in Q is kept, as few programs keep
 * them.  Mail programs differ in what else they still take for one (quotation
 * marks or comments inside, broken codes, no end), so whatever only begins like
 * one is for the caller to refuse.
 *
 * An attempt ends at the next question mark at the latest where there should
 * be none, so that trying at each place of a text is linear.
 */
#ifndef PT_RULES_ENCODED_WORD_H
#define PT_RULES_ENCODED_WORD_H

#include <stdbool.h>
#include <stddef.h>

struct pt_encoded_word {
	const char *charset;
	size_t charset_len; /* without the language */
	bool base64;        /* B; otherwise Q */
	const char *text;   /* encoded */
	size_t text_len;
	const char *end; /* behind its "?=" */
};

/* Does an encoded word begin at "at"? */
bool
pt_encoded_word_find(
    const char *at, const char *end, struct pt_encoded_word *out);

/*
 * Decodes piece by piece a word that has been found: *at_inout goes from
 * word->text to its end, and at most cap bytes (at least 4) come out at a time.
 * 0 bytes: that was all.
 */
size_t
pt_encoded_word_decode(const struct pt_encoded_word *word,
    const char **at_inout, unsigned char *buf, size_t cap);

#endif
