/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The session side of the daemon: who connects to session_listen, the sessions
 * that are open, and what is done about them now and then.
 */
#ifndef PD_SESSIONS_H
#define PD_SESSIONS_H

#include <stdbool.h>
#include <uv.h>

#include "core/base/err.h"
#include "policyd/clients.h"
#include "policyd/context.h"
#include "policyd/listener.h"
#include "policyd/session.h"
#include "policyd/session_batch.h"
#include "policyd/session_count.h"
#include "policyd/session_watch.h"

#define PD_SESSIONS_TICK_MS  200
#define PD_SESSIONS_STRANGER 1000 /* connections that opened no session */
/* New connections in a tick; more wait, so that others are served, too. */
#define PD_SESSIONS_ACCEPT 1000

struct pd_sessions {
	struct pd_context *context;
	struct pd_clients clients;
	struct pd_listeners listeners;
	struct pd_session_table table;
	struct pd_session_batch batch;
	struct pd_session_count count;
	struct pd_session_watch watch;
	uv_timer_t timer;
	bool to_store; /* counts, since the last tick */
};

/* Before listeners are opened. */
int
pd_sessions_init(struct pd_sessions *sessions, struct pd_context *context,
    uv_loop_t *loop, struct pt_err *err);

/* When the state is open. */
int
pd_sessions_start(struct pd_sessions *sessions, struct pt_err *err);

/* Once a turn of the loop, after the policy requests. */
void
pd_sessions_run(struct pd_sessions *sessions, int64_t now_ms);

/* What is done five times a second; the timer calls it. */
void
pd_sessions_tick(struct pd_sessions *sessions);

/* Is something left over for the next turn? */
bool
pd_sessions_has_work(struct pd_sessions *sessions);

/* Closes everything, without a word: the plugins go on and come again. */
void
pd_sessions_close(struct pd_sessions *sessions);

/* When the loop has ended: that we live no more. */
int
pd_sessions_finish(struct pd_sessions *sessions, struct pt_err *err);

void
pd_sessions_clear(struct pd_sessions *sessions);

#endif
