/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#define _GNU_SOURCE /* pthread_setattr_default_np() */

#include "milter/daemon.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>

#include <libmilter/mfapi.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/service/notify.h"
#include "milter/callbacks.h"
#include "milter/reload.h"
#include "milter/signals.h"

#define STOP_MS  4000
#define FOR_EVER (-1)
#define LOOK_MS  20 /* how often, while messages end */

/*
 * A whole SMTP session may pass between two commands that we are told of, and
 * a message may take long to come in; the MTA has timeouts of its own.
 */
#define TIMEOUT_SECONDS 7200

/* Records and a look at a map stay far below it. */
#define STACK_BYTES (1024 * 1024)

static int
open_state(struct pm_daemon *daemon, const char *state_dir, struct pt_err *err)
{
	struct pm_door *door = &daemon->filter.door;
	struct pt_log_line line;

	if (pm_door_open(door, state_dir, err) != 0)
		return -1;
	if (pt_store_set_aside(door->store) != NULL) {
		pt_log_begin(&line, PT_LOG_ERROR, "activity-set-aside");
		pt_log_str(&line, "path", pt_store_set_aside(door->store));
		pt_log_str(&line, "error",
		    "activity was damaged: it starts empty, accounts are as "
		    "they were");
		pt_log_end(&line);
	}
	return 0;
}

static int
start(struct pm_daemon *daemon, const struct pt_config *config,
    struct pt_err *err)
{
	if (config->milter_listen[0] == '\0')
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot start: milter_listen is empty in %s", daemon->file);
	if (pt_privilege_owner(config->state_dir, &daemon->owner, err) != 0)
		return -1;
	pt_log_set_level((enum pt_log_level)config->log_level);
	if (pm_callbacks_register(&daemon->filter, err) != 0 ||
	    pm_listen_open(&daemon->listen, config->milter_listen,
		&daemon->owner, err) != 0)
		return -1;
	pm_reload_limits(daemon, config);
	(void)smfi_settimeout(TIMEOUT_SECONDS);
	if (pt_privilege_drop(&daemon->owner, err) != 0)
		return -1;
	daemon->owner.is_set = false;
	pt_privilege_hide();
	return open_state(daemon, config->state_dir, err);
}

static void *
serve(void *arg)
{
	(void)arg;
	(void)smfi_main();
	pm_signals_raise(PM_SIGNAL_ENDED);
	return NULL;
}

/* libmilter starts threads without a word about their stack. */
static int
set_stack(void)
{
	pthread_attr_t attributes;
	int rc;

	rc = pthread_attr_init(&attributes);
	if (rc != 0)
		return rc;
	rc = pthread_attr_setstacksize(&attributes, STACK_BYTES);
	if (rc == 0)
		rc = pthread_setattr_default_np(&attributes);
	(void)pthread_attr_destroy(&attributes);
	return rc;
}

static int
start_threads(struct pm_daemon *daemon, struct pt_err *err)
{
	pthread_t thread;
	int rc;

	rc = set_stack();
	if (rc == 0 &&
	    pm_upkeep_start(&daemon->upkeep, &daemon->filter, err) != 0)
		return -1;
	if (rc == 0)
		rc = pthread_create(&thread, NULL, serve, NULL);
	if (rc == 0)
		return pthread_detach(thread);
	return pt_err_sys(err, PT_ERR_UNAVAILABLE, rc, "cannot start a thread");
}

static void
log_ready(const struct pm_daemon *daemon, const struct pt_config *config)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_INFO, "ready");
	pt_log_str(&line, "version", POSTERN_VERSION);
	pt_log_str(&line, "mode",
	    config->mode == PT_MODE_OBSERVE ? "observe" : "enforce");
	pt_log_str(&line, "listen", config->milter_listen);
	pt_log_int(&line, "max_connections",
	    (int64_t)atomic_load(&daemon->filter.max_connections));
	pt_log_end(&line);
	pt_notify("READY=1");
}

/* Until a signal, or libmilter, ends it. */
static unsigned
run(struct pm_daemon *daemon)
{
	uint64_t watchdog_ms = pt_notify_watchdog_ms();
	int wait_ms = watchdog_ms > 0 && watchdog_ms < INT_MAX
			  ? (int)watchdog_ms
			  : FOR_EVER;
	unsigned signals;

	for (;;) {
		signals = pm_signals_wait(wait_ms);
		if ((signals & (PM_SIGNAL_STOP | PM_SIGNAL_ENDED)) != 0)
			return signals;
		if ((signals & PM_SIGNAL_RELOAD) != 0)
			pm_reload(daemon);
		if (wait_ms != FOR_EVER)
			pt_notify("WATCHDOG=1");
	}
}

static int
stop(struct pm_daemon *daemon, struct pt_err *err)
{
	struct pm_filter *filter = &daemon->filter;
	int64_t until_ms = pt_clock_ticks_ms() + STOP_MS;
	struct pt_log_line line;
	int rc;

	atomic_store(&filter->is_stopping, true);
	pt_log_begin(&line, PT_LOG_INFO, "stopping");
	pt_log_int(
	    &line, "connections", (int64_t)atomic_load(&filter->connections));
	pt_log_int(&line, "messages", (int64_t)atomic_load(&filter->messages));
	pt_log_end(&line);
	pt_notify("STOPPING=1");
	pm_listen_close(&daemon->listen);
	while (atomic_load(&filter->messages) > 0 &&
	       pt_clock_ticks_ms() < until_ms)
		(void)pm_signals_wait(LOOK_MS);
	rc = pm_upkeep_finish(&daemon->upkeep, err);
	if (pm_door_close(&filter->door, err) != 0)
		rc = -1;
	pt_log_begin(&line, PT_LOG_INFO, "stopped");
	pt_log_end(&line);
	return rc;
}

static void
init(struct pm_daemon *daemon, const char *file)
{
	struct pm_filter *filter = &daemon->filter;

	memset(daemon, 0, sizeof(*daemon));
	daemon->file = file;
	daemon->listen.sock.lock_fd = -1;
	pm_snapshots_init(&filter->snapshots);
	pm_report_init(&filter->report);
	/* Another one after a restart. */
	atomic_init(&filter->serial, (uint_fast64_t)pt_clock_now() << 24);
}

int
pm_daemon_run(struct pm_daemon *daemon, const char *file, struct pt_err *err)
{
	struct pm_snapshot *snapshot;
	unsigned signals;

	init(daemon, file);
	if (pm_signals_init(err) != 0 ||
	    pm_snapshot_load(file, &snapshot, err) != 0)
		return -1;
	pm_snapshots_set(&daemon->filter.snapshots, snapshot);
	if (start(daemon, snapshot->config, err) != 0 ||
	    start_threads(daemon, err) != 0) {
		pm_listen_close(&daemon->listen);
		return -1;
	}
	pm_signals_unblock();
	log_ready(daemon, snapshot->config);
	signals = run(daemon);
	if (stop(daemon, err) != 0)
		return -1;
	if ((signals & PM_SIGNAL_STOP) != 0)
		return 0;
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "cannot go on: libmilter has stopped; its reason is in the mail "
	    "log");
}
