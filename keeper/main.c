/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* postern-keeper(8): options in, exit code out. */

#define _DEFAULT_SOURCE /* setpriority() */

#include <stdio.h>
#include <sys/resource.h>

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/service/program.h"
#include "keeper/daemon.h"

#define PROGRAM "postern-keeper"

/*
 * Whoever answers others goes first.  Not the lowest that there is: now and
 * then others wait for a lock that the keeper has.
 */
#define NICENESS 10

static const struct pt_program program = {
    .name = PROGRAM,
    .purpose =
	"Postern's housekeeping: completes blocks, sends notices, looks after\n"
	"accounts that are not used.  Runs in the foreground, logs to "
	"standard\n"
	"error, reads its configuration again at SIGHUP.\n",
};

static int
run(const char *file)
{
	static struct pk_daemon daemon;
	struct pt_err err;

	pt_log_init(PROGRAM, PT_LOG_INFO);
	(void)setpriority(PRIO_PROCESS, 0, NICENESS);
	if (pk_daemon_run(&daemon, file, &err) == 0)
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
