/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/doveadm/request.h"

#include <doveadm-print.h>

#include <errno.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/text.h"

/* Which postern.conf; the passdb and the mail plugins read the same setting. */
static int
find_config(
    struct doveadm_cmd_context *cctx, char *buf, size_t cap, struct pt_err *err)
{
	const char *path;
	int rc;

#if DP_DOVECOT_24
	const struct dp_settings *set;
	const char *error;

	if (settings_get(cctx->event, &dp_settings_info, 0, &set, &error) < 0)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot read the settings of Dovecot: %s", error);
	path = set->postern_config;
#else
	(void)cctx;
	path = doveadm_plugin_getenv("postern_config");
#endif
	if (path == NULL || path[0] == '\0')
		path = PT_CONFIG_FILE;
	rc = pt_text_copy(buf, cap, path);
#if DP_DOVECOT_24
	settings_free(set);
#endif
	return rc == 0 ? 0
		       : pt_err_set(err, PT_ERR_CONFIG,
			     "cannot read postern_config: the path is too "
			     "long");
}

const char *
dp_request_text(const struct dp_request *request, const char *name)
{
	const char *value;

	if (!doveadm_cmd_param_str(request->cctx, name, &value))
		return NULL;
	return value;
}

static int
read_note(struct dp_request *request, struct pt_err *err)
{
	const char *note = dp_request_text(request, "note");
	size_t len;

	if (note == NULL)
		return 0;
	len = strlen(note);
	if ((pt_text_kinds(note, len) & PT_TEXT_CONTROL) != 0 ||
	    !pt_text_is_utf8(note, len))
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot take the note: it is no line of UTF-8 text");
	if (pt_text_copy(request->note, sizeof(request->note), note) != 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot take the note: it is longer than %d bytes",
		    PT_NOTE_MAX);
	return 0;
}

static int
read_common(struct dp_request *request, struct pt_err *err)
{
	const char *user = dp_request_text(request, "user");

	if (user == NULL)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot run %s: the parameter user is missing",
		    request->cctx->cmd->name);
	if (pt_login_parse(user, strlen(user), request->config->default_domain,
		&request->login, err) != 0)
		return -1;
	return read_note(request, err);
}

/* doveadm-server has a vsz_limit, the command line has none. */
static void
make_room_for_state(void)
{
	static bool is_told;

	if (dp_lift_map_limit() == 0 || is_told)
		return;
	is_told = true;
	i_warning("postern: cannot lift the limit of address space, which a "
		  "large state needs: %s; set vsz_limit = 64G for \"service "
		  "doveadm\"",
	    strerror(errno));
}

bool
dp_request_open(struct dp_request *request, struct doveadm_cmd_context *cctx,
    enum pt_store_mode mode)
{
	char path[1024];
	struct pt_err err;

	memset(request, 0, sizeof(*request));
	request->cctx = cctx;
	request->now = pt_clock_now();
	make_room_for_state();
	if (find_config(cctx, path, sizeof(path), &err) == 0 &&
	    pt_config_load(path, &request->config, &err) == 0 &&
	    read_common(request, &err) == 0 &&
	    pt_store_open(
		request->config->state_dir, mode, &request->store, &err) == 0)
		return true;
	dp_request_fail(cctx, &err);
	dp_request_close(request);
	return false;
}

void
dp_request_close(struct dp_request *request)
{
	pt_store_close(request->store);
	pt_config_free(request->config);
	request->store = NULL;
	request->config = NULL;
}

void
dp_request_fail(
    const struct doveadm_cmd_context *cctx, const struct pt_err *err)
{
	static const char *const columns[] = {"error"};
	bool is_theirs = err->kind == PT_ERR_USAGE || err->kind == PT_ERR_INPUT;
	int code = pt_err_exit_code(err->kind);

	if (cctx->conn_type == DOVEADM_CONNECTION_TYPE_CLI || !is_theirs) {
		i_error("postern: %s", err->text);
		doveadm_exit_code = code;
		return;
	}
	dp_request_columns(columns, PT_ARRAY_LEN(columns));
	doveadm_print(err->text);
	/* With an exit code, the HTTP API would drop the row. */
	if (cctx->conn_type != DOVEADM_CONNECTION_TYPE_HTTP)
		doveadm_exit_code = code;
}

void
dp_request_columns(const char *const *names, size_t n)
{
	size_t i;

	/* What the command line or the network client asked for stays. */
	doveadm_print_init(DOVEADM_PRINT_TYPE_TABLE);
	for (i = 0; i < n; i++)
		doveadm_print_header_simple(names[i]);
}

void
dp_request_print(const char *text)
{
	doveadm_print(text == NULL ? "" : text);
}

void
dp_request_print_time(int64_t at)
{
	char text[PT_CLOCK_TEXT_MAX] = "";

	if (at != 0)
		pt_clock_format_iso(at, text, sizeof(text));
	doveadm_print(text);
}
