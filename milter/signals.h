/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Signals for the main thread.  SIGHUP, SIGTERM and SIGINT become bits that
 * pm_signals_wait() returns.
 *
 * libmilter has a thread of its own that waits for the same three signals in
 * sigwait(3) and takes each for an order to stop.  The kernel prefers the main
 * thread, but not while that has a signal to take already and does not run,
 * such as in a long wait for a disk.  Therefore main.c has a sigwait() of its
 * own; all other threads have the signals blocked.
 */
#ifndef PM_SIGNALS_H
#define PM_SIGNALS_H

#include "core/base/err.h"

enum pm_signal {
	PM_SIGNAL_RELOAD = 1 << 0,
	PM_SIGNAL_STOP = 1 << 1,
	PM_SIGNAL_ENDED = 1 << 2, /* pm_signals_raise() */
};

/*
 * Before any other thread: blocks the signals for all threads that are started
 * from here on, and ignores SIGPIPE.
 */
int
pm_signals_init(struct pt_err *err);

/* In the main thread, when all others were started. */
void
pm_signals_unblock(void);

/* From another thread: wakes the main one. */
void
pm_signals_raise(enum pm_signal signal);

/* What has come, waiting at most so long (-1: for ever); or-ed. */
unsigned
pm_signals_wait(int timeout_ms);

#endif
