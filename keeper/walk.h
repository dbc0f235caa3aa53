/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The walk of housekeeping (core/service/sweep.h), a step at a time, and what
 * the log says of it: each minute how far it is, and at its end its figures.
 */
#ifndef PK_WALK_H
#define PK_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/service/sweep.h"
#include "keeper/context.h"
#include "keeper/schedule.h"

/* Too big for the stack. */
struct pk_walk {
	struct pk_context *context;
	struct pt_sweep sweep;
	bool is_begun;
	uint64_t expected; /* accounts, when it began */
	int64_t began_ms;
	int64_t told_ms; /* when the log last said how far it is */
};

void
pk_walk_init(struct pk_walk *walk, struct pk_context *context);

/* Begins if it has not, and does a step.  What fails is reported. */
enum pk_step
pk_walk_step(struct pk_walk *walk, int64_t now, int64_t now_ms);

#endif
