/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "keeper/upkeep.h"

#include <string.h>

#include "core/base/text.h"
#include "core/service/doubt.h"
#include "core/service/notify.h"
#include "keeper/schedule.h"

#define PROGRAM    "keeper"
#define SYNC_PARTS (PK_SCHEDULE_SECOND_MS / PK_SCHEDULE_TICK_MS)

static int
put_counters(struct pk_upkeep *upkeep, int64_t now, struct pt_err *err)
{
	struct pk_context *context = upkeep->context;

	if (memcmp(&upkeep->stored, &context->counters,
		sizeof(upkeep->stored)) == 0)
		return 0;
	if (pt_store_put_counters(
		context->store, PROGRAM, &context->counters, now, err) != 0)
		return -1;
	upkeep->stored = context->counters;
	return 0;
}

/* While the last lives are still to be seen. */
static int
look_at_clock(struct pt_store *store, int64_t now, struct pt_err *err)
{
	int64_t since;
	int doubted = pt_doubt_begin(store, now, &since, err);

	if (doubted > 0)
		pk_report_doubt(since);
	return doubted < 0 ? -1 : 0;
}

int
pk_upkeep_start(struct pk_upkeep *upkeep, struct pk_context *context,
    int64_t now, struct pt_err *err)
{
	struct pt_store *store = context->store;

	upkeep->context = context;
	upkeep->part = 0;
	if (pt_store_get_counters(store, PROGRAM, &context->counters, err) !=
		0 ||
	    pt_beat_init(&upkeep->beat, store, PT_LIFE_KEEPER, err) != 0 ||
	    look_at_clock(store, now, err) != 0)
		return -1;
	upkeep->stored = context->counters;
	return pt_beat_say(&upkeep->beat, context->store, now, err);
}

void
pk_upkeep_tick(struct pk_upkeep *upkeep, int64_t now)
{
	struct pk_context *context = upkeep->context;
	struct pt_err err;

	if (pt_beat_is_heard(context->store, PT_LIFE_POLICYD, now))
		return;
	if (pt_store_sync_part(
		context->store, upkeep->part, SYNC_PARTS, &err) != 0)
		pk_report_error(&context->report, "sync-failed", &err);
	upkeep->part = (upkeep->part + 1) % SYNC_PARTS;
}

void
pk_upkeep_second(struct pk_upkeep *upkeep, int64_t now)
{
	struct pk_context *context = upkeep->context;
	struct pt_err err;

	pk_report_dropped(&context->report);
	if (pt_beat_say(&upkeep->beat, context->store, now, &err) != 0 ||
	    put_counters(upkeep, now, &err) != 0)
		pk_report_error(&context->report, "state-failed", &err);
}

void
pk_upkeep_minute(struct pk_upkeep *upkeep, bool is_sweeping)
{
	struct pk_context *context = upkeep->context;
	const struct pt_counters *counters = &context->counters;
	struct pt_text text;
	struct pt_err err;
	char status[128];

	if (pt_store_maintain(context->store, &err) != 0)
		pk_report_error(&context->report, "state-failed", &err);
	pt_text_init(&text, status, sizeof(status));
	pt_text_addf(&text, "STATUS=%s; %llu notices sent, %llu blocks",
	    is_sweeping ? "sweeping" : "waiting",
	    (unsigned long long)counters->notices_sent,
	    (unsigned long long)counters->blocks);
	pt_notify(status);
}

int
pk_upkeep_finish(struct pk_upkeep *upkeep, int64_t now, struct pt_err *err)
{
	struct pt_store *store = upkeep->context->store;
	int rc;

	rc = pt_beat_stop(&upkeep->beat, store, err);
	if (put_counters(upkeep, now, err) != 0)
		rc = -1;
	if (pt_store_sync(store, err) != 0)
		rc = -1;
	return rc;
}
