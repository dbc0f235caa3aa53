/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "keeper/daemon.h"

#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/service/notify.h"
#include "core/service/sole.h"
#include "keeper/reload.h"
#include "keeper/signals.h"
#include "keeper/work.h"

/* The work that must be done by one process at a time. */
static int
take_lock(struct pk_daemon *daemon, const char *state_dir, struct pt_err *err)
{
	int taken;

	taken = pt_sole_take(state_dir, PT_SOLE_NOTICES, &daemon->sole_fd, err);
	if (taken != 0)
		return taken > 0 ? 0 : -1;
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "cannot start: another postern-keeper or posternctl sweep works on "
	    "%s",
	    state_dir);
}

static int
start(struct pk_daemon *daemon, struct pt_err *err)
{
	struct pk_context *context = &daemon->context;
	const struct pt_config *config;

	if (pk_signals_init(err) != 0 ||
	    pt_config_load(daemon->file, &context->config, err) != 0)
		return -1;
	config = context->config;
	if (pt_privilege_owner(config->state_dir, &daemon->owner, err) != 0)
		return -1;
	pt_log_set_level((enum pt_log_level)config->log_level);
	pk_report_init(&context->report);
	if (pt_privilege_drop(&daemon->owner, err) != 0)
		return -1;
	pt_privilege_hide();
	if (take_lock(daemon, config->state_dir, err) != 0 ||
	    pt_store_open(
		config->state_dir, PT_STORE_WRITE, &context->store, err) != 0 ||
	    pt_outbox_open(config, context->store, &context->outbox, err) != 0)
		return -1;
	pk_walk_init(&daemon->walk, context);
	return pk_upkeep_start(&daemon->upkeep, context, pt_clock_now(), err);
}

static void
log_ready(const struct pk_daemon *daemon)
{
	const struct pt_config *config = daemon->context.config;
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_INFO, "ready");
	pt_log_str(&line, "version", POSTERN_VERSION);
	pt_log_str(&line, "mode",
	    config->mode == PT_MODE_OBSERVE ? "observe" : "enforce");
	pt_log_str(
	    &line, "notices", config->notice.from[0] != '\0' ? "on" : "off");
	pt_log_end(&line);
	pt_notify("READY=1");
}

static void
sweep(struct pk_daemon *daemon, int64_t now)
{
	int64_t began_ms = pt_clock_ticks_ms();
	enum pk_step step = pk_walk_step(&daemon->walk, now, began_ms);

	pk_schedule_stepped(
	    &daemon->schedule, step, began_ms, pt_clock_ticks_ms());
}

static void
work(struct pk_daemon *daemon)
{
	struct pk_schedule *schedule = &daemon->schedule;
	unsigned due = pk_schedule_take(schedule, pt_clock_ticks_ms());
	int64_t now = pt_clock_now();

	/* The watchdog first: what comes next may wait for a disk. */
	if ((due & PK_DUE_WATCHDOG) != 0)
		pt_notify("WATCHDOG=1");
	if ((due & PK_DUE_SECOND) != 0)
		pk_upkeep_second(&daemon->upkeep, now);
	if ((due & PK_DUE_TICK) != 0) {
		pk_work_complete(&daemon->context, now);
		pk_work_send(&daemon->context, now);
		pk_upkeep_tick(&daemon->upkeep, now);
	}
	if ((due & PK_DUE_MINUTE) != 0)
		pk_upkeep_minute(&daemon->upkeep, schedule->is_sweeping);
	if ((due & PK_DUE_SWEEP) != 0)
		sweep(daemon, now);
}

/* Until a signal ends it. */
static void
run(struct pk_daemon *daemon)
{
	struct pk_schedule *schedule = &daemon->schedule;
	int64_t wait_ms;

	for (;;) {
		work(daemon);
		wait_ms = pk_schedule_wait_ms(schedule, pt_clock_ticks_ms());
		switch (pk_signals_wait(wait_ms)) {
		case PK_SIGNAL_STOP:
			return;
		case PK_SIGNAL_RELOAD:
			pk_reload(&daemon->context, daemon->file);
			break;
		case PK_SIGNAL_SWEEP:
			pk_schedule_sweep_now(schedule, pt_clock_ticks_ms());
			break;
		case PK_SIGNAL_CHILD:
			/* There may be another notice to send. */
			pk_work_send(&daemon->context, pt_clock_now());
			break;
		case PK_SIGNAL_NONE:
			break;
		}
	}
}

static int
stop(struct pk_daemon *daemon, struct pt_err *err)
{
	struct pk_context *context = &daemon->context;
	struct pt_log_line line;
	int rc;

	pt_log_begin(&line, PT_LOG_INFO, "stopping");
	pt_log_int(&line, "sending", (int64_t)context->sending);
	pt_log_end(&line);
	pt_notify("STOPPING=1");
	pt_outbox_close(context->outbox);
	context->outbox = NULL;
	rc = pk_upkeep_finish(&daemon->upkeep, pt_clock_now(), err);
	pt_log_begin(&line, PT_LOG_INFO, "stopped");
	pt_log_end(&line);
	return rc;
}

int
pk_daemon_run(struct pk_daemon *daemon, const char *file, struct pt_err *err)
{
	struct pk_context *context = &daemon->context;
	int rc;

	memset(daemon, 0, sizeof(*daemon));
	daemon->file = file;
	daemon->sole_fd = -1;
	rc = start(daemon, err);
	if (rc == 0) {
		pk_signals_begin();
		log_ready(daemon);
		pk_schedule_init(&daemon->schedule, pt_notify_watchdog_ms(),
		    pt_clock_ticks_ms());
		run(daemon);
		rc = stop(daemon, err);
	}
	pt_outbox_close(context->outbox);
	pt_store_close(context->store);
	pt_config_free(context->config);
	if (daemon->sole_fd >= 0)
		(void)close(daemon->sole_fd);
	return rc;
}
