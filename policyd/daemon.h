/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The daemon as a whole: it starts, serves, reloads and stops.
 *
 * SIGHUP reads the configuration anew; if anything is wrong with it, the old
 * one stays in force.  SIGTERM and SIGINT: no new connections and requests,
 * what is complete is answered, clients have five seconds to take their
 * answers, the state is synced.  Mail sessions are closed without a word.
 */
#ifndef PD_DAEMON_H
#define PD_DAEMON_H

#include <stdbool.h>
#include <uv.h>

#include "core/base/err.h"
#include "core/service/privilege.h"
#include "policyd/batch.h"
#include "policyd/clients.h"
#include "policyd/context.h"
#include "policyd/listener.h"
#include "policyd/ownership.h"
#include "policyd/sessions.h"
#include "policyd/upkeep.h"

#define PD_DAEMON_SIGNALS 3

struct pd_daemon {
	const char *file; /* postern.conf */
	uv_loop_t loop;
	struct pt_owner owner;
	struct pd_context context;
	struct pd_clients clients;
	struct pd_batch batch;
	struct pd_ownership ownership;
	struct pd_listeners listeners;
	struct pd_sessions sessions;
	struct pd_upkeep upkeep;
	uv_prepare_t prepare; /* before it waits: is there work left? */
	uv_check_t check;     /* after all sockets were read: the batch */
	uv_idle_t idle;       /* active while work is left: no waiting then */
	uv_timer_t deadline;  /* of stopping */
	uv_signal_t signals[PD_DAEMON_SIGNALS];
	bool has_loop;
	bool is_stopping;
};

/*
 * Runs until a signal ends it; 0 then.  -1 if it cannot be started, and
 * nothing has been changed.  The daemon is big: not for the stack.
 */
int
pd_daemon_run(struct pd_daemon *daemon, const char *file, struct pt_err *err);

#endif
