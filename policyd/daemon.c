/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/daemon.h"

#include <signal.h>
#include <string.h>

#include "core/base/log.h"
#include "core/service/notify.h"
#include "policyd/reload.h"
#include "policyd/request.h"

#define STOP_MS 5000

static int
uv_fail(struct pt_err *err, int rc)
{
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "cannot start an event loop: %s", uv_strerror(rc));
}

static void
close_handle(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

/*
 * Whoever asks us to stop once more must not break off what is left to do:
 * from here on libuv does not take the signals, and their default is to die.
 */
static void
block_signals(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	/* Cannot fail: the threads of libuv take no signals anyway. */
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* All that is not a listener or connection, which are closed before. */
static void
close_handles(struct pd_daemon *daemon)
{
	block_signals();
	/* Then nothing is left in the loop, and it ends. */
	uv_walk(&daemon->loop, close_handle, NULL);
}

static void
on_idle(uv_idle_t *idle)
{
	/* That it is active is enough: the loop does not wait then. */
	(void)idle;
}

static bool
is_drained(const struct pd_daemon *daemon)
{
	return daemon->is_stopping &&
	       daemon->clients.count + daemon->sessions.clients.count == 0;
}

/*
 * Timers may have left work: libuv runs them before it waits, 1.45 and later
 * after the check.  Starting and stopping what is so already costs nothing,
 * nor fails.
 */
static void
on_prepare(uv_prepare_t *prepare)
{
	struct pd_daemon *daemon = prepare->data;

	if (!pd_batch_is_empty(&daemon->batch) ||
	    pd_sessions_has_work(&daemon->sessions) || is_drained(daemon))
		(void)uv_idle_start(&daemon->idle, on_idle);
	else
		(void)uv_idle_stop(&daemon->idle);
}

static void
on_check(uv_check_t *check)
{
	struct pd_daemon *daemon = check->data;
	struct pd_sessions *sessions = &daemon->sessions;
	int64_t now_ms = pd_clients_now(&daemon->clients);

	pd_batch_run(&daemon->batch, now_ms);
	pd_sessions_run(sessions, now_ms);
	if (is_drained(daemon))
		close_handles(daemon);
}

static void
on_deadline(uv_timer_t *timer)
{
	struct pd_daemon *daemon = timer->data;

	pd_clients_give_up(&daemon->clients);
	pd_clients_give_up(&daemon->sessions.clients);
}

static void
stop(struct pd_daemon *daemon)
{
	struct pt_log_line line;

	if (daemon->is_stopping)
		return;
	daemon->is_stopping = true;
	pt_log_begin(&line, PT_LOG_INFO, "stopping");
	pt_log_int(&line, "connections", (int64_t)daemon->clients.count);
	pt_log_int(&line, "sessions", (int64_t)daemon->sessions.table.count);
	pt_log_end(&line);
	pt_notify("STOPPING=1");
	pd_listeners_close(&daemon->listeners);
	pd_clients_drain(&daemon->clients);
	pd_sessions_close(&daemon->sessions);
	/* Without a deadline we would wait for clients; better not to. */
	if (uv_timer_start(&daemon->deadline, on_deadline, STOP_MS, 0) != 0)
		pd_clients_give_up(&daemon->clients);
}

static void
on_signal(uv_signal_t *signal, int number)
{
	struct pd_daemon *daemon = signal->data;

	if (number != SIGHUP)
		stop(daemon);
	else if (!daemon->is_stopping)
		pd_reload(daemon);
}

static int
start_loop(struct pd_daemon *daemon, struct pt_err *err)
{
	static const int numbers[PD_DAEMON_SIGNALS] = {SIGHUP, SIGINT, SIGTERM};
	uv_loop_t *loop = &daemon->loop;
	size_t i;
	int rc;

	rc = uv_loop_init(loop);
	if (rc != 0)
		return uv_fail(err, rc);
	daemon->has_loop = true;
	rc = uv_check_init(loop, &daemon->check);
	if (rc == 0)
		rc = uv_prepare_init(loop, &daemon->prepare);
	if (rc == 0)
		rc = uv_idle_init(loop, &daemon->idle);
	if (rc == 0)
		rc = uv_timer_init(loop, &daemon->deadline);
	for (i = 0; i < PD_DAEMON_SIGNALS && rc == 0; i++) {
		rc = uv_signal_init(loop, &daemon->signals[i]);
		if (rc == 0)
			rc = uv_signal_start(
			    &daemon->signals[i], on_signal, numbers[i]);
		daemon->signals[i].data = daemon;
	}
	daemon->prepare.data = daemon;
	daemon->check.data = daemon;
	daemon->deadline.data = daemon;
	if (rc == 0)
		rc = uv_prepare_start(&daemon->prepare, on_prepare);
	if (rc == 0)
		rc = uv_check_start(&daemon->check, on_check);
	return rc == 0 ? 0 : uv_fail(err, rc);
}

static int
open_state(struct pd_daemon *daemon, struct pt_err *err)
{
	struct pd_context *context = &daemon->context;
	struct pd_shared_maps *maps;
	struct pt_log_line line;

	if (pt_store_open(context->config->state_dir, PT_STORE_KEEP,
		&context->store, err) != 0)
		return -1;
	if (pt_store_set_aside(context->store) != NULL) {
		pt_log_begin(&line, PT_LOG_ERROR, "activity-set-aside");
		pt_log_str(&line, "path", pt_store_set_aside(context->store));
		pt_log_str(&line, "error",
		    "activity was damaged: it starts empty, accounts are as "
		    "they were");
		pt_log_end(&line);
	}
	/* As the user that reads them again later. */
	if (pd_ownership_prepare(context->config, &maps, err) != 0)
		return -1;
	pd_ownership_adopt(&daemon->ownership, maps);
	if (pd_upkeep_start(&daemon->upkeep, &daemon->loop, context,
		&daemon->clients, &daemon->listeners, err) != 0)
		return -1;
	return pd_sessions_start(&daemon->sessions, err);
}

static int
start(struct pd_daemon *daemon, struct pt_err *err)
{
	struct pd_context *context = &daemon->context;
	struct pd_clients *clients = &daemon->clients;

	if (pt_config_load(daemon->file, &context->config, err) != 0 ||
	    pt_privilege_owner(
		context->config->state_dir, &daemon->owner, err) != 0)
		return -1;
	pt_log_set_level((enum pt_log_level)context->config->log_level);
	context->generation = 1;
	pd_report_init(&context->report);
	pd_clients_init(clients, &daemon->loop, 1, &pd_clients_manners);
	pd_listeners_init(&daemon->listeners, &daemon->loop, clients);
	if (start_loop(daemon, err) != 0 ||
	    pd_sessions_init(&daemon->sessions, context, &daemon->loop, err) !=
		0)
		return -1;
	clients->grammar = &pd_request_grammar;
	clients->limits = &pd_request_limits;
	clients->on_request = pd_batch_request;
	clients->arg = &daemon->batch;
	clients->counters = &context->counters;
	clients->report = &context->report;
	pd_batch_init(&daemon->batch, context);
	pd_ownership_init(
	    &daemon->ownership, context, &daemon->loop, &daemon->batch.queue);
	daemon->batch.ownership = &daemon->ownership;
	if (pd_reload_listen(daemon, context->config, err) != 0)
		return -1;
	pd_reload_limits(daemon, context->config);
	if (pt_privilege_drop(&daemon->owner, err) != 0)
		return -1;
	daemon->owner.is_set = false;
	pt_privilege_hide();
	return open_state(daemon, err);
}

static void
log_ready(const struct pd_daemon *daemon)
{
	const struct pt_config *config = daemon->context.config;
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_INFO, "ready");
	pt_log_str(&line, "version", POSTERN_VERSION);
	pt_log_str(&line, "mode",
	    config->mode == PT_MODE_OBSERVE ? "observe" : "enforce");
	pt_log_int(&line, "listeners", (int64_t)daemon->listeners.count);
	pt_log_int(&line, "max_connections", (int64_t)daemon->clients.max);
	pt_log_int(&line, "session_listeners",
	    (int64_t)daemon->sessions.listeners.count);
	pt_log_end(&line);
	pt_notify("READY=1");
}

static int
finish(struct pd_daemon *daemon, struct pt_err *err)
{
	struct pt_log_line line;
	int rc;

	rc = pd_sessions_finish(&daemon->sessions, err);
	if (pd_upkeep_finish(&daemon->upkeep, err) != 0)
		rc = -1;
	pt_log_begin(&line, PT_LOG_INFO, "stopped");
	pt_log_end(&line);
	return rc;
}

static void
give_up_start(struct pd_daemon *daemon)
{
	if (!daemon->has_loop)
		return;
	pd_listeners_close(&daemon->listeners);
	if (daemon->sessions.context != NULL)
		pd_sessions_close(&daemon->sessions);
	close_handles(daemon);
	(void)uv_run(&daemon->loop, UV_RUN_DEFAULT);
}

int
pd_daemon_run(struct pd_daemon *daemon, const char *file, struct pt_err *err)
{
	int rc;

	memset(daemon, 0, sizeof(*daemon));
	daemon->file = file;
	rc = start(daemon, err);
	if (rc == 0) {
		log_ready(daemon);
		/* It ends when all handles are closed. */
		(void)uv_run(&daemon->loop, UV_RUN_DEFAULT);
		rc = finish(daemon, err);
	} else {
		give_up_start(daemon);
	}
	if (daemon->has_loop)
		(void)uv_loop_close(&daemon->loop);
	pd_sessions_clear(&daemon->sessions);
	pd_clients_clear(&daemon->clients);
	pd_ownership_clear(&daemon->ownership);
	pt_store_close(daemon->context.store);
	pt_config_free(daemon->context.config);
	return rc;
}
