/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* A report's fill of the windows, and who sends most. */

#include <string.h>

#include "ctl/fill.h"
#include "ctl/logins.h"
#include "ctl/report.h"

/* The windows of the logins are looked at once the walk is over. */
struct walk {
	struct pc_call *call;
	struct pc_report *report;
	struct pc_logins logins;
	bool failed;
};

size_t
pc_report_fill_part(uint64_t used, uint64_t limit)
{
	if (limit == 0 || used >= limit)
		return PC_REPORT_FILL_PARTS - 1;
	/* Bytes may be many: no product that could be too large. */
	if (used > UINT64_MAX / 10)
		return (size_t)(used / (limit / 10 + 1));
	return (size_t)(used * 10 / limit);
}

/* Ties go by name, so that the same state always gives the same list. */
static bool
is_above(const struct pc_report_sender *a, const struct pc_report_sender *b)
{
	return a->sent != b->sent ? a->sent > b->sent
				  : strcmp(a->login.text, b->login.text) < 0;
}

static void
rank(struct pc_report *report, const struct pt_activity *activity)
{
	struct pc_report_sender sender = {
	    .login = activity->login,
	    .sent = activity->total[PT_COUNT_MESSAGES],
	    .refused = activity->refusals.total,
	    .in_windows = pc_fill_sum(&activity->log[PT_COUNT_MESSAGES]),
	    .last_at = activity->last_sent_at,
	};
	size_t i = report->top_count;

	if (sender.sent == 0)
		return;
	if (i == PC_REPORT_TOP) {
		if (!is_above(&sender, &report->top[i - 1]))
			return;
		i--;
	} else {
		report->top_count++;
	}
	for (; i > 0 && is_above(&sender, &report->top[i - 1]); i--)
		report->top[i] = report->top[i - 1];
	report->top[i] = sender;
}

static bool
look(const struct pt_activity *activity, const struct pt_err *err, void *arg)
{
	struct walk *walk = arg;

	if (activity == NULL) {
		pc_call_skip(walk->call, err);
		return true;
	}
	rank(walk->report, activity);
	if (pc_fill_is_any(activity) &&
	    !pc_logins_add(&walk->logins, &activity->login))
		walk->failed = true;
	return !walk->failed;
}

/* Its fullest window counts. */
static int
add_login(struct walk *walk, const char *name, struct pt_err *err)
{
	struct pc_fill fills[PC_FILLS_MAX];
	struct pt_activity activity;
	struct pt_account account;
	const struct pt_plan *plan;
	struct pt_plan room;
	struct pt_login login;
	size_t fullest = 0;
	bool any = false;
	size_t part;
	size_t n;

	if (pt_login_parse(name, strlen(name), NULL, &login, err) != 0 ||
	    pc_call_read(walk->call, &login, &account, &activity, NULL, err) !=
		0)
		return -1;
	plan = pc_call_plan(walk->call, &account, &room, err);
	if (plan == NULL)
		return -1;
	n = pc_fill_all(plan, &activity, walk->call->now, fills);
	while (n-- > 0) {
		part =
		    pc_report_fill_part(fills[n].used, fills[n].window.limit);
		any = any || fills[n].used > 0;
		if (fills[n].used > 0 && part > fullest)
			fullest = part;
	}
	if (any)
		walk->report->fill[fullest]++;
	return 0;
}

int
pc_report_gather_fill(
    struct pc_call *call, struct pc_report *report, struct pt_err *err)
{
	struct walk walk = {.call = call, .report = report};
	uint64_t in_use = 0;
	struct pt_err single;
	size_t i;
	int rc;

	rc = pt_store_each_activity(call->store, look, &walk, err);
	if (rc == 0 && walk.failed)
		rc = pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot gather the figures: out of memory");
	for (i = 0; rc == 0 && i < walk.logins.count; i++) {
		if (add_login(&walk, walk.logins.at[i], &single) != 0)
			pc_call_skip(call, &single);
	}
	pc_logins_clear(&walk.logins);
	for (i = 0; i < PC_REPORT_FILL_PARTS; i++)
		in_use += report->fill[i];
	/* Who sends has no need of an account record. */
	if (report->accounts > in_use)
		report->empty = report->accounts - in_use;
	return rc;
}
