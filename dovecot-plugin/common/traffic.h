/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a session has transferred since the last report.  The counters of a
 * session only grow; one that is smaller than before has started anew, and
 * then all of it counts.
 */
#ifndef DP_TRAFFIC_H
#define DP_TRAFFIC_H

#include <stdbool.h>
#include <stdint.h>

struct dp_traffic {
	uint64_t down; /* to the client, as of the last report */
	uint64_t up;
};

/*
 * Takes the counters of the session; *down_out and *up_out are what to report.
 * false: nothing was transferred.
 */
bool
dp_traffic_take(struct dp_traffic *traffic, uint64_t down, uint64_t up,
    uint64_t *down_out, uint64_t *up_out);

#endif
