/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/upkeep.h"

#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/service/daemon_log.h"
#include "core/service/notify.h"

#define PROGRAM        "milter"
#define MINUTE_SECONDS 60
#define NS_PER_MS      1000000L
#define NS_PER_SECOND  1000000000L

static int
store_counters(struct pm_upkeep *upkeep, struct pt_err *err)
{
	struct pm_filter *filter = upkeep->filter;
	struct pt_counters counters;

	pm_report_counters(
	    &filter->report, atomic_load(&filter->door.batches), &counters);
	if (memcmp(&upkeep->stored, &counters, sizeof(counters)) == 0)
		return 0;
	if (pm_door_put_counters(&filter->door, PROGRAM, &counters, err) != 0)
		return -1;
	upkeep->stored = counters;
	return 0;
}

static void
each_second(struct pm_upkeep *upkeep)
{
	struct pm_report *report = &upkeep->filter->report;
	struct pt_err err;

	pm_report_dropped(report);
	if (store_counters(upkeep, &err) != 0)
		pm_report_error(report, "state-failed", &err);
}

static void
each_minute(struct pm_upkeep *upkeep)
{
	struct pm_filter *filter = upkeep->filter;
	struct pm_snapshot *snapshot = pm_snapshots_take(&filter->snapshots);
	struct pt_text text;
	struct pt_err err;
	char status[128];

	if (pm_door_maintain(&filter->door, &err) != 0)
		pm_report_error(&filter->report, "state-failed", &err);
	while (snapshot != NULL && snapshot->maps != NULL &&
	       pt_maps_complaint(snapshot->maps, &err))
		pm_report_error(&filter->report, "map-failed", &err);
	pt_text_init(&text, status, sizeof(status));
	pt_text_addf(&text, "STATUS=%s; %u connections",
	    snapshot != NULL && snapshot->config->mode == PT_MODE_ENFORCE
		? "enforce"
		: "observe",
	    atomic_load(&filter->connections));
	pt_notify(status);
	pm_snapshot_release(snapshot);
}

static void
complete_pending(struct pm_filter *filter, struct pt_pending *pending)
{
	struct pm_snapshot *snapshot = pm_snapshots_take(&filter->snapshots);
	struct pt_err err = {.kind = PT_ERR_NONE};
	const struct pt_pending_job *job;
	size_t i;
	int rc;

	if (snapshot == NULL)
		return;
	rc = pm_door_complete(
	    &filter->door, snapshot->config, pt_clock_now(), pending, &err);
	pm_snapshot_release(snapshot);
	for (i = 0; i < pending->count; i++) {
		job = &pending->job[i];
		if (job->failed != PT_ERR_NONE)
			pm_report_failed(
			    &filter->report, job->login.text, &err);
		else if (job->reason != PT_BLOCK_NONE)
			pt_daemon_log_blocked(
			    &job->login, job->reason, &job->figures, 0);
	}
	if (pending->order_failed)
		pm_report_error(
		    &filter->report, "hold-failed", &pending->order_err);
	if (rc != 0)
		pm_report_error(&filter->report, "state-failed", &err);
}

/* After the last commit every part is carried to the disk once more. */
static void
sync_some(struct pm_upkeep *upkeep)
{
	struct pm_door *door = &upkeep->filter->door;
	struct pt_err err;

	if (atomic_exchange(&door->unsynced, false))
		upkeep->parts_left = PM_UPKEEP_PARTS;
	if (upkeep->parts_left == 0)
		return;
	if (pm_door_sync_part(door, upkeep->part, PM_UPKEEP_PARTS, &err) != 0) {
		upkeep->parts_left = PM_UPKEEP_PARTS;
		pm_report_error(&upkeep->filter->report, "sync-failed", &err);
		return;
	}
	upkeep->part = (upkeep->part + 1) % PM_UPKEEP_PARTS;
	upkeep->parts_left--;
}

static void
tick(struct pm_upkeep *upkeep)
{
	struct pm_filter *filter = upkeep->filter;

	upkeep->ticks++;
	if (upkeep->ticks % PM_UPKEEP_PARTS == 0)
		each_second(upkeep);
	if (upkeep->ticks % (PM_UPKEEP_PARTS * MINUTE_SECONDS) == 0)
		each_minute(upkeep);
	if (pm_door_is_served(&filter->door, pt_clock_now()))
		return;
	complete_pending(filter, &upkeep->pending);
	sync_some(upkeep);
}

static struct timespec
next_tick(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_nsec += PM_UPKEEP_TICK_MS * NS_PER_MS;
	if (at.tv_nsec >= NS_PER_SECOND) {
		at.tv_nsec -= NS_PER_SECOND;
		at.tv_sec++;
	}
	return at;
}

/* false: it is the end. */
static bool
rest(struct pm_upkeep *upkeep)
{
	struct timespec until = next_tick();
	bool goes_on;

	(void)pthread_mutex_lock(&upkeep->mutex);
	while (!upkeep->is_ending && pthread_cond_timedwait(&upkeep->ended,
					 &upkeep->mutex, &until) == 0)
		continue;
	goes_on = !upkeep->is_ending;
	(void)pthread_mutex_unlock(&upkeep->mutex);
	return goes_on;
}

static void *
work(void *arg)
{
	struct pm_upkeep *upkeep = arg;

	while (rest(upkeep))
		tick(upkeep);
	return NULL;
}

/* With these attributes nothing of it can fail. */
static void
init_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;

	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(condition, &attributes);
	(void)pthread_condattr_destroy(&attributes);
}

int
pm_upkeep_start(
    struct pm_upkeep *upkeep, struct pm_filter *filter, struct pt_err *err)
{
	int rc;

	*upkeep = (struct pm_upkeep){.filter = filter};
	if (pm_door_get_counters(
		&filter->door, PROGRAM, &upkeep->stored, err) != 0)
		return -1;
	filter->report.counters = upkeep->stored;
	(void)pthread_mutex_init(&upkeep->mutex, NULL);
	init_condition(&upkeep->ended);
	rc = pthread_create(&upkeep->thread, NULL, work, upkeep);
	if (rc == 0)
		return 0;
	return pt_err_sys(err, PT_ERR_UNAVAILABLE, rc, "cannot start a thread");
}

int
pm_upkeep_finish(struct pm_upkeep *upkeep, struct pt_err *err)
{
	(void)pthread_mutex_lock(&upkeep->mutex);
	upkeep->is_ending = true;
	(void)pthread_cond_signal(&upkeep->ended);
	(void)pthread_mutex_unlock(&upkeep->mutex);
	(void)pthread_join(upkeep->thread, NULL);
	return store_counters(upkeep, err);
}
