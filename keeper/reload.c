/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "keeper/reload.h"

#include <string.h>

#include "core/base/log.h"
#include "core/service/notify.h"

static int
load(struct pk_context *context, const char *file,
    struct pt_config **config_out, struct pt_outbox **outbox_out,
    struct pt_err *err)
{
	const char *state_dir = context->config->state_dir;
	struct pt_config *config;

	if (pt_config_load(file, &config, err) != 0)
		return -1;
	if (strcmp(config->state_dir, state_dir) != 0)
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "state_dir cannot change from %s while postern-keeper "
		    "runs: restart it",
		    state_dir);
	else if (pt_outbox_open(config, context->store, outbox_out, err) == 0) {
		*config_out = config;
		return 0;
	}
	pt_config_free(config);
	return -1;
}

void
pk_reload(struct pk_context *context, const char *file)
{
	struct pt_outbox *outbox;
	struct pt_config *config;
	struct pt_log_line line;
	struct pt_err err;

	pt_notify_reloading();
	if (load(context, file, &config, &outbox, &err) != 0) {
		pt_log_err(PT_LOG_ERROR, "reload-failed", &err);
		pt_notify("READY=1\nSTATUS=the new configuration is bad, the "
			  "old one is in force");
		return;
	}
	pt_outbox_close(context->outbox);
	context->outbox = outbox;
	context->sending = 0;
	pt_config_free(context->config);
	context->config = config;
	pt_log_set_level((enum pt_log_level)config->log_level);
	pt_log_begin(&line, PT_LOG_INFO, "reloaded");
	pt_log_str(&line, "mode",
	    config->mode == PT_MODE_OBSERVE ? "observe" : "enforce");
	pt_log_str(
	    &line, "notices", config->notice.from[0] != '\0' ? "on" : "off");
	pt_log_end(&line);
	pt_notify("READY=1\nSTATUS=");
}
