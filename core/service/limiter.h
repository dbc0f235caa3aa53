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
#ifndef PT_SERVICE_LIMITER_H
#define PT_SERVICE_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#define PT_LIMITER_SETS        256
#define PT_LIMITER_WAYS        4
#define PT_LIMITER_INTERVAL_MS 10000
#define PT_LIMITER_A_SECOND    100

struct pt_limiter_entry {
	uint64_t key; /* 0: free */
	int64_t at_ms;
	uint64_t suppressed;
};

struct pt_limiter {
	int64_t second_ms; /* when this second began */
	unsigned lines;    /* that were allowed in it */
	uint64_t dropped;  /* for being too many a second */
	struct pt_limiter_entry entries[PT_LIMITER_SETS][PT_LIMITER_WAYS];
};

void
pt_limiter_init(struct pt_limiter *limiter);

/*
 * May a line of that key be logged now?  If so, suppressed_out is how many of
 * that key were held back since the last one.  Keys are hashes.
 */
bool
pt_limiter_allow(struct pt_limiter *limiter, uint64_t key, int64_t now_ms,
    uint64_t *suppressed_out);

/* How many lines were dropped since the last call. */
uint64_t
pt_limiter_take_dropped(struct pt_limiter *limiter);

#endif
