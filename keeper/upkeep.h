/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the keeper does beside its work: it carries activity/ to the disk where
 * policyd does not, says each second that it lives and stores its counters,
 * and each minute does the store's own upkeep.
 */
#ifndef PK_UPKEEP_H
#define PK_UPKEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/service/beat.h"
#include "core/state/counters.h"
#include "keeper/context.h"

struct pk_upkeep {
	struct pk_context *context;
	struct pt_beat beat;
	struct pt_counters stored;
	unsigned part; /* of activity/, the next to carry to the disk */
};

/* Counters go on where they were, the clock is looked at, and the life begins.
 */
int
pk_upkeep_start(struct pk_upkeep *upkeep, struct pk_context *context,
    int64_t now, struct pt_err *err);

/* Each PK_SCHEDULE_TICK_MS: all of activity/ is on the disk within a second. */
void
pk_upkeep_tick(struct pk_upkeep *upkeep, int64_t now);

void
pk_upkeep_second(struct pk_upkeep *upkeep, int64_t now);

void
pk_upkeep_minute(struct pk_upkeep *upkeep, bool is_sweeping);

/* Others need not wait until the life is over by itself. */
int
pk_upkeep_finish(struct pk_upkeep *upkeep, int64_t now, struct pt_err *err);

#endif
