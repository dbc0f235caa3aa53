/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The command line of a daemon: -c FILE, -h, -V. */
#ifndef PT_SERVICE_PROGRAM_H
#define PT_SERVICE_PROGRAM_H

struct pt_program {
	const char *name;
	const char *purpose; /* whole lines, for the usage text */
};

/*
 * -1: the daemon is to run, with the configuration at *file_out; else the
 * exit code to end with, all being said.
 */
int
pt_program_options(const struct pt_program *program, int argc, char **argv,
    const char **file_out);

#endif
