/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The graduated limit of a plan (key "penalty"): who has sent that much gets a
 * tighter window of messages for a while, its term.  It holds in addition to
 * the windows of the plan.
 *
 * A term begins with the charge that reaches "after", and no second one while
 * it runs.  While it runs, no period of the window's length holds more
 * messages than the window allows, those that went before the term began
 * included.  What passes on a grant counts nowhere, and a refund does not end
 * a term.
 *
 * All functions are pure and expect settled activity.
 */
#ifndef PT_RULES_PENALTY_H
#define PT_RULES_PENALTY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config/plan.h"
#include "core/rules/verdict.h"
#include "core/state/activity.h"

/* Does a term of this plan's penalty run? */
bool
pt_penalty_runs(const struct pt_plan *plan, const struct pt_activity *activity,
    int64_t now);

/*
 * Is one more message deferred by a term that runs?  Its verdict says until
 * when the term lasts, and when the message is accepted: at the term's end if
 * the window is not free before.
 */
struct pt_verdict
pt_penalty_look(const struct pt_plan *plan, const struct pt_activity *activity,
    int64_t now);

/* After a charge: does it begin a term?  Then it is in the activity. */
bool
pt_penalty_begin(
    const struct pt_plan *plan, struct pt_activity *activity, int64_t now);

/*
 * After a message was refused for the penalty: where the plan has
 * penalty_extend, its term lasts from now on anew.  true: it was moved.
 */
bool
pt_penalty_extend(
    const struct pt_plan *plan, struct pt_activity *activity, int64_t now);

/* Messages that count towards "after". */
uint64_t
pt_penalty_used(const struct pt_plan *plan, const struct pt_activity *activity,
    int64_t now);

/*
 * The windows for which the log of messages keeps its entries: those of the
 * plan, and the two of its penalty, for which "room" may be used.
 */
const struct pt_windows *
pt_penalty_kept(const struct pt_plan *plan, struct pt_windows *room);

#endif
