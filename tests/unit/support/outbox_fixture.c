/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/outbox_fixture.h"

void
outbox_leave(struct pt_records *records, void *arg)
{
	records->trail.notice = *(const struct pt_notice *)arg;
}

static struct pt_notice
notice_at(int64_t at)
{
	return (struct pt_notice){.kind = PT_NOTICE_ENABLED, .at = at};
}

/* A notice alone, with neither a change nor an entry in the history. */
void
outbox_leave_for(struct pt_store *store, const char *name, int64_t at)
{
	struct pt_login login = test_login(name);
	struct pt_notice notice = notice_at(at);
	struct pt_err err;

	if (pt_store_update_one(store, PT_UPDATE_ACCOUNT, &login, outbox_leave,
		&notice, &err) != 0)
		fail_msg("update: %s", err.text);
}

bool
outbox_see(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	struct outbox_seen *seen = arg;

	if (entry == NULL) {
		assert_int_equal(err->kind, PT_ERR_DAMAGED);
		seen->damaged++;
		return true;
	}
	assert_true(seen->count < OUTBOX_SEEN_MAX);
	seen->entry[seen->count++] = *entry;
	return seen->count < seen->max;
}

const struct outbox_seen *
outbox_look(struct pt_store *store)
{
	static struct outbox_seen seen;
	struct pt_err err;

	seen = (struct outbox_seen){.max = OUTBOX_SEEN_MAX};
	if (pt_store_each_outbox(store, outbox_see, &seen, &err) != 0)
		fail_msg("walk: %s", err.text);
	return &seen;
}

struct pt_outbox_change
outbox_change_of(const struct pt_outbox_entry *entry)
{
	return (struct pt_outbox_change){
	    .entry = *entry,
	    .was_next_at = entry->next_at,
	    .was_given_up = entry->gave_up,
	};
}

void
outbox_change(struct pt_store *store, const struct pt_outbox_change *to)
{
	struct pt_err err;

	if (pt_store_change_outbox(store, to, 1, &err) != 0)
		fail_msg("change: %s", err.text);
}
