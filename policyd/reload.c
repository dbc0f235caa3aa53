/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/reload.h"

#include <string.h>

#include "core/base/log.h"
#include "core/service/notify.h"
#include "policyd/session_listen.h"

/* Open files besides the connections: state, listeners, loop, log. */
#define OTHER_FILES 64

void
pd_reload_limits(struct pd_daemon *daemon, const struct pt_config *config)
{
	size_t wanted = (size_t)config->max_connections.value;
	size_t sessions = daemon->sessions.listeners.count > 0
			      ? (size_t)config->max_sessions.value
			      : 0;
	size_t others = OTHER_FILES + (sessions > 0 ? PD_SESSIONS_STRANGER : 0);
	size_t files = pt_privilege_files(wanted + sessions + others);
	struct pt_log_line line;

	daemon->clients.max = wanted;
	daemon->sessions.batch.max_sessions = sessions;
	if (files >= wanted + sessions + others)
		return;
	/* Mail comes first; then as many sessions as there is room for. */
	files = files > others ? files - others : 1;
	if (wanted > files)
		daemon->clients.max = files;
	if (sessions > files - daemon->clients.max)
		daemon->sessions.batch.max_sessions =
		    files - daemon->clients.max;
	pt_log_begin(&line, PT_LOG_WARN, "too-few-files");
	pt_log_int(&line, "max_connections", (int64_t)wanted);
	pt_log_int(&line, "possible", (int64_t)daemon->clients.max);
	if (sessions > 0) {
		pt_log_int(&line, "max_sessions", (int64_t)sessions);
		pt_log_int(&line, "possible_sessions",
		    (int64_t)daemon->sessions.batch.max_sessions);
	}
	pt_log_str(&line, "remedy",
	    "raise the limit of open files (LimitNOFILE in the systemd unit, "
	    "ulimit -n) or lower max_connections and max_sessions");
	pt_log_end(&line);
}

int
pd_reload_listen(struct pd_daemon *daemon, const struct pt_config *config,
    struct pt_err *err)
{
	struct pd_listeners *sessions = &daemon->sessions.listeners;
	struct pd_listeners fresh;
	struct pd_listeners fresh_sessions;

	if (pd_listeners_prepare(&daemon->listeners, &config->policy_listen,
		&daemon->owner, &fresh, err) != 0)
		return -1;
	if (pd_session_listen_prepare(
		sessions, config, &daemon->owner, &fresh_sessions, err) != 0) {
		pd_listeners_close(&fresh);
		return -1;
	}
	pd_listeners_adopt(&daemon->listeners, &config->policy_listen, &fresh);
	pd_listeners_adopt(sessions, &config->session_listen, &fresh_sessions);
	return 0;
}

/*
 * What can fail, in an order in which a failure leaves all as it was: the new
 * maps are opened before the old ones are closed.
 */
static int
adopt(struct pd_daemon *daemon, const struct pt_config *config,
    struct pt_err *err)
{
	struct pd_shared_maps *shared;

	if (pd_ownership_prepare(config, &shared, err) != 0)
		return -1;
	if (pd_reload_listen(daemon, config, err) != 0) {
		pd_ownership_drop(shared);
		return -1;
	}
	pd_ownership_adopt(&daemon->ownership, shared);
	return 0;
}

static int
load(
    struct pd_daemon *daemon, struct pt_config **config_out, struct pt_err *err)
{
	const struct pt_config *old = daemon->context.config;
	struct pt_config *config;

	if (pt_config_load(daemon->file, &config, err) != 0)
		return -1;
	if (strcmp(config->state_dir, old->state_dir) != 0)
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "state_dir cannot change from %s while postern-policyd "
		    "runs: restart it",
		    old->state_dir);
	else if (adopt(daemon, config, err) == 0) {
		*config_out = config;
		return 0;
	}
	pt_config_free(config);
	return -1;
}

void
pd_reload(struct pd_daemon *daemon)
{
	struct pd_context *context = &daemon->context;
	struct pt_config *config;
	struct pt_log_line line;
	struct pt_err err;

	pt_notify_reloading();
	if (load(daemon, &config, &err) != 0) {
		pt_log_err(PT_LOG_ERROR, "reload-failed", &err);
		pt_notify("READY=1\nSTATUS=the new configuration is bad, the "
			  "old one is in force");
		return;
	}
	/* Nobody holds on to the old one: cases live for one turn only. */
	pt_config_free(context->config);
	context->config = config;
	context->generation++;
	pt_log_set_level((enum pt_log_level)config->log_level);
	pd_reload_limits(daemon, config);
	pt_log_begin(&line, PT_LOG_INFO, "reloaded");
	pt_log_str(&line, "mode",
	    config->mode == PT_MODE_OBSERVE ? "observe" : "enforce");
	pt_log_int(&line, "listeners", (int64_t)daemon->listeners.count);
	pt_log_end(&line);
	pt_notify("READY=1\nSTATUS=");
}
