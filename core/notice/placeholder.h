/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Placeholders in texts for owners: "{login}".  A line that has one without a
 * value is left out, so that one text serves whether there is a help page or
 * not.
 */
#ifndef PT_NOTICE_PLACEHOLDER_H
#define PT_NOTICE_PLACEHOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/text.h"

enum pt_placeholder {
	PT_PLACEHOLDER_LOGIN,
	PT_PLACEHOLDER_PROVIDER,
	PT_PLACEHOLDER_CONTACT,
	PT_PLACEHOLDER_HELP_URL,
	PT_PLACEHOLDER_TIME,
	PT_PLACEHOLDER_UNTIL,
	PT_PLACEHOLDER_USED,
	PT_PLACEHOLDER_LIMIT,
	PT_PLACEHOLDER_PERIOD,
	PT_PLACEHOLDER_FIGURES,
	PT_PLACEHOLDER_PROTOCOLS,
	PT_PLACEHOLDER_LABEL,
	/* Only in the text about mail programs. */
	PT_PLACEHOLDER_IMAP,
	PT_PLACEHOLDER_IMAP_PORT,
	PT_PLACEHOLDER_IMAP_TLS,
	PT_PLACEHOLDER_POP3,
	PT_PLACEHOLDER_POP3_PORT,
	PT_PLACEHOLDER_POP3_TLS,
	PT_PLACEHOLDER_SMTP,
	PT_PLACEHOLDER_SMTP_PORT,
	PT_PLACEHOLDER_SMTP_TLS,
	PT_PLACEHOLDER_CHECK,
	PT_PLACEHOLDER_RECIPIENTS,
	PT_PLACEHOLDER_SIZE,
	PT_PLACEHOLDER_PASSWORD,
	PT_PLACEHOLDER_THUNDERBIRD,
	PT_PLACEHOLDERS,
};

/* Which ones may stand where; bits of enum pt_placeholder. */
#define PT_PLACEHOLDERS_SUBJECT \
	(1U << PT_PLACEHOLDER_LOGIN | 1U << PT_PLACEHOLDER_PROVIDER)
#define PT_PLACEHOLDERS_FIGURES                                   \
	(1U << PT_PLACEHOLDER_USED | 1U << PT_PLACEHOLDER_LIMIT | \
	    1U << PT_PLACEHOLDER_PERIOD)
#define PT_PLACEHOLDERS_BODY ((1U << PT_PLACEHOLDER_IMAP) - 1)
#define PT_PLACEHOLDERS_CLIENT                                             \
	(PT_PLACEHOLDERS_SUBJECT |                                         \
	    ((1U << PT_PLACEHOLDERS) - (1U << PT_PLACEHOLDER_IMAP)) |      \
	    1U << PT_PLACEHOLDER_CONTACT | 1U << PT_PLACEHOLDER_HELP_URL | \
	    1U << PT_PLACEHOLDER_UNTIL | 1U << PT_PLACEHOLDER_LIMIT |      \
	    1U << PT_PLACEHOLDER_PERIOD | 1U << PT_PLACEHOLDER_LABEL)

/* By placeholder; NULL or "": it has no value. */
struct pt_placeholder_values {
	const char *at[PT_PLACEHOLDERS];
};

/* *err names the one that is unknown or out of place, and those that may be
 * meant. */
int
pt_placeholder_check(const char *line, unsigned allowed, struct pt_err *err);

/* Adds the line with its values.  false, and nothing: one has no value. */
bool
pt_placeholder_fill(const char *line, size_t len,
    const struct pt_placeholder_values *values, struct pt_text *out);

#endif
