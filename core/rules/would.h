/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What would have been refused, had it not only been observed, is noted with
 * the account's activity, so that a postmaster can choose limits from the
 * account's own traffic (posternctl would).
 *
 * An entry stands for a reason, what is counted, and the length of a window.
 * The peak of a sending window is the highest amount that passed in it: the
 * limit that would have let all of it pass.  What a limit stood against in
 * observe mode is not charged, so all that goes out is kept in logs of its
 * own for as long as that makes a difference.  They are made as the logs of
 * charges are, so that a limit of that height will count exactly as much.
 *
 * All functions are pure and expect settled activity, which must be written
 * back; plan and charge are those of the message.
 */
#ifndef PT_RULES_WOULD_H
#define PT_RULES_WOULD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config/plan.h"
#include "core/rules/quota.h"
#include "core/rules/verdict.h"
#include "core/state/activity.h"

/* Might another limit let it through? */
bool
pt_would_is_limit(enum pt_reason_id reason);

/*
 * At the end of a message that observe mode lets through against this verdict.
 * plan NULL: it is not known.  false: another program noted the message
 * already, nothing was changed.
 */
bool
pt_would_note(const struct pt_plan *plan, struct pt_activity *activity,
    const struct pt_charge *charge, const struct pt_verdict *verdict,
    int64_t now);

/* A message was charged against a verdict that the plan only watches. */
void
pt_would_note_watched(struct pt_activity *activity,
    const struct pt_verdict *verdict, int64_t now);

/* A header that observe mode lets through; once a message. */
void
pt_would_note_header(struct pt_activity *activity,
    const struct pt_verdict *verdict, int64_t now);

/*
 * A block that was only observed.  What goes on within the window of the
 * figures is the same one, and counts once.
 */
void
pt_would_note_block(struct pt_activity *activity,
    const struct pt_figures *figures, int64_t now);

/*
 * A message was charged in observe mode: it stands in the windows beside those
 * that were not.  false: there are none, nothing was changed.
 */
bool
pt_would_note_charge(const struct pt_plan *plan, struct pt_activity *activity,
    const struct pt_charge *charge, int64_t now);

/*
 * Messages are refused from now on: no window holds what was not charged, and
 * none is noted a second time.
 */
void
pt_would_end(struct pt_activity *activity);

#endif
