/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "keeper/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#define MS_PER_SECOND 1000
#define NS_PER_MS     1000000L

static void
first_signals(sigset_t *set)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGHUP);
	(void)sigaddset(set, SIGUSR1);
	(void)sigaddset(set, SIGCHLD);
}

static void
all_signals(sigset_t *set)
{
	first_signals(set);
	(void)sigaddset(set, SIGTERM);
	(void)sigaddset(set, SIGINT);
}

static void
on_child(int number)
{
	(void)number;
}

int
pk_signals_init(struct pt_err *err)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	/* By default it may get lost although it is blocked; it is never
	 * called. */
	const struct sigaction child = {.sa_handler = on_child};
	sigset_t set;

	first_signals(&set);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0 &&
	    sigaction(SIGPIPE, &ignore, NULL) == 0 &&
	    sigaction(SIGCHLD, &child, NULL) == 0)
		return 0;
	return pt_err_sys(
	    err, PT_ERR_UNAVAILABLE, errno, "cannot take signals");
}

void
pk_signals_begin(void)
{
	sigset_t set;

	all_signals(&set);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
}

enum pk_signal
pk_signals_wait(int64_t timeout_ms)
{
	const struct timespec timeout = {
	    .tv_sec = (time_t)(timeout_ms / MS_PER_SECOND),
	    .tv_nsec = (long)(timeout_ms % MS_PER_SECOND) * NS_PER_MS,
	};
	sigset_t set;

	all_signals(&set);
	switch (sigtimedwait(&set, NULL, &timeout)) {
	case SIGTERM:
	case SIGINT:
		return PK_SIGNAL_STOP;
	case SIGHUP:
		return PK_SIGNAL_RELOAD;
	case SIGUSR1:
		return PK_SIGNAL_SWEEP;
	case SIGCHLD:
		return PK_SIGNAL_CHILD;
	default:
		return PK_SIGNAL_NONE;
	}
}
