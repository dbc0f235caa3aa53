/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The pages of posternctl explain; made by cmd_explain.c and explain.c. */
#ifndef PC_EXPLAIN_H
#define PC_EXPLAIN_H

#include <stdint.h>

#include "core/base/text.h"
#include "core/config/plan.h"
#include "core/rules/verdict.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "ctl/call.h"

struct pc_explain {
	struct pc_call *call;
	const struct pt_account *account;
	struct pt_activity *activity;
	const struct pt_plan *plan; /* NULL: the configuration lacks it */
	struct pt_verdict verdict;
	struct pt_text text; /* of the topic at work, in buf */
	char buf[1024];
};

/* Writes the topic with its text, and starts the next text. */
void
pc_explain_end(struct pc_explain *ex, const char *topic);

void
pc_explain_add_time(struct pc_explain *ex, int64_t at);

/* "42 seconds", "3 minutes": rounded up to what one can wait for. */
void
pc_explain_add_span(struct pc_explain *ex, int64_t seconds);

/* Plan, status, locks, overrides, grant. */
void
pc_explain_account(struct pc_explain *ex);

/* Windows, last message, last refusal. */
void
pc_explain_activity(struct pc_explain *ex);

#endif
