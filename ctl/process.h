/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Another program's output, with bounds: it gets a clean environment and no
 * shell, ten seconds of time, and room for 4 MiB.
 */
#ifndef PC_PROCESS_H
#define PC_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

/* Looks in the system's own directories, never in PATH. */
bool
pc_process_find(const char *name, char *path, size_t cap);

/*
 * Runs argv[0] (a path); its standard output, NUL-terminated and owned by
 * the caller.  An exit code other than 0 fails with the last line that it
 * wrote to standard error.
 */
int
pc_process_read(char *const *argv, char **text_out, struct pt_err *err);

#endif
