/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A line of text split into words as a shell splits it, and no more than that:
 * blanks between words, 'quotes' that keep everything, "quotes" in which a
 * backslash stands before '"' and '\', a backslash before any character
 * outside of quotes, and a comment from a '#' on that begins a word.  Nothing
 * is replaced: '$', '*' and '~' are characters like others.
 */
#ifndef PC_SHELL_WORDS_H
#define PC_SHELL_WORDS_H

#include <stddef.h>

#include "core/base/err.h"

/*
 * Splits in place: the words lie in "line".  At most max words; none for an
 * empty line or a comment.  PT_ERR_USAGE: a quote without its end, too many
 * words.
 */
int
pc_shell_words(char *line, char **words, size_t max, size_t *count_out,
    struct pt_err *err);

#endif
