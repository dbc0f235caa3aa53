/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The walk of housekeeping through all accounts (core/rules/idle.h), old
 * history and old hours, in steps of bounded work, so that the store's locks
 * are never held for long and whoever calls can do other things between them.
 *
 * An account that is made during a walk is met or not, as its login lies
 * before or behind the walk's place.  A step that failed may be repeated: what
 * was done before it stays done, and an account that is judged twice changes
 * once.
 *
 * Where the clock is doubted (core/service/doubt.h), walks do nothing.
 */
#ifndef PT_SERVICE_SWEEP_H
#define PT_SERVICE_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/config/config.h"
#include "core/rules/idle.h"
#include "core/state/store.h"

#define PT_SWEEP_STEP 256 /* accounts or history entries a step */
/* Accounts that one transaction changes: few, because policyd waits meanwhile
 * if it wants to write.  Not for the disk, to which they go after that. */
#define PT_SWEEP_BATCH 8

/* An account to which something was done, or whose records are damaged. */
struct pt_sweep_found {
	const struct pt_login *login;
	unsigned what;             /* enum pt_idle, or-ed; 0: see err */
	struct pt_figures figures; /* of the block */
	int64_t until;             /* when access will end; 0: not told */
	const struct pt_err *err;  /* NULL, or why it was left alone */
};

typedef void
pt_sweep_report_fn(const struct pt_sweep_found *found, void *arg);

/* Too big for the stack. */
struct pt_sweep {
	/* May be replaced between steps, after a reload. */
	const struct pt_config *config;
	struct pt_store *store;
	/* Nothing is changed, only reported; set it after the begin. */
	bool dry_run;
	/* So far. */
	uint64_t accounts; /* looked at */
	uint64_t told, blocked, expired, tidied, would, damaged;
	uint64_t history_deleted;
	/* The clock is, since swept.doubted_at: nothing more is done. */
	bool is_doubted;
	struct pt_swept swept; /* at: the last step, of whichever walk */
	/* Private. */
	int phase;
	int64_t begun;
	uint32_t life; /* of who counts sessions, at this step */
	struct pt_login place;
	struct pt_history_place history;
	struct pt_login logins[PT_SWEEP_BATCH];
	struct pt_account account;
	struct pt_activity activity;
	struct pt_usage usage;
};

int
pt_sweep_begin(struct pt_sweep *sweep, const struct pt_config *config,
    struct pt_store *store, struct pt_err *err);

/* 1: there is more to do, 0: done, -1: the state could not be used. */
int
pt_sweep_step(struct pt_sweep *sweep, int64_t now, pt_sweep_report_fn *report,
    void *arg, struct pt_err *err);

#endif
