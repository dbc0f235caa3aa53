/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* quota: each window of one login, or every window in use. */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/rules/quota.h"
#include "core/rules/reason.h"
#include "ctl/call.h"
#include "ctl/fill.h"
#include "ctl/handlers.h"

#define COLUMNS(login_flags)                                              \
	{                                                                 \
		{"login", NULL, login_flags}, {"kind", "what", 0},        \
		    {"window", NULL, PC_RIGHT}, {"used", NULL, PC_RIGHT}, \
		    {"limit", NULL, PC_RIGHT}, {"left", NULL, PC_RIGHT},  \
		    {"full_until", "full until", 0},                      \
	}

static const struct pc_column columns_one[] = COLUMNS(PC_MACHINE);
static const struct pc_column columns_all[] = COLUMNS(0);

static void
put_amount(struct pc_call *call, enum pt_counted counted, uint64_t amount)
{
	if (counted == PT_COUNT_BYTES)
		pc_output_size(call->out, amount);
	else
		pc_output_number(call->out, amount);
}

static void
put_fill(struct pc_call *call, const struct pt_login *login,
    const struct pc_fill *fill)
{
	pc_output_text(call->out, login->text);
	pc_output_text(call->out, pt_counted_name(fill->counted));
	pc_output_span(call->out, fill->window.seconds);
	put_amount(call, fill->counted, fill->used);
	put_amount(call, fill->counted, fill->window.limit);
	put_amount(call, fill->counted, fill->left);
	if (fill->free_at < 0)
		pc_output_text(call->out, "always");
	else
		pc_output_time(call->out, fill->free_at);
}

/* A row, so that nobody takes silence for an empty window. */
static void
put_unlimited(struct pc_call *call, const struct pt_login *login)
{
	unsigned i;

	pc_output_text(call->out, login->text);
	pc_output_text(call->out, pt_counted_name(PT_COUNT_MESSAGES));
	for (i = 2; i < PT_ARRAY_LEN(columns_one); i++)
		pc_output_none(call->out);
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
			put_fill(call, login, &fills[i]);
	}
	if (n == 0 && !in_use)
		put_unlimited(call, login);
	put_grant(call, &account, &activity);
	return 0;
}

/* Logins, one after the other; a walk must not read other records. */
struct logins {
	struct pc_call *call;
	char **at;
	size_t count;
	size_t room;
	bool failed;
};

static bool
counts_anywhere(const struct pt_activity *activity)
{
	unsigned i;

	for (i = 0; i < PT_COUNTED; i++) {
		if (activity->log[i].count > 0)
			return true;
	}
	return false;
}

static bool
collect(const struct pt_activity *activity, const struct pt_err *err, void *arg)
{
	struct logins *logins = arg;
	size_t room = logins->room == 0 ? 64 : logins->room * 2;
	char **at;

	if (activity == NULL) {
		pc_call_skip(logins->call, err);
		return true;
	}
	if (!counts_anywhere(activity))
		return true;
	if (logins->count == logins->room) {
		at = realloc(logins->at, room * sizeof(*at));
		if (at == NULL)
			goto fail;
		logins->at = at;
		logins->room = room;
	}
	logins->at[logins->count] = strdup(activity->login.text);
	if (logins->at[logins->count] == NULL)
		goto fail;
	logins->count++;
	return true;
fail:
	logins->failed = true;
	return false;
}

static int
compare_logins(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

static int
put_collected(struct pc_call *call, struct logins *logins, struct pt_err *err)
{
	struct pt_err single;
	struct pt_login login;
	size_t i;

	if (logins->failed)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot list the logins: out of memory");
	if (logins->count > 1)
		qsort(logins->at, logins->count, sizeof(logins->at[0]),
		    compare_logins);
	for (i = 0; i < logins->count; i++) {
		if (pt_login_parse(logins->at[i], strlen(logins->at[i]), NULL,
			&login, &single) != 0 ||
		    put_login(call, &login, true, &single) != 0)
			pc_call_skip(call, &single);
	}
	return 0;
}

static int
put_all(struct pc_call *call, struct pt_err *err)
{
	struct logins logins = {.call = call};
	size_t i;
	int rc;

	rc = pt_store_each_activity(call->store, collect, &logins, err);
	if (rc == 0)
		rc = put_collected(call, &logins, err);
	for (i = 0; i < logins.count; i++)
		free(logins.at[i]);
	free(logins.at);
	return rc;
}

enum pc_answer
pc_cmd_quota(struct pc_call *call, struct pt_err *err)
{
	struct pt_login login;
	int rc;

	if (call->arg_count == 0) {
		pc_output_begin(
		    call->out, columns_all, PT_ARRAY_LEN(columns_all), true);
		rc = put_all(call, err);
	} else {
		if (pc_call_login(call, 0, &login, err) != 0)
			return PC_FAILED;
		pc_output_begin(
		    call->out, columns_one, PT_ARRAY_LEN(columns_one), true);
		rc = put_login(call, &login, false, err);
	}
	if (rc != 0 || pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return PC_YES;
}
