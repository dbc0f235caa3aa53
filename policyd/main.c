/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* postern-policyd(8): options in, exit code out. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/service/program.h"
#include "policyd/daemon.h"
#include "policyd/ownership.h"

#define PROGRAM "postern-policyd"

static const struct pt_program program = {
    .name = PROGRAM,
    .purpose =
	"Postern's policy daemon for Postfix: runs in the foreground, logs to\n"
	"standard error, reads its configuration again at SIGHUP.\n",
};

static int
ignore_sigpipe(void)
{
	struct sigaction action = {.sa_handler = SIG_IGN};

	return sigaction(SIGPIPE, &action, NULL);
}

static int
run(const char *file)
{
	static struct pd_daemon daemon;
	struct pt_err err;

	pt_log_init(PROGRAM, PT_LOG_INFO);
	if (ignore_sigpipe() != 0 ||
	    setenv("UV_THREADPOOL_SIZE", PD_OWNERSHIP_THREADS, 0) != 0) {
		perror(PROGRAM);
		return pt_err_exit_code(PT_ERR_UNAVAILABLE);
	}
	if (pd_daemon_run(&daemon, file, &err) == 0)
		return 0;
	(void)fprintf(stderr, PROGRAM ": %s\n", err.text);
	return pt_err_exit_code(err.kind);
}

int
main(int argc, char **argv)
{
	const char *file;
	int code = pt_program_options(&program, argc, argv, &file);

	return code >= 0 ? code : run(file);
}
