/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Judging open sessions again when something changed: the accounts (a block,
 * an app password that ended), the configuration, or the time (an app password
 * that expires).  In slices, so that many sessions do not delay decisions.
 */
#ifndef PD_SESSION_WATCH_H
#define PD_SESSION_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/context.h"
#include "policyd/session.h"
#include "policyd/session_batch.h"

#define PD_SESSION_WATCH_SLICE 64 /* logins in a turn of the loop */
/* From the begin of one round over all logins to that of the next. */
#define PD_SESSION_WATCH_ROUND_MS 400

struct pd_session_watch {
	struct pd_context *context;
	struct pd_session_table *table;
	struct pd_session_batch *batch; /* knows the next expiry */
	uint64_t version;               /* of the accounts */
	unsigned generation;            /* of the configuration */
	bool wanted;                    /* another round */
	int64_t began_ms;               /* the last round; 0: none yet */
	/* The login that is being judged; too big for the stack. */
	struct pt_account account;
	struct pt_activity activity;
};

void
pd_session_watch_init(struct pd_session_watch *watch,
    struct pd_context *context, struct pd_session_batch *batch);

/* Looks for what changed, and begins a round if need be; now and then. */
void
pd_session_watch_look(struct pd_session_watch *watch, int64_t now_ms);

/* Judges a slice, if there is anything to judge; is there more? */
bool
pd_session_watch_run(struct pd_session_watch *watch, int64_t now_ms);

#endif
