/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The milter generator's clients: connections to a filter, each with one
 * message at a time, as Postfix's smtpd processes have them.  One thread.
 */
#ifndef TESTS_BENCH_MILTER_LOOP_H
#define TESTS_BENCH_MILTER_LOOP_H

#include <stdint.h>

#include "tests/bench/bench_address.h"
#include "tests/bench/bench_histogram.h"

struct milter_loop_options {
	struct bench_address address;
	uint32_t connections;
	uint32_t accounts;
	uint32_t per_connection; /* messages, then a new one; 0: no limit */
	uint32_t messages;       /* in all, then end; 0: by time */
	double seconds;
	double warmup;
	uint64_t seed;
};

struct milter_loop_stats {
	uint64_t accepted;
	uint64_t refused;
	uint64_t errors; /* connections that were lost */
	uint64_t replies;
	uint32_t steps;     /* as struct milter_client has them */
	char symbols[1024]; /* and these */
	uint64_t measured;  /* messages after the warmup */
	double measured_seconds;
	double cpu_seconds;             /* of this program */
	struct bench_histogram latency; /* of a message, MAIL to its end */
};

/*
 * Fills *stats, which the caller has set to zeros.  Returns -1 after telling
 * on standard error why the run could not begin or go on.
 */
int
milter_loop_run(
    const struct milter_loop_options *options, struct milter_loop_stats *stats);

#endif
