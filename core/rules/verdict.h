/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A verdict: what becomes of a message, a login, a session or a mail check,
 * why, and the figures that the reply and the log line need.
 */
#ifndef PT_RULES_VERDICT_H
#define PT_RULES_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config/plan.h"
#include "core/rules/reason.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/usage.h"

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
	bool repeated;              /* charged before: cost nothing now */
	bool granted;               /* passed on a grant */
	uint64_t used;              /* in the window now */
	uint64_t limit;             /* of the window or of the message */
	uint64_t amount;            /* what this message would add */
	int64_t seconds;            /* length of the window */
	int64_t until;              /* accepted from then on; 0: unknown */
	int64_t since;              /* ended, off or blocked; 0: unknown */
	enum pt_block_reason block; /* for PT_REASON_BLOCKED */
	enum pt_ending ending;      /* for PT_REASON_PASSWORD_REVOKED */
	enum pt_protocol protocol;  /* for PT_REASON_PROTOCOL_... */
	enum pt_traffic traffic;    /* for PT_REASON_TRAFFIC */
	int64_t term_until;         /* of PT_REASON_PENALTY: its end */
	int64_t plan_from;          /* another plan holds then; 0: none */
};

#endif
