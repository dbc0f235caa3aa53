/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A verdict: what becomes of a message (later also of a login or a mail
 * check), why, and the figures that the reply and the log line need.
 */
#ifndef PT_RULES_VERDICT_H
#define PT_RULES_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rules/reason.h"
#include "core/state/account.h"
#include "core/state/activity.h"

/* 0 is what may be said when nothing is known: try again later. */
enum pt_verdict_code {
	PT_VERDICT_DEFER,
	PT_VERDICT_REFUSE,
	PT_VERDICT_PERMIT,
};

struct pt_verdict {
	enum pt_verdict_code code;
	enum pt_reason_id reason;   /* PT_REASON_NONE when permitted */
	enum pt_counted counted;    /* what the window counts */
	uint64_t used;              /* in the window now */
	uint64_t limit;             /* of the window or of the message */
	uint64_t amount;            /* what this message would add */
	int64_t seconds;            /* length of the window */
	int64_t until;              /* accepted from then on; 0: unknown */
	enum pt_block_reason block; /* for PT_REASON_BLOCKED */
	bool repeated;              /* charged before: cost nothing now */
	bool granted;               /* passed on a grant */
};

#endif
