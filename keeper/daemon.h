/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The keeper as a whole: it starts, works, reloads and stops.  One thread, one
 * loop, no socket; between things to do it waits for a signal.
 *
 * SIGHUP reads the configuration anew; if anything is wrong with it, the old
 * one stays in force.  SIGUSR1 begins a walk.  SIGTERM and SIGINT: commands
 * that run are ended, their notices stay in the outbox, the state is synced.
 * Once it has started, no trouble with the state ends it: it is logged, and
 * tried again.
 */
#ifndef PK_DAEMON_H
#define PK_DAEMON_H

#include "core/base/err.h"
#include "core/service/privilege.h"
#include "keeper/context.h"
#include "keeper/schedule.h"
#include "keeper/upkeep.h"
#include "keeper/walk.h"

struct pk_daemon {
	const char *file; /* postern.conf */
	struct pt_owner owner;
	int sole_fd; /* the lock of who sends notices; -1: none */
	struct pk_context context;
	struct pk_schedule schedule;
	struct pk_upkeep upkeep;
	struct pk_walk walk;
};

/*
 * Runs until a signal ends it; 0 then.  -1 if it cannot be started, and
 * nothing has been changed.  The daemon is big: not for the stack.
 */
int
pk_daemon_run(struct pk_daemon *daemon, const char *file, struct pt_err *err);

#endif
