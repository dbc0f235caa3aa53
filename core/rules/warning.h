/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The owner is told once when most of a long window is used up (plan key
 * warn_at).
 */
#ifndef PT_RULES_WARNING_H
#define PT_RULES_WARNING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config/config.h"
#include "core/config/plan.h"
#include "core/state/activity.h"

#define PT_WARNING_WINDOW_SECONDS ((int64_t)86400) /* shorter ones: never */

/*
 * After a charge: marks the notice and its time in the activity if a window of
 * messages, recipients or bytes is so full, unless one was marked within the
 * length of that window.  Of several windows the fullest is told.  Nothing in
 * mode observe, and while notices are switched off.  false: nothing changed.
 */
bool
pt_warning_give(const struct pt_config *config, const struct pt_plan *plan,
    struct pt_activity *activity, int64_t now);

#endif
