/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* postern-policyd(8): options in, exit code out. */

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "policyd/daemon.h"

#define PROGRAM "postern-policyd"

static const char usage[] =
    "usage: " PROGRAM " [-c FILE]\n"
    "\n"
    "Postern's policy daemon for Postfix: runs in the foreground, logs to\n"
    "standard error, reads its configuration again at SIGHUP.\n"
    "\n"
    "  -c, --config FILE  configuration, instead of " PT_CONFIG_FILE "\n"
    "  -h, --help         this text\n"
    "  -V, --version      version\n";

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
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
	/* One thread syncs; libuv would start four. */
	if (ignore_sigpipe() != 0 ||
	    setenv("UV_THREADPOOL_SIZE", "1", 0) != 0) {
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
	const char *file = PT_CONFIG_FILE;
	int option;

	while (
	    (option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			file = optarg;
			break;
		case 'h':
			(void)fputs(usage, stdout);
			return 0;
		case 'V':
			(void)puts(PROGRAM " " POSTERN_VERSION);
			return 0;
		default:
			(void)fputs(usage, stderr);
			return pt_err_exit_code(PT_ERR_USAGE);
		}
	}
	if (optind < argc) {
		(void)fputs(usage, stderr);
		return pt_err_exit_code(PT_ERR_USAGE);
	}
	return run(file);
}
