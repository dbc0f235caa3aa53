/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* would: what observe mode would have refused. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/span.h"
#include "core/base/text.h"
#include "core/rules/figures.h"
#include "core/rules/reason.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"
#include "ctl/would.h"

#define LIMIT_MAX 1000000

/* The command line. */
struct wish {
	struct pc_would_filter filter;
	struct pt_login login;
	size_t limit; /* rows; 0: all */
	bool summary;
	bool clear;
};

static void
put_amount(
    struct pc_output *out, const struct pt_figures *kind, uint64_t amount)
{
	if (amount == 0)
		pc_output_none(out);
	else if (kind->unit == PT_FIGURES_BYTES)
		pc_output_size(out, amount);
	else
		pc_output_number(out, amount);
}

static void
put_text(struct pc_output *out, const char *text)
{
	pc_output_text(out, text[0] == '\0' ? NULL : text);
}

static void
put_limit(struct pc_output *out, unsigned char reason,
    const struct pt_figures *figures)
{
	char limit[PC_WOULD_LIMIT_MAX];

	pc_output_text(out, pt_reason_get((enum pt_reason_id)reason)->name);
	pc_output_text(out, pt_figures_name(figures->unit));
	pc_would_limit(figures, limit, sizeof(limit));
	put_text(out, limit);
}

static void
put_row(struct pc_output *out, const struct pc_would_login *login,
    const struct pt_would *would)
{
	char enough[PC_WOULD_LIMIT_MAX];

	pc_output_text(out, login->text);
	put_text(out, login->plan);
	put_limit(out, would->reason, &would->peak);
	pc_output_number(out, would->messages);
	put_amount(out, &would->peak, would->peak.used);
	pc_would_enough(would, enough, sizeof(enough));
	put_text(out, enough);
	pc_output_time(out, would->first_at);
	pc_output_time(out, would->last_at);
}

static void
put_rows(struct pc_call *call, const struct pc_would_list *list, size_t limit)
{
	size_t n = limit > 0 && limit < list->count ? limit : list->count;

	pc_output_begin(call->out, pc_columns_would, true);
	for (size_t i = 0; i < n; i++)
		put_row(call->out, list->rows[i].login, &list->rows[i].would);
}

static int
put_summary(struct pc_call *call, struct pc_would_list *list, size_t limit,
    struct pt_err *err)
{
	struct pc_would_group *groups;
	size_t n;

	if (pc_would_group(list, &groups, &n, err) != 0)
		return -1;
	pc_output_begin(call->out, pc_columns_would_summary, true);
	for (size_t i = 0; i < n && (limit == 0 || i < limit); i++) {
		const struct pc_would_group *group = &groups[i];

		put_text(call->out, group->plan);
		put_limit(call->out, group->reason, &group->limit);
		pc_output_number(call->out, group->logins);
		pc_output_number(call->out, group->messages);
		put_amount(call->out, &group->limit, group->median);
		put_amount(call->out, &group->limit, group->p95);
		put_amount(call->out, &group->limit, group->limit.used);
	}
	free(groups);
	return 0;
}

/* Forgets of one login what the filter takes. */
static void
forget(struct pt_records *records, void *arg)
{
	const struct pc_would_filter *filter = arg;
	struct pt_observed *observed = &records->activity->observed;
	unsigned kept = 0;

	for (unsigned i = 0; i < observed->count; i++) {
		if (!pc_would_is_wanted(filter, &observed->entry[i]))
			observed->entry[kept++] = observed->entry[i];
	}
	records->activity_changed = kept != observed->count;
	observed->count = kept;
	if (kept == 0)
		pt_activity_forget_observed(records->activity);
}

static int
forget_all(struct pc_call *call, struct pc_would_filter *filter,
    const struct pc_would_list *list, struct pt_err *err)
{
	const struct pc_would_login *at;
	struct pt_login login;

	for (at = list->logins; at != NULL; at = at->next) {
		if (pt_login_parse(
			at->text, strlen(at->text), NULL, &login, err) != 0 ||
		    pt_store_update_one(call->store, PT_UPDATE_ACTIVITY, &login,
			forget, filter, err) != 0)
			return -1;
	}
	return pt_store_sync(call->store, err);
}

static int
parse_reason(const char *name, unsigned char *out, struct pt_err *err)
{
	for (unsigned i = PT_REASON_NONE + 1; i < PT_REASONS; i++) {
		if (strcmp(pt_reason_get((enum pt_reason_id)i)->name, name) ==
		    0) {
			*out = (unsigned char)i;
			return 0;
		}
	}
	(void)pt_err_refuse(err, name, "is none, postern(7) lists them");
	err->kind = PT_ERR_USAGE;
	return pt_err_prefix(err, "cannot read --reason");
}

static int
read_filter(
    const struct pc_call *call, struct pc_would_filter *out, struct pt_err *err)
{
	const char *reason = pc_call_option(call, "reason");
	const char *since = pc_call_option(call, "since");
	int64_t span;

	if (reason != NULL && parse_reason(reason, &out->reason, err) != 0)
		return -1;
	if (since == NULL)
		return 0;
	if (pt_span_parse(since, &span, err) != 0) {
		err->kind = PT_ERR_USAGE;
		return pt_err_prefix(err, "cannot read --since");
	}
	out->since = call->now - span;
	return 0;
}

static int
read_wish(const struct pc_call *call, struct wish *out, struct pt_err *err)
{
	const char *limit = pc_call_option(call, "limit");
	uint64_t rows = 0;

	*out = (struct wish){
	    .summary = pc_call_option(call, "summary") != NULL,
	    .clear = pc_call_option(call, "clear") != NULL,
	};
	if (limit != NULL &&
	    (!pt_text_to_u64(limit, LIMIT_MAX, &rows) || rows == 0))
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot read --limit: it is a number from 1 to %d",
		    LIMIT_MAX);
	out->limit = (size_t)rows;
	if (out->clear && (out->summary || limit != NULL))
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot use --clear with --summary or --limit: it forgets "
		    "all that it shows");
	if (call->arg_count > 0) {
		if (pc_call_login(call, 0, &out->login, err) != 0)
			return -1;
		out->filter.login = &out->login;
	}
	return read_filter(call, &out->filter, err);
}

enum pc_answer
pc_cmd_would(struct pc_call *call, struct pt_err *err)
{
	struct pc_would_list list;
	struct wish wish;
	int rc = 0;

	if (read_wish(call, &wish, err) != 0 ||
	    pc_call_open_store(
		call, wish.clear ? PT_STORE_WRITE : PT_STORE_READ, err) != 0 ||
	    pc_would_read(call, &wish.filter, &list, err) != 0)
		return PC_FAILED;
	if (wish.summary)
		rc = put_summary(call, &list, wish.limit, err);
	else
		put_rows(call, &list, wish.limit);
	if (list.count == 0)
		fputs("posternctl: nothing would have been refused\n",
		    call->errors);
	if (rc == 0)
		rc = pc_output_end(call->out, err);
	/* Only now: what could not be shown is not lost. */
	if (rc == 0 && wish.clear)
		rc = forget_all(call, &wish.filter, &list, err);
	pc_would_clear(&list);
	return rc == 0 ? PC_YES : PC_FAILED;
}
