/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/activity_maker.h"

#include "tests/unit/support/testing.h"

void
activity_start(struct pt_activity *activity, const char *text)
{
	struct pt_login login = test_login(text);

	memset(activity, 0xee, sizeof(*activity));
	pt_activity_init(activity, &login);
}

void
activity_add_entry(
    struct pt_window_log *log, int64_t at, int64_t span, uint64_t amount)
{
	struct pt_window_entry *entry = &log->entry[log->count++];

	entry->at = at;
	entry->since = at - span;
	entry->amount = amount;
}

void
activity_add_recent(struct pt_activity *activity, int64_t at, uint32_t hash)
{
	struct pt_recent *recent = &activity->recent[activity->recent_count++];

	recent->at = at;
	recent->hash = hash;
	recent->granted = false;
	recent->recipients = 0;
	recent->bytes = 0;
}

void
activity_set_amounts(
    struct pt_recent *recent, bool granted, uint64_t recipients, uint64_t bytes)
{
	recent->granted = granted;
	recent->recipients = recipients;
	recent->bytes = bytes;
}
