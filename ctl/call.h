/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * One call of posternctl: what was asked for and what a handler works with.
 * run.c makes it, the handler uses it, run.c takes it down.
 */
#ifndef PC_CALL_H
#define PC_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/config/config.h"
#include "core/state/history.h"
#include "core/state/store.h"
#include "ctl/command.h"
#include "ctl/output.h"

struct pc_call {
	/* from the command line; pointers into argv */
	const struct pc_command *command; /* NULL with help or version */
	const char *group;                /* help was asked for "account" */
	char **args;
	size_t arg_count;
	const char *values[PC_OPTIONS_MAX]; /* by the command's options */
	const char *config_file;
	enum pc_format format;
	bool format_given;
	bool help;
	bool version;
	/* from the machine */
	int64_t now;
	char who[PT_HISTORY_WORD_MAX + 1]; /* for the history */
	struct pt_config *config;
	struct pt_store *store; /* as the command's state says */
	struct pc_output *out;
	FILE *stream; /* results that are no rows */
	FILE *errors;
	unsigned skipped; /* records that could not be read */
};

/*
 * The value of the command's option by its long name, or by its letter if it
 * has no name ("n"); "" for one that stands alone, NULL if it was not given.
 */
const char *
pc_call_option(const struct pc_call *call, const char *name);

/* Argument i as a login. */
int
pc_call_login(const struct pc_call *call, size_t i, struct pt_login *out,
    struct pt_err *err);

/*
 * Gives up root for the owner of the state, if it is not root, and opens the
 * state.
 */
int
pc_call_open_store(
    struct pc_call *call, enum pt_store_mode mode, struct pt_err *err);

/*
 * The plan that holds for an account; "room" as for pt_account_plan().  NULL
 * and *err, which says what to do, if the configuration does not know it.
 */
const struct pt_plan *
pc_call_plan(const struct pc_call *call, const struct pt_account *account,
    struct pt_plan *room, struct pt_err *err);

/* In a walk: reports a record that cannot be read; the walk goes on. */
void
pc_call_skip(struct pc_call *call, const struct pt_err *err);

/*
 * The records of a login, settled at call->now; activity and usage may be
 * NULL.
 */
int
pc_call_read(struct pc_call *call, const struct pt_login *login,
    struct pt_account *account, struct pt_activity *activity,
    struct pt_usage *usage, struct pt_err *err);

/* The negative answer for a login without a record. */
enum pc_answer
pc_call_no_record(const struct pt_login *login, struct pt_err *err);

#endif
