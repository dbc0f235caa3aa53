/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a batch tells: a row for each line that failed or was answered with no
 * and for each that made an app password, and how many there were of each
 * kind.  Secrets go the way of secret.h: rows are made with stand-ins, in
 * memory.
 */
#ifndef PC_BATCH_REPORT_H
#define PC_BATCH_REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/err.h"
#include "ctl/call.h"
#include "ctl/order.h"
#include "ctl/output.h"

enum pc_batch_result {
	PC_BATCH_DONE,
	PC_BATCH_UNCHANGED, /* it was so already */
	PC_BATCH_NO,        /* understood, and the answer is no */
	PC_BATCH_ERROR,
	PC_BATCH_RESULTS,
};

struct pc_batch_report {
	struct pc_call *call;
	struct pc_output *out; /* owned; writes to memory */
	FILE *memory;
	char *text;
	size_t len;
	uint64_t count[PC_BATCH_RESULTS];
	enum pt_err_kind first; /* failure; PT_ERR_NONE: there was none */
	int64_t shown_ms;       /* progress */
};

int
pc_batch_report_init(
    struct pc_batch_report *report, struct pc_call *call, struct pt_err *err);

void
pc_batch_report_clear(struct pc_batch_report *report);

/*
 * Adds a line; "command" is NULL if it was not understood, *order is one that
 * was applied or has its change.err.
 */
void
pc_batch_report_add(struct pc_batch_report *report, uint64_t number,
    const struct pc_command *command, const struct pc_order *order);

/*
 * Writes the rows that were added, with the secrets of these orders.  -1: not
 * all of it was written.
 */
int
pc_batch_report_write(struct pc_batch_report *report,
    struct pc_order *const *orders, size_t n, struct pt_err *err);

/* The end of the rows. */
int
pc_batch_report_end(struct pc_batch_report *report, struct pt_err *err);

/* Where standard error is a terminal: how far it is, now and then. */
void
pc_batch_report_progress(struct pc_batch_report *report);

/* How many there were, for people, after all else. */
void
pc_batch_report_counts(const struct pc_batch_report *report);

#endif
