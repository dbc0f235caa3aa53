/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The load generator's clients: connections to a policy server, each with one
 * outstanding request, as Postfix's smtpd processes have them.  One thread.
 */
#ifndef TESTS_BENCH_LOAD_LOOP_H
#define TESTS_BENCH_LOAD_LOOP_H

#include "tests/bench/load_options.h"
#include "tests/bench/load_stats.h"

/*
 * Connects, sends for the time that the options say (or until each account
 * has had its turn), takes the last answers and fills *s, which the caller
 * has set to zeros.  Lost connections are counted in *s and their clients
 * send no more.  Returns -1 after telling on standard error why the run could
 * not begin or go on.
 */
int
load_loop_run(const struct load_options *o, struct load_stats *s);

#endif
