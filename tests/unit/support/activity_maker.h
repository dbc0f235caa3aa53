/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Activity records made by hand, entry by entry. */
#ifndef TESTS_UNIT_SUPPORT_ACTIVITY_MAKER_H
#define TESTS_UNIT_SUPPORT_ACTIVITY_MAKER_H

#include "core/state/activity.h"

void
activity_start(struct pt_activity *activity, const char *text);

/* "span" seconds from the first to the last of what it stands for. */
void
activity_add_entry(
    struct pt_window_log *log, int64_t at, int64_t span, uint64_t amount);

/* A charge without amounts. */
void
activity_add_recent(struct pt_activity *activity, int64_t at, uint32_t hash);

void
activity_set_amounts(struct pt_recent *recent, bool granted,
    uint64_t recipients, uint64_t bytes);

#endif
