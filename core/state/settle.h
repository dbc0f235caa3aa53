/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Settling: stamps that lie after now are treated as stamped now, so that a
 * clock that was set back locks nobody out.  For the parts of which records
 * of activity, usage and evidence are made.
 */
#ifndef PT_STATE_SETTLE_H
#define PT_STATE_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state/activity.h"

/*
 * All entries of now and later become one of now, because two entries never
 * share a second.  Was anything changed?
 */
bool
pt_settle_log(struct pt_window_log *log, int64_t now);

static inline bool
pt_settle_stamp(int64_t *at, int64_t now)
{
	if (*at <= now)
		return false;
	*at = now;
	return true;
}

#endif
