/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* One account of a report. */

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "ctl/report.h"

static bool
keep_entry(const struct pt_history *entry, void *arg)
{
	struct pc_report_account *one = arg;

	one->entries[one->entries_seen % PC_REPORT_ENTRIES] = *entry;
	one->entries_seen++;
	return true;
}

/* A ring becomes a list, the oldest first. */
static void
put_in_order(struct pc_report_account *one)
{
	struct pt_history first;
	size_t turns;

	one->entry_count = one->entries_seen < PC_REPORT_ENTRIES
			       ? (size_t)one->entries_seen
			       : PC_REPORT_ENTRIES;
	if (one->entries_seen <= PC_REPORT_ENTRIES)
		return;
	for (turns = one->entries_seen % PC_REPORT_ENTRIES; turns > 0;
	     turns--) {
		first = one->entries[0];
		memmove(&one->entries[0], &one->entries[1],
		    (PC_REPORT_ENTRIES - 1) * sizeof(one->entries[0]));
		one->entries[PC_REPORT_ENTRIES - 1] = first;
	}
}

int
pc_report_gather_account(struct pc_call *call, const struct pt_login *login,
    struct pc_report *report, struct pt_err *err)
{
	struct pc_report_account *one = calloc(1, sizeof(*one));
	const struct pt_plan *plan;
	struct pt_plan room;

	if (one == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot gather the figures: out of memory");
	report->one = one;
	if (pc_call_read(call, login, &one->account, &one->activity,
		&one->usage, err) != 0 ||
	    pt_store_each_history(call->store, login, keep_entry, one, err) !=
		0)
		return -1;
	put_in_order(one);
	plan = pc_call_plan(call, &one->account, &room, err);
	if (plan == NULL)
		return -1;
	(void)pt_text_copy(one->plan, sizeof(one->plan), plan->name);
	one->fill_count =
	    pc_fill_all(plan, &one->activity, call->now, one->fills);
	return 0;
}
