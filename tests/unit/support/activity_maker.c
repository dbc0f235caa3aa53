/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/activity_maker.h"

#include "core/state/activity_codec.h"
#include "tests/unit/support/random_activity.h"
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

void
activity_check_round_trip(const struct pt_activity *in, const char *name)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	size_t len = pt_activity_encode(in, bytes, sizeof(bytes));
	struct pt_activity out;
	struct pt_err err;

	if (len == 0)
		fail_msg("%s cannot be encoded", name);
	memset(&out, 0xee, sizeof(out));
	if (pt_activity_decode(bytes, len, &out, &err) == -1)
		fail_msg("%s: %s", name, err.text);
	if (!out.exists || !is_same_activity(in, &out))
		fail_msg("%s comes back changed", name);
}
