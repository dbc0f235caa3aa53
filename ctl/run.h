/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The whole program but main(), so that tests can call it. */
#ifndef PC_RUN_H
#define PC_RUN_H

#include <stdio.h>

/* The exit code; results go to "out", errors and usage to "errors". */
int
pc_run(int argc, char **argv, FILE *out, FILE *errors);

#endif
