/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a run of the load generator has counted: answers by action, latencies,
 * errors; and how that is printed.
 */
#ifndef TESTS_BENCH_LOAD_STATS_H
#define TESTS_BENCH_LOAD_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/bench/bench_histogram.h"

#define LOAD_STATS_ACTIONS 16

struct load_action {
	char word[24]; /* "DUNNO", "450" */
	uint64_t count;
};

struct load_stats {
	uint64_t answers;  /* all, warm-up and closing included */
	uint64_t dunno;    /* of these */
	uint64_t errors;   /* lost connections, answers not understood */
	uint64_t measured; /* answers within the measured time */
	double measured_seconds;
	double cpu_seconds; /* of the generator, over the whole run */
	struct bench_histogram latency; /* of requests sent within it */
	struct load_action others[LOAD_STATS_ACTIONS]; /* all but DUNNO */
};

/*
 * Counts one whole answer, its empty line included.  Returns whether it was
 * DUNNO; an answer without an action counts as an error.
 */
bool
load_stats_count(struct load_stats *s, const char *answer, size_t len);

/* True if there were no errors and no answer but DUNNO. */
bool
load_stats_all_dunno(const struct load_stats *s);

void
load_stats_print_text(const struct load_stats *s, FILE *to);

/* One object on one line. */
void
load_stats_print_json(const struct load_stats *s, FILE *to);

#endif
