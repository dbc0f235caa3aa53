/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * All that posternctl stats shows, read from the state: counters, sizes, and
 * what an alarm would want to know.  Big.
 */
#ifndef PC_STATS_H
#define PC_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/config/config.h"
#include "core/state/counters.h"
#include "core/state/store.h"

/* A daemon that leaves a sign of life in the state. */
struct pc_stats_life {
	bool is_known; /* it was started here once, and is configured to */
	bool is_up;
};

struct pc_stats {
	struct pt_counters policyd;
	struct pt_counters milter;
	struct pt_counters keeper;
	struct pt_store_usage usage;
	struct pc_stats_life policyd_life;
	struct pc_stats_life keeper_life;
	uint64_t outbox_given_up; /* notices, of those in the outbox */
	/* Seconds since what the oldest notice that waits tells of; 0: none
	 * waits, or notices are switched off. */
	uint64_t outbox_age;
	bool clock_doubted; /* core/service/doubt.h */
};

int
pc_stats_read(struct pt_store *store, const struct pt_config *config,
    int64_t now, struct pc_stats *out, struct pt_err *err);

#endif
