/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Texts for owners (core/notice), before the postmaster's eyes. */
#ifndef PC_TEXTS_H
#define PC_TEXTS_H

#include "core/base/err.h"
#include "core/base/text.h"
#include "core/notice/template.h"

/*
 * Are there texts in the language that was asked for by --language?  NULL asks
 * for none.  PT_ERR_USAGE names it.
 */
int
pc_texts_check_language(
    const struct pt_templates *templates, const char *tag, struct pt_err *err);

/* Adds flowed text (core/notice/flow.h) as plain lines. */
void
pc_texts_add_plain(struct pt_text *out, const char *flowed);

#endif
