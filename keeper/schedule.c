/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "keeper/schedule.h"

void
pk_schedule_init(
    struct pk_schedule *schedule, uint64_t watchdog_every_ms, int64_t now_ms)
{
	*schedule = (struct pk_schedule){
	    .tick_ms = now_ms,
	    .second_ms = now_ms,
	    .minute_ms = now_ms + PK_SCHEDULE_MINUTE_MS,
	    .watchdog_ms = now_ms,
	    .sweep_ms = now_ms + PK_SCHEDULE_FIRST_MS,
	    .watchdog_every_ms = (int64_t)watchdog_every_ms,
	};
}

static bool
is_due(int64_t *at_ms, int64_t every_ms, int64_t now_ms)
{
	if (now_ms < *at_ms)
		return false;
	*at_ms = now_ms + every_ms;
	return true;
}

unsigned
pk_schedule_take(struct pk_schedule *schedule, int64_t now_ms)
{
	unsigned due = 0;

	if (is_due(&schedule->tick_ms, PK_SCHEDULE_TICK_MS, now_ms))
		due |= PK_DUE_TICK;
	if (is_due(&schedule->second_ms, PK_SCHEDULE_SECOND_MS, now_ms))
		due |= PK_DUE_SECOND;
	if (is_due(&schedule->minute_ms, PK_SCHEDULE_MINUTE_MS, now_ms))
		due |= PK_DUE_MINUTE;
	if (schedule->watchdog_every_ms > 0 &&
	    is_due(&schedule->watchdog_ms, schedule->watchdog_every_ms, now_ms))
		due |= PK_DUE_WATCHDOG;
	/* When the next one is due, pk_schedule_stepped() says. */
	if (now_ms >= schedule->sweep_ms) {
		schedule->is_sweeping = true;
		due |= PK_DUE_SWEEP;
	}
	return due;
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
pk_schedule_wait_ms(const struct pk_schedule *schedule, int64_t now_ms)
{
	int64_t at_ms = sooner(schedule->tick_ms, schedule->second_ms);

	at_ms = sooner(at_ms, schedule->minute_ms);
	at_ms = sooner(at_ms, schedule->sweep_ms);
	if (schedule->watchdog_every_ms > 0)
		at_ms = sooner(at_ms, schedule->watchdog_ms);
	return at_ms > now_ms ? at_ms - now_ms : 0;
}

void
pk_schedule_stepped(struct pk_schedule *schedule, enum pk_step step,
    int64_t began_ms, int64_t ended_ms)
{
	int64_t pause_ms;

	switch (step) {
	case PK_STEP_MORE:
		pause_ms = PK_SCHEDULE_PAUSE * (ended_ms - began_ms);
		if (pause_ms < PK_SCHEDULE_PAUSE_MS)
			pause_ms = PK_SCHEDULE_PAUSE_MS;
		schedule->sweep_ms = ended_ms + pause_ms;
		break;
	case PK_STEP_DONE:
		schedule->is_sweeping = false;
		schedule->sweep_ms = ended_ms + PK_SCHEDULE_BETWEEN_MS;
		break;
	case PK_STEP_FAILED:
		schedule->sweep_ms = ended_ms + PK_SCHEDULE_RETRY_MS;
		break;
	}
}

void
pk_schedule_sweep_now(struct pk_schedule *schedule, int64_t now_ms)
{
	if (!schedule->is_sweeping)
		schedule->sweep_ms = now_ms;
}
