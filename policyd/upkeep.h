/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What is done beside the requests: each second carrying activity to the disk
 * (a part at a time, in a thread, because a disk may be slow), storing
 * counters, closing connections that are over their time; each few seconds
 * saying that we live; each minute the store's own upkeep.
 */
#ifndef PD_UPKEEP_H
#define PD_UPKEEP_H

#include <stdbool.h>
#include <uv.h>

#include "core/base/err.h"
#include "core/service/beat.h"
#include "policyd/clients.h"
#include "policyd/context.h"
#include "policyd/listener.h"

#define PD_UPKEEP_TICKS        8
#define PD_UPKEEP_LIFE_SECONDS 5 /* how often we say that we live */

struct pd_upkeep {
	struct pd_context *context;
	struct pd_clients *clients;
	struct pd_listeners *listeners;
	uv_timer_t timer;
	uv_timer_t watchdog;
	uv_work_t sync;
	bool is_syncing;
	int sync_result; /* of the thread, with its error */
	struct pt_err sync_err;
	unsigned part;       /* the next to carry to the disk */
	unsigned parts_left; /* until all that was committed is there */
	unsigned ticks;
	struct pt_counters stored;
	struct pt_beat beat; /* keeper and milter leave the syncing to us */
};

/*
 * Reads the counters, so that they go on growing, says that we live, and starts
 * the timers.
 */
int
pd_upkeep_start(struct pd_upkeep *upkeep, uv_loop_t *loop,
    struct pd_context *context, struct pd_clients *clients,
    struct pd_listeners *listeners, struct pt_err *err);

/* Each of PD_UPKEEP_TICKS a second; the timer calls it. */
void
pd_upkeep_tick(struct pd_upkeep *upkeep);

/* At the end, when the loop has ended: life, counters and sync, at once. */
int
pd_upkeep_finish(struct pd_upkeep *upkeep, struct pt_err *err);

#endif
