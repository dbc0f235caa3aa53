/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the MTA is told to say: a verdict as the three parts that a milter
 * gives.  The words are those of core/rules/reason.h, letter by letter.
 */
#ifndef PM_REPLY_H
#define PM_REPLY_H

#include "core/rules/reason.h"
#include "core/rules/verdict.h"

/* MTAs take the text for a format: each '%' is doubled in it. */
#define PM_REPLY_TEXT_MAX (2 * PT_REPLY_MAX)

struct pm_reply {
	char code[4];    /* "450" */
	char status[12]; /* "4.7.28" */
	char text[PM_REPLY_TEXT_MAX];
};

void
pm_reply_make(const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts, struct pm_reply *out);

#endif
