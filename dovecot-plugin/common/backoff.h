/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * How long to wait before the next attempt to reach policyd: 1, 2, 5, 10, 20,
 * 40 and from then on 60 seconds.  Many sessions lose policyd in the same
 * moment; so that they do not come back in one, each adds up to a quarter of
 * the time, drawn from a seed of its own.
 */
#ifndef DP_BACKOFF_H
#define DP_BACKOFF_H

#include <stdint.h>

struct dp_backoff {
	unsigned failures; /* in a row */
	uint32_t seed;
};

/* Milliseconds until the next attempt, 1000 to 75000; counts a failure. */
unsigned
dp_backoff_next(struct dp_backoff *backoff);

/* policyd has answered. */
void
dp_backoff_reset(struct dp_backoff *backoff);

#endif
