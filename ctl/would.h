/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What was only observed, over all accounts: for posternctl would and explain.
 * core/rules/would.h notes it.
 */
#ifndef PC_WOULD_H
#define PC_WOULD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/config/plan.h"
#include "core/state/activity.h"
#include "ctl/call.h"

/* Which entries; zeroes: all. */
struct pc_would_filter {
	const struct pt_login *login; /* NULL: of everybody */
	unsigned char reason;         /* enum pt_reason_id; 0: any */
	int64_t since;                /* of which the last was not before */
};

struct pc_would_login {
	struct pc_would_login *next;
	uint64_t messages; /* of all its rows */
	char plan[PT_PLAN_NAME_MAX + 1];
	char text[];
};

/* Millions of these may be at hand: they are sorted where they are. */
struct pc_would_row {
	const struct pc_would_login *login;
	struct pt_would would;
};

struct pc_would_list {
	struct pc_would_login *logins; /* owned, each; in any order */
	struct pc_would_row *rows;     /* owned */
	size_t count, room;
};

/*
 * What the state holds of them: the logins of which most would have been
 * refused in front, and of each likewise.  Records that cannot be read are
 * reported and left out.
 */
int
pc_would_read(struct pc_call *call, const struct pc_would_filter *filter,
    struct pc_would_list *out, struct pt_err *err);

void
pc_would_clear(struct pc_would_list *list);

/* Does the filter take the entry, apart from the login? */
bool
pc_would_is_wanted(
    const struct pc_would_filter *filter, const struct pt_would *would);

/* A limit as it stands in a plan: "15/1h", "30M"; "": there is none. */
#define PC_WOULD_LIMIT_MAX 64
void
pc_would_limit(const struct pt_figures *figures, char *buf, size_t cap);

/*
 * The limit that would do, in the same form; "" where none is known.  A size
 * is rounded up to what one would write.
 */
void
pc_would_enough(const struct pt_would *would, char *buf, size_t cap);

/* One limit of a plan, and whom it meets. */
struct pc_would_group {
	const char *plan;
	unsigned char reason;
	struct pt_figures limit; /* used: the highest peak; 0: unknown */
	uint64_t logins;
	uint64_t messages;
	/* So high are the peaks of half of these logins, and of 95 %. */
	uint64_t median;
	uint64_t p95;
};

/*
 * Puts the rows into groups, by plan and then those with most messages in
 * front; the list is in another order then.  The caller frees them; their plans
 * are those of the list.
 */
int
pc_would_group(struct pc_would_list *list, struct pc_would_group **out,
    size_t *count_out, struct pt_err *err);

#endif
