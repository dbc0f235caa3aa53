/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The figures of a report: gathered here from the state, once, and drawn by
 * report_page.h.  Neither knows the other's business, so that each can be
 * tested alone.
 *
 * Messages by the hour are those of `posternctl stats`: the counters of all
 * daemons, each message counted once, put down in the hour in which they were
 * written (the daemons do so every few seconds).
 */
#ifndef PC_REPORT_H
#define PC_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/counters.h"
#include "core/state/history.h"
#include "core/state/usage.h"
#include "ctl/call.h"
#include "ctl/fill.h"

#define PC_REPORT_DAYS_MAX   400
#define PC_REPORT_BARS_MAX   240
#define PC_REPORT_REASONS    8 /* enum pt_block_reason */
#define PC_REPORT_TOP        10
#define PC_REPORT_ENTRIES    60
#define PC_REPORT_FILL_PARTS 11 /* tenths of the window, and full */

/* One or several hours of sending. */
struct pc_report_bar {
	uint64_t permitted;
	uint64_t refused;
};

struct pc_report_sender {
	struct pt_login login;
	uint64_t sent; /* ever, as for `posternctl top` */
	uint64_t refused;
	uint64_t in_windows;
	int64_t last_at;
};

/* One account, closely. */
struct pc_report_account {
	struct pt_account account;
	struct pt_activity activity;
	struct pt_usage usage;
	char plan[PT_PLAN_NAME_MAX + 1];
	size_t fill_count;
	struct pc_fill fills[PC_FILLS_MAX];
	size_t entry_count; /* the last ones, the oldest first */
	uint64_t entries_seen;
	struct pt_history entries[PC_REPORT_ENTRIES];
};

struct pc_report {
	int64_t made_at;
	int64_t from; /* a full hour */
	unsigned days;
	/* Sending: bars of so many hours, from "from" on. */
	unsigned bar_hours;
	size_t bar_count;
	struct pc_report_bar bars[PC_REPORT_BARS_MAX];
	uint64_t permitted; /* in the period */
	uint64_t refused[PT_COUNTER_REASONS];
	uint64_t observed[PT_COUNTER_REASONS];
	uint64_t permitted_ever; /* what stats says */
	uint64_t refused_ever;
	/* Blocks: bars of so many days. */
	unsigned block_days;
	size_t block_bar_count;
	uint64_t blocks[PC_REPORT_BARS_MAX][PC_REPORT_REASONS];
	/* Accounts as they are now. */
	uint64_t accounts;
	uint64_t access_on;
	uint64_t locked;
	uint64_t blocked[PC_REPORT_REASONS];
	/* How full the fullest sending window of each account is. */
	uint64_t fill[PC_REPORT_FILL_PARTS];
	uint64_t empty; /* nothing counts in any */
	size_t top_count;
	struct pc_report_sender top[PC_REPORT_TOP];
	struct pc_report_account *one; /* owned; NULL: of nobody */
};

/* Everything is 0; owned by the caller, NULL when memory is short. */
struct pc_report *
pc_report_new(int64_t now, unsigned days);

/* NULL is allowed. */
void
pc_report_free(struct pc_report *report);

/* From the state of the call. */
int
pc_report_gather(
    struct pc_call *call, struct pc_report *report, struct pt_err *err);

/* report_account.c: one account. */
int
pc_report_gather_account(struct pc_call *call, const struct pt_login *login,
    struct pc_report *report, struct pt_err *err);

/* report_fill.c: how full the windows are, and who sends most. */
int
pc_report_gather_fill(
    struct pc_call *call, struct pc_report *report, struct pt_err *err);

/* The reason that a history entry "block" tells of; NONE if it is no such. */
enum pt_block_reason
pc_report_block_of(const struct pt_history *entry);

/* Of all reasons together. */
uint64_t
pc_report_sum(const uint64_t counts[PT_COUNTER_REASONS]);

/* The part of "fill" where an account stands that used so much of a limit. */
size_t
pc_report_fill_part(uint64_t used, uint64_t limit);

#endif
