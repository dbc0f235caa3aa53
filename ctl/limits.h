/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The sending limits beside the windows of a plan, and how much of them is
 * used: for quota and explain.
 */
#ifndef PC_LIMITS_H
#define PC_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/config/plan.h"
#include "core/state/activity.h"
#include "core/state/signals.h"
#include "ctl/fill.h"

#define PC_LIMITS_MAX 4

struct pc_limit {
	/* "penalty", "client-addresses", "new-recipients", "refusals" */
	const char *name;
	const char *topic; /* the same in words */
	struct pc_fill fill;
	int64_t until;    /* the term of a penalty; 0: no penalty */
	bool is_observed; /* by the plan: nothing is refused for it */
};

/*
 * Those that the plan has, a penalty only while its term runs.  "out" has room
 * for PC_LIMITS_MAX; returns their number.  Expects settled records.
 */
size_t
pc_limits_all(const struct pt_plan *plan, const struct pt_activity *activity,
    const struct pt_signals *signals, int64_t now, struct pc_limit *out);

/* Does the plan have one that the signals record tells of? */
bool
pc_limits_want_signals(const struct pt_plan *plan);

#endif
