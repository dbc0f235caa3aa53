/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * When the keeper does what.  Pure: times are milliseconds of a clock that
 * does not jump, and are given in.  What is late is done once, not caught up
 * with.
 *
 * A walk begins a minute after the start and an hour after the last one
 * ended.  Between its steps there is a pause of three times the last step, so
 * that it takes a quarter of a processor and of a disk at most; and not a short
 * one, because on a machine that is busy even that is felt by others.
 */
#ifndef PK_SCHEDULE_H
#define PK_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#define PK_SCHEDULE_TICK_MS    250
#define PK_SCHEDULE_SECOND_MS  1000
#define PK_SCHEDULE_MINUTE_MS  60000
#define PK_SCHEDULE_FIRST_MS   60000
#define PK_SCHEDULE_BETWEEN_MS 3600000
#define PK_SCHEDULE_RETRY_MS   10000
#define PK_SCHEDULE_PAUSE      3  /* times as long as the step before it */
#define PK_SCHEDULE_PAUSE_MS   20 /* at least */

/* What is due, or-ed. */
enum pk_due {
	PK_DUE_TICK = 1 << 0, /* pending blocks and notices, the outbox */
	PK_DUE_SECOND = 1 << 1,
	PK_DUE_MINUTE = 1 << 2,
	PK_DUE_WATCHDOG = 1 << 3,
	PK_DUE_SWEEP = 1 << 4, /* a walk begins, or goes on with a step */
};

/* How a step of the walk went. */
enum pk_step {
	PK_STEP_FAILED, /* try again later */
	PK_STEP_MORE,
	PK_STEP_DONE,
};

struct pk_schedule {
	int64_t tick_ms; /* when it is due next; so are the others */
	int64_t second_ms;
	int64_t minute_ms;
	int64_t watchdog_ms;
	int64_t sweep_ms;
	int64_t watchdog_every_ms; /* 0: nobody wants to know */
	bool is_sweeping;
};

void
pk_schedule_init(
    struct pk_schedule *schedule, uint64_t watchdog_every_ms, int64_t now_ms);

/* What is to be done now, each thing once. */
unsigned
pk_schedule_take(struct pk_schedule *schedule, int64_t now_ms);

/* Until something is due; 0 if it is. */
int64_t
pk_schedule_wait_ms(const struct pk_schedule *schedule, int64_t now_ms);

/* After each PK_DUE_SWEEP. */
void
pk_schedule_stepped(struct pk_schedule *schedule, enum pk_step step,
    int64_t began_ms, int64_t ended_ms);

/* A walk begins now; one that is under way just goes on. */
void
pk_schedule_sweep_now(struct pk_schedule *schedule, int64_t now_ms);

#endif
