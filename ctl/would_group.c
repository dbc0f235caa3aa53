/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What was only observed, by the limits of plans. */

#include <stdlib.h>
#include <string.h>

#include "ctl/would.h"

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* The same limit of the same plan? */
static int
compare_limits(const struct pc_would_row *x, const struct pc_would_row *y)
{
	const struct pt_figures *a = &x->would.peak;
	const struct pt_figures *b = &y->would.peak;
	int order = strcmp(x->login->plan, y->login->plan);

	if (order == 0)
		order = (int)x->would.reason - (int)y->would.reason;
	if (order == 0)
		order = (int)a->unit - (int)b->unit;
	if (order == 0)
		order =
		    compare_numbers((uint64_t)a->seconds, (uint64_t)b->seconds);
	if (order == 0)
		order = compare_numbers(a->limit, b->limit);
	return order;
}

static int
compare_rows(const void *a, const void *b)
{
	const struct pc_would_row *x = a;
	const struct pc_would_row *y = b;
	int order = compare_limits(x, y);

	return order != 0
		   ? order
		   : compare_numbers(x->would.peak.used, y->would.peak.used);
}

static int
compare_groups(const void *a, const void *b)
{
	const struct pc_would_group *x = a;
	const struct pc_would_group *y = b;
	int order = strcmp(x->plan, y->plan);

	if (order == 0)
		order = compare_numbers(y->messages, x->messages);
	if (order == 0)
		order = compare_numbers(y->logins, x->logins);
	if (order == 0)
		order = (int)x->reason - (int)y->reason;
	if (order == 0)
		order = (int)x->limit.unit - (int)y->limit.unit;
	if (order == 0)
		order = compare_numbers(
		    (uint64_t)x->limit.seconds, (uint64_t)y->limit.seconds);
	return order;
}

/* The least peak that so many percent of them do not exceed. */
static uint64_t
percentile(const struct pc_would_row *rows, size_t n, size_t percent)
{
	size_t rank = (n * percent + 99) / 100;

	return rows[rank - 1].would.peak.used;
}

static struct pc_would_group
make_group(const struct pc_would_row *rows, size_t n)
{
	struct pc_would_group group = {
	    .plan = rows[0].login->plan,
	    .reason = rows[0].would.reason,
	    .limit = rows[n - 1].would.peak,
	    .logins = n,
	    .median = percentile(rows, n, 50),
	    .p95 = percentile(rows, n, 95),
	};

	for (size_t i = 0; i < n; i++)
		group.messages += rows[i].would.messages;
	return group;
}

int
pc_would_group(struct pc_would_list *list, struct pc_would_group **out,
    size_t *count_out, struct pt_err *err)
{
	const struct pc_would_row *rows = list->rows;
	struct pc_would_group *groups;
	size_t count = 0;
	size_t first = 0;

	if (list->count > 1)
		qsort(list->rows, list->count, sizeof(*rows), compare_rows);
	for (size_t i = 0; i < list->count; i++)
		count += i == 0 || compare_limits(&rows[i - 1], &rows[i]) != 0;
	groups = calloc(count + 1, sizeof(*groups));
	if (groups == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot sum up what was observed: out of memory");
	count = 0;
	for (size_t i = 1; i <= list->count; i++) {
		if (i < list->count &&
		    compare_limits(&rows[first], &rows[i]) == 0)
			continue;
		groups[count++] = make_group(&rows[first], i - first);
		first = i;
	}
	if (count > 1)
		qsort(groups, count, sizeof(*groups), compare_groups);
	*out = groups;
	*count_out = count;
	return 0;
}
