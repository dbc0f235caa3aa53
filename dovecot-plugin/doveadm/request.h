/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * One doveadm command: its parameters, Postern's configuration and state for
 * as long as it runs, and its answer.  doveadm-server lives long, so nothing
 * is kept from one command to the next: what the postmaster changes holds for
 * the next one, and no lock of the state is held meanwhile.
 *
 * A command that cannot do what was asked (PT_ERR_USAGE, PT_ERR_INPUT) says so
 * to who asked: on the command line as an error and an exit code, to a network
 * client as one row with the column "error", because the HTTP API turns an
 * exit code into a number without any text.  What is no fault of who asked
 * goes to Dovecot's log, and the client gets the exit code alone.
 */
#ifndef DP_DOVEADM_REQUEST_H
#define DP_DOVEADM_REQUEST_H

#include "dovecot-plugin/compat.h"

#include <doveadm.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/config/config.h"
#include "core/state/account.h"
#include "core/state/store.h"

struct dp_request {
	struct doveadm_cmd_context *cctx;
	int64_t now;
	struct pt_login login;      /* parameter "user" */
	char note[PT_NOTE_MAX + 1]; /* parameter "note" */
	struct pt_config *config;
	struct pt_store *store;
};

/*
 * Reads the configuration and the parameters that all commands have, then
 * opens the state.  false: that was answered, and nothing stays open.
 */
bool
dp_request_open(struct dp_request *request, struct doveadm_cmd_context *cctx,
    enum pt_store_mode mode);

void
dp_request_close(struct dp_request *request);

/* The value of a string parameter; NULL if it was not given. */
const char *
dp_request_text(const struct dp_request *request, const char *name);

/* Answers what went wrong. */
void
dp_request_fail(
    const struct doveadm_cmd_context *cctx, const struct pt_err *err);

/* Begins an answer with these columns. */
void
dp_request_columns(const char *const *names, size_t n);

/* Cells, in the order of the columns; dp_request_print_time(0) is "". */
void
dp_request_print(const char *text);

void
dp_request_print_time(int64_t at);

#endif
