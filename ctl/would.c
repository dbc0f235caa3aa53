/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/would.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/span.h"
#include "core/rules/reason.h"
#include "ctl/names.h"

struct walk {
	struct pc_call *call;
	const struct pc_would_filter *filter;
	struct pc_would_list *list;
	struct pt_activity settled; /* too big for a stack that is shared */
	bool failed;
};

bool
pc_would_is_wanted(
    const struct pc_would_filter *filter, const struct pt_would *would)
{
	return (filter->reason == 0 || would->reason == filter->reason) &&
	       would->last_at >= filter->since;
}

static struct pc_would_login *
add_login(struct pc_would_list *list, const struct pt_login *login)
{
	struct pc_would_login *at = malloc(sizeof(*at) + login->len + 1);

	if (at == NULL)
		return NULL;
	at->next = list->logins;
	at->messages = 0;
	at->plan[0] = '\0';
	memcpy(at->text, login->text, login->len + (size_t)1);
	list->logins = at;
	return at;
}

static bool
add_row(struct pc_would_list *list, struct pc_would_login *login,
    const struct pt_would *would)
{
	size_t room = list->room == 0 ? 64 : list->room * 2;
	struct pc_would_row *rows;

	if (list->count == list->room) {
		rows = realloc(list->rows, room * sizeof(*rows));
		if (rows == NULL)
			return false;
		list->rows = rows;
		list->room = room;
	}
	list->rows[list->count++] = (struct pc_would_row){login, *would};
	login->messages += would->messages;
	return true;
}

static bool
add_entries(struct walk *walk, const struct pt_activity *activity)
{
	const struct pt_observed *observed = &activity->observed;
	struct pc_would_login *login = NULL;

	for (unsigned i = 0; i < observed->count; i++) {
		if (!pc_would_is_wanted(walk->filter, &observed->entry[i]))
			continue;
		if (login == NULL)
			login = add_login(walk->list, &activity->login);
		if (login == NULL ||
		    !add_row(walk->list, login, &observed->entry[i]))
			return false;
	}
	return true;
}

static bool
collect(const struct pt_activity *activity, const struct pt_err *err, void *arg)
{
	struct walk *walk = arg;

	if (activity == NULL) {
		pc_call_skip(walk->call, err);
		return true;
	}
	if (activity->observed.count == 0)
		return true;
	walk->settled = *activity;
	(void)pt_activity_settle(&walk->settled, walk->call->now);
	walk->failed = !add_entries(walk, &walk->settled);
	return !walk->failed;
}

static int
read_rows(struct walk *walk, struct pt_err *err)
{
	struct pc_call *call = walk->call;
	struct pt_account account;
	int rc = 0;

	if (walk->filter->login == NULL) {
		rc = pt_store_each_activity(call->store, collect, walk, err);
	} else {
		rc = pc_call_read(call, walk->filter->login, &account,
		    &walk->settled, NULL, err);
		walk->failed = rc == 0 && !add_entries(walk, &walk->settled);
	}
	if (rc == 0 && walk->failed)
		rc = pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot list what was observed: out of memory");
	return rc;
}

/* Apart from the walk, which must not read other records. */
static int
read_plans(struct pc_call *call, struct pc_would_list *list, struct pt_err *err)
{
	struct pc_would_login *at;
	struct pt_account account;
	struct pt_login login;

	for (at = list->logins; at != NULL; at = at->next) {
		if (pt_login_parse(
			at->text, strlen(at->text), NULL, &login, err) != 0)
			return -1;
		if (pt_store_read(
			call->store, &login, &account, NULL, NULL, err) != 0) {
			pc_call_skip(call, err);
			continue;
		}
		(void)snprintf(at->plan, sizeof(at->plan), "%s",
		    pc_name_plan(call->config, &account, call->now));
	}
	return 0;
}

static int
more_first(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static int
compare(const void *a, const void *b)
{
	const struct pc_would_row *x = a;
	const struct pc_would_row *y = b;
	const struct pt_would *v = &x->would;
	const struct pt_would *w = &y->would;
	int order = more_first(x->login->messages, y->login->messages);

	if (order == 0)
		order = strcmp(x->login->text, y->login->text);
	if (order == 0)
		order = more_first(v->messages, w->messages);
	if (order == 0)
		order = more_first(v->peak.used, w->peak.used);
	if (order == 0)
		order = (int)v->reason - (int)w->reason;
	if (order == 0)
		order = (int)v->peak.unit - (int)w->peak.unit;
	if (order == 0)
		order = more_first(
		    (uint64_t)w->peak.seconds, (uint64_t)v->peak.seconds);
	return order;
}

int
pc_would_read(struct pc_call *call, const struct pc_would_filter *filter,
    struct pc_would_list *out, struct pt_err *err)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	int rc;

	*out = (struct pc_would_list){0};
	if (walk == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot list what was observed: out of memory");
	walk->call = call;
	walk->filter = filter;
	walk->list = out;
	rc = read_rows(walk, err);
	if (rc == 0)
		rc = read_plans(call, out, err);
	if (rc != 0)
		pc_would_clear(out);
	else if (out->count > 1)
		qsort(out->rows, out->count, sizeof(*out->rows), compare);
	free(walk);
	return rc;
}

void
pc_would_clear(struct pc_would_list *list)
{
	struct pc_would_login *next;

	for (; list->logins != NULL; list->logins = next) {
		next = list->logins->next;
		free(list->logins);
	}
	free(list->rows);
	*list = (struct pc_would_list){0};
}

void
pc_would_limit(const struct pt_figures *figures, char *buf, size_t cap)
{
	const struct pt_window window = {figures->limit, figures->seconds};
	bool is_size = figures->unit == PT_FIGURES_BYTES;

	if (figures->unit == PT_FIGURES_NONE)
		buf[0] = '\0';
	else if (figures->seconds > 0)
		pt_window_format(&window, is_size, buf, cap);
	else if (is_size)
		pt_size_format(figures->limit, buf, cap);
	else
		(void)snprintf(buf, cap, "%" PRIu64, figures->limit);
}

/* To four figures at least, so that it is hardly more than it has to be. */
static uint64_t
round_up(uint64_t bytes)
{
	uint64_t unit = 1;

	while (unit < (uint64_t)1 << 30 && bytes / unit >= 1000 * 1024)
		unit *= 1024;
	if (bytes > 1024 && unit == 1)
		unit = 1024;
	/* A sum that was more than could be counted. */
	if (bytes > UINT64_MAX - unit)
		return UINT64_MAX;
	return (bytes / unit + (bytes % unit != 0)) * unit;
}

void
pc_would_enough(const struct pt_would *would, char *buf, size_t cap)
{
	struct pt_figures figures = would->peak;

	figures.limit = figures.used;
	if (figures.unit == PT_FIGURES_BYTES)
		figures.limit = round_up(figures.used);
	if (figures.used == 0 || would->reason == PT_REASON_BLOCKED)
		buf[0] = '\0';
	else
		pc_would_limit(&figures, buf, cap);
}
