/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/bench_histogram.h"

#include <stddef.h>
#include <time.h>

#define PART_BITS BENCH_HISTOGRAM_PART_BITS
#define PARTS     (UINT64_C(1) << PART_BITS)

/* Values below PARTS have a bucket each; above, the top bits choose one. */
static size_t
bucket_of(uint64_t ns)
{
	unsigned shift;

	if (ns < PARTS)
		return (size_t)ns;
	shift = 63U - (unsigned)__builtin_clzll(ns) - PART_BITS;
	return (size_t)(((uint64_t)shift << PART_BITS) + (ns >> shift));
}

/* The largest value that falls into a bucket. */
static uint64_t
bucket_end(size_t bucket)
{
	unsigned shift;

	if (bucket < 2 * PARTS)
		return bucket;
	shift = (unsigned)(bucket >> PART_BITS) - 1;
	return ((PARTS + (bucket & (PARTS - 1)) + 1) << shift) - 1;
}

void
bench_histogram_add(struct bench_histogram *h, uint64_t ns)
{
	h->buckets[bucket_of(ns)]++;
	h->total++;
	if (ns > h->max_ns)
		h->max_ns = ns;
}

void
bench_histogram_add_paced(
    struct bench_histogram *h, uint64_t ns, uint64_t interval_ns)
{
	bench_histogram_add(h, ns);
	while (ns > interval_ns) {
		ns -= interval_ns;
		bench_histogram_add(h, ns);
	}
}

uint64_t
bench_histogram_quantile(const struct bench_histogram *h, double share)
{
	uint64_t seen = 0;
	uint64_t end;
	double wanted = share * (double)h->total;
	size_t i;

	for (i = 0; i < BENCH_HISTOGRAM_BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen > 0 && (double)seen >= wanted) {
			end = bucket_end(i);
			return end < h->max_ns ? end : h->max_ns;
		}
	}
	return h->max_ns;
}

uint64_t
bench_histogram_clock_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * UINT64_C(1000000000) +
	       (uint64_t)ts.tv_nsec;
}
