/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Which bytes a header field's value may hold at all: visible characters,
 * letters beyond ASCII of any character set, blanks, tabs, and line ends only
 * as a fold (LF or CRLF before a blank or a tab).
 */
#ifndef PT_RULES_FIELD_TEXT_H
#define PT_RULES_FIELD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* What is wrong, in words for the owner; or NULL. */
const char *
pt_field_text_fault(const char *value, size_t len);

/* In such a value, a line end is part of a fold. */
static inline bool
pt_field_text_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline bool
pt_field_text_is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

#endif
