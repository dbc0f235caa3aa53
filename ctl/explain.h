/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The pages of posternctl explain: cmd_explain.c (may it send), explain.c
 * (what that rests on), explain_limits.c (limits beside the windows),
 * explain_bounces.c, explain_access.c (mail programs), explain_life.c (what
 * time brings), explain_would.c (what was observed), explain_usage.c,
 * explain_remedy.c.
 */
#ifndef PC_EXPLAIN_H
#define PC_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/text.h"
#include "core/config/plan.h"
#include "core/rules/verdict.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/store.h"
#include "core/state/usage.h"
#include "ctl/call.h"
#include "ctl/fill.h"

struct pc_explain {
	struct pc_call *call;
	/* The records as they will be when what is pending is carried over. */
	const struct pt_account *account;
	struct pt_activity *activity;
	const struct pt_usage *usage;
	bool is_block_pending;
	int64_t begun;              /* pt_store_begun() */
	uint32_t life;              /* of policyd; 0: it is not up */
	const struct pt_plan *plan; /* NULL: the configuration lacks it */
	struct pt_verdict verdict;  /* on sending */
	uint64_t remedied;          /* reasons whose remedy was told */
	struct pt_text text;        /* of the topic at work, in buf */
	char buf[1024];
};

/* Writes the topic with its text, and starts the next text. */
void
pc_explain_end(struct pc_explain *ex, const char *topic);

void
pc_explain_say(struct pc_explain *ex, const char *topic, const char *text);

void
pc_explain_add_time(struct pc_explain *ex, int64_t at);

/* "42 seconds", "3 minutes": rounded up to what one can wait for. */
void
pc_explain_add_span(struct pc_explain *ex, int64_t seconds);

/* A window: used, limit, and how long it is full. */
void
pc_explain_fill(struct pc_explain *ex, const char *topic, bool is_size,
    const struct pc_fill *fill);

/* Plan, status, locks, overrides, grant. */
void
pc_explain_account(struct pc_explain *ex);

/* Windows, last message, last refusal. */
void
pc_explain_activity(struct pc_explain *ex);

/* Penalty, signals, refusals: the sending limits beside the windows. */
void
pc_explain_limits(struct pc_explain *ex);

/* What was only observed, if anything was. */
void
pc_explain_would(struct pc_explain *ex);

/* Bounces, and how many more would block. */
void
pc_explain_bounces(struct pc_explain *ex);

/* May a mail program log in now, by protocol, and if not, why? */
void
pc_explain_logins(struct pc_explain *ex);

/* External access and app passwords. */
void
pc_explain_access(struct pc_explain *ex);

/* When access ends as unused, what may block it, notices that wait. */
void
pc_explain_life(struct pc_explain *ex);

/* Logins, mail checks, sessions and traffic of mail programs. */
void
pc_explain_usage(struct pc_explain *ex);

/* What can be done about it; once for each reason. */
void
pc_explain_remedy(struct pc_explain *ex, const struct pt_verdict *verdict);

#endif
