/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the template_*.c share. */
#ifndef PT_NOTICE_TEMPLATE_PRIVATE_H
#define PT_NOTICE_TEMPLATE_PRIVATE_H

#include "core/notice/template.h"

/*
 * Reads a file's text into the language: only sections that are not there
 * yet.  All of the text is checked, whatever is taken from it.
 */
int
pt_template_read(const char *path, const char *text, size_t len,
    struct pt_template_language *language, struct pt_err *err);

void
pt_template_clear(struct pt_template_language *language);

/*
 * template_words.c: a "key: value" line of [words] or [figures].  *err says
 * what is wrong, without file and line.
 */
int
pt_template_words_add(struct pt_template_words *words, const char *key,
    size_t key_len, const char *value, struct pt_err *err);

int
pt_template_figures_add(struct pt_template_language *language, const char *key,
    size_t key_len, const char *value, struct pt_err *err);

/* -1 and *err if a line is missing. */
int
pt_template_words_check(
    const struct pt_template_words *words, struct pt_err *err);

int
pt_template_figures_check(
    const struct pt_template_language *language, struct pt_err *err);

#endif
