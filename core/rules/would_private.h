/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The entries of what was only observed.  Internal to would*.c. */
#ifndef PT_RULES_WOULD_PRIVATE_H
#define PT_RULES_WOULD_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rules/reason.h"
#include "core/state/activity.h"

/* Is the message known already?  If not, it is from now on. */
bool
pt_would_remember(struct pt_observed *observed, uint32_t hash);

/*
 * One message more for that reason; of nine entries the one that was met
 * longest ago gives way.
 */
void
pt_would_count(struct pt_observed *observed, enum pt_reason_id reason,
    const struct pt_figures *figures, int64_t now);

/* The same for what lasts: within the window of the last time it is no more. */
void
pt_would_count_apart(struct pt_observed *observed, enum pt_reason_id reason,
    const struct pt_figures *figures, int64_t now);

/*
 * A limit that is exceeded has an entry, also where another one was what stood
 * against the message: who raises that one meets this one.  It takes no place
 * of others, though.
 */
void
pt_would_raise(struct pt_observed *observed, enum pt_reason_id reason,
    const struct pt_figures *figures, int64_t now);

#endif
