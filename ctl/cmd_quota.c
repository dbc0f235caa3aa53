/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* quota: each window of one login, or every window in use. */

#include <stdbool.h>
#include <string.h>

#include "core/rules/quota.h"
#include "core/rules/reason.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/fill.h"
#include "ctl/handlers.h"
#include "ctl/limits.h"
#include "ctl/logins.h"

static void
put_amount(struct pc_call *call, enum pt_counted counted, uint64_t amount)
{
	if (counted == PT_COUNT_BYTES)
		pc_output_size(call->out, amount);
	else
		pc_output_number(call->out, amount);
}

static void
put_fill(struct pc_call *call, const struct pt_login *login, const char *kind,
    const struct pc_fill *fill)
{
	pc_output_text(call->out, login->text);
	pc_output_text(call->out, kind);
	pc_output_span(call->out, fill->window.seconds);
	put_amount(call, fill->counted, fill->used);
	put_amount(call, fill->counted, fill->window.limit);
	put_amount(call, fill->counted, fill->left);
	if (fill->free_at < 0)
		pc_output_text(call->out, "always");
	else
		pc_output_time(call->out, fill->free_at);
}

static void
put_none(struct pc_call *call, unsigned cells)
{
	while (cells-- > 0)
		pc_output_none(call->out);
}

/* A row, so that nobody takes silence for an empty window. */
static void
put_unlimited(struct pc_call *call, const struct pt_login *login)
{
	pc_output_text(call->out, login->text);
	pc_output_text(call->out, pt_counted_name(PT_COUNT_MESSAGES));
	put_none(call, 5);
}

static void
put_grant(struct pc_call *call, const struct pt_account *account,
    const struct pt_activity *activity)
{
	uint64_t left = pt_quota_grant_left(account, activity, call->now);

	if (left == 0)
		return;
	pc_output_text(call->out, account->login.text);
	pc_output_text(call->out, "grant");
	pc_output_none(call->out);
	pc_output_number(call->out, account->grant.amount - left);
	pc_output_number(call->out, account->grant.amount);
	pc_output_number(call->out, left);
	pc_output_none(call->out);
}

/* How long a penalty lasts, whether or not its window is full. */
static void
put_term(struct pc_call *call, const struct pt_login *login, int64_t until)
{
	pc_output_text(call->out, login->text);
	pc_output_text(call->out, "penalty-term");
	put_none(call, 4);
	pc_output_time(call->out, until);
}

/*
 * The limits beside the windows.  Refusals are a sign, not a window to fill:
 * they are shown while there are any.
 */
static int
put_limits(struct pc_call *call, const struct pt_plan *plan,
    const struct pt_activity *activity, bool in_use, struct pt_err *err)
{
	const struct pt_login *login = &activity->login;
	struct pc_limit limits[PC_LIMITS_MAX];
	struct pt_signals signals;
	size_t n;
	size_t i;

	pt_signals_init(&signals, login);
	if (pc_limits_want_signals(plan) &&
	    pt_store_read_signals(call->store, login, &signals, err) != 0)
		return -1;
	(void)pt_signals_settle(&signals, call->now);
	n = pc_limits_all(plan, activity, &signals, call->now, limits);
	for (i = 0; i < n; i++) {
		if (limits[i].fill.used > 0 ||
		    (!in_use && strcmp(limits[i].name, "refusals") != 0))
			put_fill(call, login, limits[i].name, &limits[i].fill);
		if (limits[i].until > 0)
			put_term(call, login, limits[i].until);
	}
	return 0;
}

/* The windows of a login; with in_use only those in which something counts. */
static int
put_login(struct pc_call *call, const struct pt_login *login, bool in_use,
    struct pt_err *err)
{
	struct pt_activity activity;
	struct pt_account account;
	struct pc_fill fills[PC_FILLS_MAX];
	const struct pt_plan *plan;
	struct pt_plan room;
	size_t n;
	size_t i;

	if (pc_call_read(call, login, &account, &activity, NULL, err) != 0)
		return -1;
	plan = pc_call_plan(call, &account, &room, err);
	if (plan == NULL)
		return -1;
	n = pc_fill_all(plan, &activity, call->now, fills);
	for (i = 0; i < n; i++) {
		if (fills[i].used > 0 || !in_use)
			put_fill(call, login, pt_counted_name(fills[i].counted),
			    &fills[i]);
	}
	if (n == 0 && !in_use)
		put_unlimited(call, login);
	if (put_limits(call, plan, &activity, in_use, err) != 0)
		return -1;
	put_grant(call, &account, &activity);
	return 0;
}

struct walk {
	struct pc_call *call;
	struct pc_logins logins;
	bool failed;
};

static bool
collect(const struct pt_activity *activity, const struct pt_err *err, void *arg)
{
	struct walk *walk = arg;

	if (activity == NULL)
		pc_call_skip(walk->call, err);
	else if (pc_fill_is_any(activity) &&
		 !pc_logins_add(&walk->logins, &activity->login))
		walk->failed = true;
	return !walk->failed;
}

static void
put_collected(struct pc_call *call, struct pc_logins *logins)
{
	struct pt_login login;
	struct pt_err err;
	size_t i;

	pc_logins_sort(logins);
	for (i = 0; i < logins->count; i++) {
		if (pt_login_parse(logins->at[i], strlen(logins->at[i]), NULL,
			&login, &err) != 0 ||
		    put_login(call, &login, true, &err) != 0)
			pc_call_skip(call, &err);
	}
}

static int
put_all(struct pc_call *call, struct pt_err *err)
{
	struct walk walk = {.call = call};
	int rc;

	rc = pt_store_each_activity(call->store, collect, &walk, err);
	if (rc == 0 && walk.failed)
		rc = pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot list the logins: out of memory");
	if (rc == 0)
		put_collected(call, &walk.logins);
	pc_logins_clear(&walk.logins);
	return rc;
}

enum pc_answer
pc_cmd_quota(struct pc_call *call, struct pt_err *err)
{
	struct pt_login login;
	int rc;

	if (call->arg_count == 0) {
		pc_output_detailed(call->out);
		pc_output_begin(call->out, pc_columns_quota, true);
		rc = put_all(call, err);
	} else {
		if (pc_call_login(call, 0, &login, err) != 0)
			return PC_FAILED;
		pc_output_begin(call->out, pc_columns_quota, true);
		rc = put_login(call, &login, false, err);
	}
	if (rc != 0 || pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return PC_YES;
}
