/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Another program between two files, for output of any size: clean
 * environment, no shell, five minutes of time.
 */
#ifndef PC_PROCESS_FILE_H
#define PC_PROCESS_FILE_H

#include "core/base/err.h"

/*
 * Runs argv[0] (a path) with these descriptors; in_fd -1: nothing to read.  An
 * exit code other than 0 fails with the last line of its standard error.
 */
int
pc_process_run(char *const *argv, int in_fd, int out_fd, struct pt_err *err);

#endif
