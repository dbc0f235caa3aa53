/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* postern-milter(8): options in, exit code out. */

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/service/program.h"
#include "milter/daemon.h"

#define PROGRAM "postern-milter"

static const struct pt_program program = {
    .name = PROGRAM,
    .purpose =
	"Postern's mail filter for Postfix and Sendmail: runs in the "
	"foreground,\n"
	"logs to standard error, reads its configuration again at SIGHUP.\n",
};

/*
 * Stands before that of the C library.  Its only caller is libmilter, whose
 * thread for signals would now and then take one that is meant for us, and end
 * the daemon at a SIGHUP; it never returns from here.
 */
int
sigwait(const sigset_t *set, int *sig) /* NOLINT: named as in libc */
{
	(void)set;
	(void)sig;
	for (;;)
		(void)pause();
}

static int
run(const char *file)
{
	static struct pm_daemon daemon;
	struct pt_err err;

	pt_log_init(PROGRAM, PT_LOG_INFO);
	if (pm_daemon_run(&daemon, file, &err) == 0)
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
