/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Text: a bounded builder over the caller's memory, and strict readers of
 * numbers.  Nothing here allocates or depends on the locale.
 *
 * The builder always keeps its text terminated; what does not fit is cut at
 * the end and remembered in "cut", so that one check after the last addition
 * is enough.
 */
#ifndef PT_BASE_TEXT_H
#define PT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"

struct pt_text {
	char *at;
	size_t cap; /* bytes at "at", the terminating NUL included; > 0 */
	size_t len; /* without the NUL */
	bool cut;
};

void
pt_text_init(struct pt_text *text, char *at, size_t cap);

void
pt_text_add(struct pt_text *text, const char *s);

void
pt_text_add_bytes(struct pt_text *text, const char *at, size_t len);

void
pt_text_addf(struct pt_text *text, const char *fmt, ...) PT_PRINTF(2, 3);

/*
 * Adds bytes from outside so that they cannot end a line or a quotation:
 * '"', '\', controls and whatever is not valid UTF-8 become \xNN.
 */
void
pt_text_add_escaped(struct pt_text *text, const char *at, size_t len);

/* Copies with a check: 0, or -1 and dst empty if src does not fit. */
int
pt_text_copy(char *dst, size_t cap, const char *src);

/* Whole string is a decimal number <= max, no sign, no blanks. */
bool
pt_text_to_u64(const char *s, uint64_t max, uint64_t *out);

/*
 * What kinds of bytes there are, or-ed; 0 if nothing but printable ASCII
 * without blanks and capitals.  Eight bytes at a time, for what is looked at
 * with each request.
 */
enum {
	PT_TEXT_CONTROL = 1 << 0, /* below 0x20, and 0x7f */
	PT_TEXT_BLANK = 1 << 1,   /* 0x20 */
	PT_TEXT_UPPER = 1 << 2,   /* A-Z */
	PT_TEXT_HIGH = 1 << 3,    /* 0x80 and above */
};

unsigned
pt_text_kinds(const char *at, size_t len);

/* Valid UTF-8 (RFC 3629: no surrogates, no overlong forms)? */
bool
pt_text_is_utf8(const char *at, size_t len);

/* A text without a line end is one line. */
size_t
pt_text_count_lines(const char *s);

/* ASCII letters A-Z become a-z; other bytes stay. */
void
pt_text_lower_ascii(char *at, size_t len);

/*
 * The name among "names" (n of them) that is nearest to "word" by edits, or
 * NULL if none is near enough to be what was meant.
 */
const char *
pt_text_nearest(const char *word, const char *const *names, size_t n);

#endif
