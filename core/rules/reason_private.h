/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The rows of the table of reasons, and their texts, for reason*.c alone. */
#ifndef PT_RULES_REASON_PRIVATE_H
#define PT_RULES_REASON_PRIVATE_H

#include "core/base/text.h"
#include "core/rules/reason.h"

/*
 * The table in its parts: a reason's row is in one of them, and has no name in
 * the others.
 */
extern const struct pt_reason pt_reason_table_message[PT_REASONS];
extern const struct pt_reason pt_reason_table_login[PT_REASONS];
extern const struct pt_reason pt_reason_table_header[PT_REASONS];

/* Adds the text of the verdict's reason, with its figures. */
void
pt_reason_fill(struct pt_text *text, const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts);

#endif
