/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/upkeep.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/service/notify.h"

#define PROGRAM        "policyd"
#define SYNC_PARTS     PD_UPKEEP_TICKS /* of the state; one each tick */
#define TICK_MS        (1000 / PD_UPKEEP_TICKS)
#define MINUTE_SECONDS 60

static int
store_counters(struct pd_upkeep *upkeep, struct pt_err *err)
{
	struct pd_context *context = upkeep->context;

	if (memcmp(&upkeep->stored, &context->counters,
		sizeof(upkeep->stored)) == 0)
		return 0;
	if (pt_store_put_counters(context->store, PROGRAM, &context->counters,
		pt_clock_now(), err) != 0)
		return -1;
	upkeep->stored = context->counters;
	context->unsynced = true;
	return 0;
}

static int
live(struct pd_upkeep *upkeep, struct pt_err *err)
{
	struct pd_context *context = upkeep->context;

	if (pt_beat_say(&upkeep->beat, context->store, pt_clock_now(), err) !=
	    0)
		return -1;
	context->unsynced = true;
	return 0;
}

static void
sync_in_thread(uv_work_t *work)
{
	struct pd_upkeep *upkeep = work->data;

	upkeep->sync_result = pt_store_sync_part(upkeep->context->store,
	    upkeep->part, SYNC_PARTS, &upkeep->sync_err);
}

static void
on_synced(uv_work_t *work, int status)
{
	struct pd_upkeep *upkeep = work->data;

	upkeep->is_syncing = false;
	upkeep->part = (upkeep->part + 1) % SYNC_PARTS;
	if (status == 0 && upkeep->sync_result == 0)
		return;
	upkeep->parts_left = SYNC_PARTS;
	if (status == 0)
		pd_report_error(&upkeep->context->report, "sync-failed",
		    &upkeep->sync_err, pd_clients_now(upkeep->clients));
}

/* After the last commit every part is carried to the disk once more. */
static void
sync_some(struct pd_upkeep *upkeep, uv_loop_t *loop)
{
	if (upkeep->context->unsynced)
		upkeep->parts_left = SYNC_PARTS;
	if (upkeep->parts_left == 0 || upkeep->is_syncing)
		return;
	upkeep->context->unsynced = false;
	upkeep->sync.data = upkeep;
	if (uv_queue_work(loop, &upkeep->sync, sync_in_thread, on_synced) != 0)
		return;
	upkeep->is_syncing = true;
	upkeep->parts_left--;
}

static void
each_minute(struct pd_upkeep *upkeep)
{
	struct pd_context *context = upkeep->context;
	struct pt_text text;
	struct pt_err err;
	char status[128];

	if (pt_store_maintain(context->store, &err) != 0)
		pd_report_error(&context->report, "state-failed", &err,
		    pd_clients_now(upkeep->clients));
	pt_text_init(&text, status, sizeof(status));
	pt_text_addf(&text, "STATUS=%s; %llu connections, %llu requests",
	    context->config->mode == PT_MODE_OBSERVE ? "observe" : "enforce",
	    (unsigned long long)upkeep->clients->count,
	    (unsigned long long)context->counters.requests);
	pt_notify(status);
}

static void
each_second(struct pd_upkeep *upkeep)
{
	struct pt_err err;

	pd_clients_expire(upkeep->clients);
	pd_listeners_retry(upkeep->listeners);
	pd_report_dropped(&upkeep->context->report);
	if (store_counters(upkeep, &err) != 0)
		pd_report_error(&upkeep->context->report, "state-failed", &err,
		    pd_clients_now(upkeep->clients));
}

static void
each_few_seconds(struct pd_upkeep *upkeep)
{
	struct pt_err err;

	if (live(upkeep, &err) != 0)
		pd_report_error(&upkeep->context->report, "state-failed", &err,
		    pd_clients_now(upkeep->clients));
}

void
pd_upkeep_tick(struct pd_upkeep *upkeep)
{
	upkeep->ticks++;
	if (upkeep->ticks % PD_UPKEEP_TICKS == 0)
		each_second(upkeep);
	if (upkeep->ticks % (PD_UPKEEP_TICKS * PD_UPKEEP_LIFE_SECONDS) == 0)
		each_few_seconds(upkeep);
	if (upkeep->ticks % (PD_UPKEEP_TICKS * MINUTE_SECONDS) == 0)
		each_minute(upkeep);
	sync_some(upkeep, upkeep->timer.loop);
}

static void
on_tick(uv_timer_t *timer)
{
	pd_upkeep_tick(timer->data);
}

static void
on_watchdog(uv_timer_t *timer)
{
	(void)timer;
	pt_notify("WATCHDOG=1");
}

int
pd_upkeep_start(struct pd_upkeep *upkeep, uv_loop_t *loop,
    struct pd_context *context, struct pd_clients *clients,
    struct pd_listeners *listeners, struct pt_err *err)
{
	uint64_t watchdog = pt_notify_watchdog_ms();
	int rc;

	upkeep->context = context;
	upkeep->clients = clients;
	upkeep->listeners = listeners;
	upkeep->is_syncing = false;
	upkeep->ticks = 0;
	upkeep->part = 0;
	upkeep->parts_left = 0;
	if (pt_store_get_counters(
		context->store, PROGRAM, &context->counters, err) != 0 ||
	    pt_beat_init(&upkeep->beat, context->store, PT_LIFE_POLICYD, err) !=
		0 ||
	    live(upkeep, err) != 0)
		return -1;
	upkeep->stored = context->counters;
	rc = uv_timer_init(loop, &upkeep->timer);
	if (rc == 0)
		rc = uv_timer_init(loop, &upkeep->watchdog);
	upkeep->timer.data = upkeep;
	if (rc == 0)
		rc = uv_timer_start(&upkeep->timer, on_tick, TICK_MS, TICK_MS);
	if (rc == 0 && watchdog > 0)
		rc = uv_timer_start(
		    &upkeep->watchdog, on_watchdog, watchdog, watchdog);
	if (rc == 0)
		return 0;
	return pt_err_set(err, PT_ERR_UNAVAILABLE, "cannot start a timer: %s",
	    uv_strerror(rc));
}

int
pd_upkeep_finish(struct pd_upkeep *upkeep, struct pt_err *err)
{
	struct pt_store *store = upkeep->context->store;
	int rc = pt_beat_stop(&upkeep->beat, store, err);

	if (store_counters(upkeep, err) != 0 || pt_store_sync(store, err) != 0)
		rc = -1;
	return rc;
}
