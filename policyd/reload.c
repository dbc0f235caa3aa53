/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/reload.h"

#include <string.h>

#include "core/base/log.h"
#include "policyd/notify.h"

/* Open files besides the connections: state, listeners, loop, log. */
#define OTHER_FILES 64

void
pd_reload_limits(struct pd_daemon *daemon, const struct pt_config *config)
{
	size_t wanted = (size_t)config->max_connections.value;
	struct pt_log_line line;
	size_t files;

	files = pd_privilege_files(wanted + OTHER_FILES);
	daemon->clients.max = wanted;
	if (files >= wanted + OTHER_FILES)
		return;
	daemon->clients.max = files > OTHER_FILES ? files - OTHER_FILES : 1;
	pt_log_begin(&line, PT_LOG_WARN, "too-few-files");
	pt_log_int(&line, "max_connections", (int64_t)wanted);
	pt_log_int(&line, "possible", (int64_t)daemon->clients.max);
	pt_log_str(&line, "remedy",
	    "raise the limit of open files (LimitNOFILE in the systemd unit, "
	    "ulimit -n) or lower max_connections");
	pt_log_end(&line);
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
	else if (pd_listeners_set(&daemon->listeners, &config->policy_listen,
		     &daemon->owner, err) == 0) {
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

	pd_notify_reloading();
	if (load(daemon, &config, &err) != 0) {
		pt_log_err(PT_LOG_ERROR, "reload-failed", &err);
		pd_notify("READY=1\nSTATUS=the new configuration is bad, the "
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
	pd_notify("READY=1\nSTATUS=");
}
