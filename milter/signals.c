/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

/* A handler can reach nothing but what is global. */
static int wake_pipe[2] = {-1, -1};

static void
put(unsigned char bits)
{
	int code = errno;

	/* If it is full, the main thread is about to look anyway. */
	if (write(wake_pipe[1], &bits, 1) < 0)
		errno = code;
}

static void
on_signal(int number)
{
	put(number == SIGHUP ? PM_SIGNAL_RELOAD : PM_SIGNAL_STOP);
}

static void
our_signals(sigset_t *set)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGHUP);
	(void)sigaddset(set, SIGTERM);
	(void)sigaddset(set, SIGINT);
}

static int
make_pipe(struct pt_err *err)
{
	int i;

	if (pipe(wake_pipe) != 0)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot make a pipe");
	for (i = 0; i < 2; i++) {
		if (fcntl(wake_pipe[i], F_SETFD, FD_CLOEXEC) != 0 ||
		    fcntl(wake_pipe[i], F_SETFL, O_NONBLOCK) != 0)
			return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
			    "cannot make a pipe");
	}
	return 0;
}

int
pm_signals_init(struct pt_err *err)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t set;

	if (make_pipe(err) != 0)
		return -1;
	our_signals(&set);
	action.sa_flags = SA_RESTART;
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) == 0 &&
	    sigaction(SIGPIPE, &ignore, NULL) == 0 &&
	    sigaction(SIGHUP, &action, NULL) == 0 &&
	    sigaction(SIGTERM, &action, NULL) == 0 &&
	    sigaction(SIGINT, &action, NULL) == 0)
		return 0;
	return pt_err_sys(
	    err, PT_ERR_UNAVAILABLE, errno, "cannot take signals");
}

void
pm_signals_unblock(void)
{
	sigset_t set;

	our_signals(&set);
	(void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void
pm_signals_raise(enum pm_signal signal)
{
	put((unsigned char)signal);
}

unsigned
pm_signals_wait(int timeout_ms)
{
	struct pollfd ready = {.fd = wake_pipe[0], .events = POLLIN};
	unsigned char bytes[64];
	unsigned bits = 0;
	ssize_t n;
	ssize_t i;

	if (poll(&ready, 1, timeout_ms) < 0 && errno != EINTR)
		return 0;
	while ((n = read(wake_pipe[0], bytes, sizeof(bytes))) > 0) {
		for (i = 0; i < n; i++)
			bits |= bytes[i];
	}
	return bits;
}
