/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The milter as a whole: it starts, serves, reloads and stops.
 *
 * The main thread takes signals and never uses the state, so that it waits
 * for nobody; upkeep has a thread of its own, and libmilter has its threads.
 * SIGHUP reads the configuration anew; if anything is wrong with it, the old
 * one stays in force, and connections keep the one that they began with.
 * SIGTERM and SIGINT: no new connections and messages, what is on its
 * way has four seconds, the state is synced.  libmilter's threads are not
 * waited for: it has no way to end them in time, and the state is closed to
 * them.
 */
#ifndef PM_DAEMON_H
#define PM_DAEMON_H

#include "core/base/err.h"
#include "core/service/privilege.h"
#include "milter/filter.h"
#include "milter/listen.h"
#include "milter/upkeep.h"

struct pm_daemon {
	const char *file; /* postern.conf */
	struct pt_owner owner;
	struct pm_filter filter;
	struct pm_listen listen;
	struct pm_upkeep upkeep;
};

/*
 * Runs until a signal ends it; 0 then.  -1 if it cannot be started or
 * libmilter gives up.  The daemon must live as long as the process.
 */
int
pm_daemon_run(struct pm_daemon *daemon, const char *file, struct pt_err *err);

#endif
