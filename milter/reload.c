/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/reload.h"

#include <string.h>

#include "core/base/log.h"
#include "core/service/notify.h"

/* Open files besides the connections: state, maps, libmilter, log. */
#define OTHER_FILES 128

void
pm_reload_limits(struct pm_daemon *daemon, const struct pt_config *config)
{
	size_t wanted = (size_t)config->max_connections.value;
	size_t files = pt_privilege_files(wanted + OTHER_FILES);
	size_t possible = wanted;
	struct pt_log_line line;

	if (files < wanted + OTHER_FILES)
		possible = files > OTHER_FILES ? files - OTHER_FILES : 1;
	atomic_store(&daemon->filter.max_connections, (unsigned)possible);
	if (possible == wanted)
		return;
	pt_log_begin(&line, PT_LOG_WARN, "too-few-files");
	pt_log_int(&line, "max_connections", (int64_t)wanted);
	pt_log_int(&line, "possible", (int64_t)possible);
	pt_log_str(&line, "remedy",
	    "raise the limit of open files (LimitNOFILE in the systemd unit, "
	    "ulimit -n) or lower max_connections");
	pt_log_end(&line);
}

static int
check_fixed(const struct pt_config *old, const struct pt_config *config,
    struct pt_err *err)
{
	if (strcmp(config->state_dir, old->state_dir) != 0)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "state_dir cannot change from %s while postern-milter "
		    "runs: restart it",
		    old->state_dir);
	if (strcmp(config->milter_listen, old->milter_listen) != 0)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "milter_listen cannot change from %s while postern-milter "
		    "runs: restart it",
		    old->milter_listen);
	return 0;
}

static int
load(struct pm_daemon *daemon, struct pt_err *err)
{
	struct pm_snapshots *snapshots = &daemon->filter.snapshots;
	struct pm_snapshot *fresh;
	struct pm_snapshot *old;
	int rc;

	if (pm_snapshot_load(daemon->file, &fresh, err) != 0)
		return -1;
	old = pm_snapshots_take(snapshots);
	rc = check_fixed(old->config, fresh->config, err);
	pm_snapshot_release(old);
	if (rc == 0)
		pm_snapshots_set(snapshots, fresh);
	else
		pm_snapshot_release(fresh);
	return rc;
}

void
pm_reload(struct pm_daemon *daemon)
{
	const struct pt_config *config;
	struct pm_snapshot *snapshot;
	struct pt_log_line line;
	struct pt_err err;

	pt_notify_reloading();
	if (load(daemon, &err) != 0) {
		pt_log_err(PT_LOG_ERROR, "reload-failed", &err);
		pt_notify("READY=1\nSTATUS=the new configuration is bad, the "
			  "old one is in force");
		return;
	}
	snapshot = pm_snapshots_take(&daemon->filter.snapshots);
	config = snapshot->config;
	pt_log_set_level((enum pt_log_level)config->log_level);
	pm_reload_limits(daemon, config);
	pt_log_begin(&line, PT_LOG_INFO, "reloaded");
	pt_log_str(&line, "mode",
	    config->mode == PT_MODE_OBSERVE ? "observe" : "enforce");
	pt_log_end(&line);
	pm_snapshot_release(snapshot);
	pt_notify("READY=1\nSTATUS=");
}
