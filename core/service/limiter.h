/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * How often a line may be logged: the same one once in ten seconds, and the
 * next one knows how many were held back; of all together at most a hundred
 * a second.
 *
 * A fixed table; when more different lines come than it has room for, the
 * oldest is forgotten and may be logged once too often.
 */
#ifndef PD_LIMITER_H
#define PD_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#define PD_LIMITER_SETS        256
#define PD_LIMITER_WAYS        4
#define PD_LIMITER_INTERVAL_MS 10000
#define PD_LIMITER_A_SECOND    100

struct pd_limiter_entry {
	uint64_t key; /* 0: free */
	int64_t at_ms;
	uint64_t suppressed;
};

struct pd_limiter {
	int64_t second_ms; /* when this second began */
	unsigned lines;    /* that were allowed in it */
	uint64_t dropped;  /* for being too many a second */
	struct pd_limiter_entry entries[PD_LIMITER_SETS][PD_LIMITER_WAYS];
};

void
pd_limiter_init(struct pd_limiter *limiter);

/*
 * May a line of that key be logged now?  If so, suppressed_out is how many of
 * that key were held back since the last one.  Keys are hashes.
 */
bool
pd_limiter_allow(struct pd_limiter *limiter, uint64_t key, int64_t now_ms,
    uint64_t *suppressed_out);

/* How many lines were dropped since the last call. */
uint64_t
pd_limiter_take_dropped(struct pd_limiter *limiter);

#endif
