/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Durations in nanoseconds, counted in logarithmic buckets: each power of two
 * is cut into 64 equal parts, so a percentile is at most 1.6 % too high and
 * never too low.  The largest value is kept exactly.  Fixed size, no
 * allocation, not for several threads at once.
 */
#ifndef TESTS_BENCH_BENCH_HISTOGRAM_H
#define TESTS_BENCH_BENCH_HISTOGRAM_H

#include <stdint.h>

#define BENCH_HISTOGRAM_PART_BITS 6
#define BENCH_HISTOGRAM_BUCKETS   ((64 - 5) << BENCH_HISTOGRAM_PART_BITS)

struct bench_histogram {
	uint64_t total;
	uint64_t max_ns;
	uint64_t buckets[BENCH_HISTOGRAM_BUCKETS];
};

void
bench_histogram_add(struct bench_histogram *h, uint64_t ns);

/*
 * As bench_histogram_add(), for something that was to happen every
 * interval_ns: a duration longer than that also counts for those that could
 * not begin meanwhile, or one long stall would pass for a single bad value
 * among thousands.
 */
void
bench_histogram_add_paced(
    struct bench_histogram *h, uint64_t ns, uint64_t interval_ns);

/*
 * The duration that a share (0 < share <= 1) of all values does not exceed;
 * 0 if nothing was added.
 */
uint64_t
bench_histogram_quantile(const struct bench_histogram *h, double share);

/* Monotonic clock in nanoseconds. */
uint64_t
bench_histogram_clock_ns(void);

#endif
