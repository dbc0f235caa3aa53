/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The signals that the keeper waits for: they are blocked all the time and
 * taken one by one, so that none comes in the middle of anything.  What it
 * starts gets a clean mask (core/service/outbox.h).
 */
#ifndef PK_SIGNALS_H
#define PK_SIGNALS_H

#include <stdint.h>

#include "core/base/err.h"

enum pk_signal {
	PK_SIGNAL_NONE,
	PK_SIGNAL_STOP,   /* SIGTERM, SIGINT */
	PK_SIGNAL_RELOAD, /* SIGHUP */
	PK_SIGNAL_SWEEP,  /* SIGUSR1 */
	PK_SIGNAL_CHILD,  /* SIGCHLD: a command has ended */
};

/*
 * Before anything else; SIGPIPE is ignored from then on.  Signals to stop go on
 * ending the process at once, because a start may wait for others.
 */
int
pk_signals_init(struct pt_err *err);

/* From now on pk_signals_wait() takes those, too. */
void
pk_signals_begin(void);

/* The next one, or PK_SIGNAL_NONE when the time is over. */
enum pk_signal
pk_signals_wait(int64_t timeout_ms);

#endif
