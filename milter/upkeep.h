/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What is done with the state beside the messages, in a thread of its own,
 * because a disk may be slow: counters are stored each second, readers that
 * died are forgotten each minute.  Unless policyd lives and does so, activity
 * is carried to the disk each second, and pending blocks into their accounts.
 */
#ifndef PM_UPKEEP_H
#define PM_UPKEEP_H

#include <pthread.h>
#include <stdbool.h>

#include "core/service/pending.h"
#include "milter/filter.h"

#define PM_UPKEEP_PARTS   8 /* of the state; each second each of them */
#define PM_UPKEEP_TICK_MS (1000 / PM_UPKEEP_PARTS)

struct pm_upkeep {
	struct pm_filter *filter;
	pthread_t thread;
	pthread_mutex_t mutex; /* of is_ending */
	pthread_cond_t ended;
	bool is_ending;
	/* The thread's own. */
	struct pt_counters stored;
	unsigned ticks;
	unsigned part;
	unsigned parts_left;
	struct pt_pending pending;
};

/*
 * Counters go on where they were.  The thread takes no signals if the caller
 * has them blocked.
 */
int
pm_upkeep_start(
    struct pm_upkeep *upkeep, struct pm_filter *filter, struct pt_err *err);

/* Waits for the thread, which may wait for a disk; stores the counters. */
int
pm_upkeep_finish(struct pm_upkeep *upkeep, struct pt_err *err);

#endif
