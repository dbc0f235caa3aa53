/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The module lib55_imap_postern_plugin.so: binds IMAP clients to their
 * sessions, ends them, and takes care of hibernation.
 */
#include "dovecot-plugin/compat.h"

#include <imap-common.h>
#include <imap-client.h>
#include <module-context.h>
#include <module-dir.h>

#include "dovecot-plugin/mail/session.h"

/* Our block of the state that goes into hibernation: two numbers. */
#define STATE_TYPE 'p'

struct shown {
	uint32_t uidvalidity;
	uint32_t uidnext;
};

#define STATE_SIZE (1 + sizeof(struct shown))

DP_EXPORT extern const char *imap_postern_plugin_version;
DP_EXPORT extern const char *imap_postern_plugin_dependencies[];
DP_EXPORT extern const char imap_postern_plugin_binary_dependency[];
DP_EXPORT void
imap_postern_plugin_init(struct module *module);
DP_EXPORT void
imap_postern_plugin_deinit(void);

struct imap_session {
	union imap_module_context module_ctx;
	struct dp_session *session;
};

static MODULE_CONTEXT_DEFINE_INIT(client_module, &imap_module_register);

static struct module *own_module;
static imap_client_created_func_t *next_hook;

static struct imap_session *
session_of(struct client *client)
{
	return MODULE_CONTEXT_REQUIRE(client, client_module);
}

static bool
is_half_sent(const void *context)
{
	const struct client *client = context;

	return client->output_cmd_lock != NULL;
}

static void
end_client(void *context, const char *reply, const char *log_reason)
{
	struct client *client = context;

	if (client->disconnected)
		return;
	if (reply != NULL)
		client_send_line(client, t_strconcat("* BYE ", reply, NULL));
	client_disconnect(client, log_reason);
}

static const struct dp_client_ops ops = {
    .service = "imap",
    .is_half_sent = is_half_sent,
    .end = end_client,
};

static void
destroy(struct client *client, const char *reason)
{
	struct imap_session *own = session_of(client);

	dp_session_detach(own->session, client->hibernated);
	own->module_ctx.super.destroy(client, reason);
}

static int
state_export(
    struct client *client, bool internal, buffer_t *dest, const char **error_r)
{
	struct imap_session *own = session_of(client);
	struct shown shown;

	if (dp_session_hides(own->session)) {
		/* Nobody would look when the next mail check is due. */
		*error_r = "Postern hides messages until the next mail check";
		return 0;
	}
	if (internal) {
		dp_session_get_shown(
		    own->session, &shown.uidvalidity, &shown.uidnext);
		buffer_append_c(dest, STATE_TYPE);
		buffer_append(dest, &shown, sizeof(shown));
	}
	return own->module_ctx.super.state_export(
	    client, internal, dest, error_r);
}

static ssize_t
state_import(struct client *client, bool internal, const unsigned char *data,
    size_t size, const char **error_r)
{
	struct imap_session *own = session_of(client);
	struct shown shown;

	if (!internal || size < STATE_SIZE || data[0] != STATE_TYPE)
		return own->module_ctx.super.state_import(
		    client, internal, data, size, error_r);
	memcpy(&shown, data + 1, sizeof(shown));
	dp_session_set_shown(own->session, shown.uidvalidity, shown.uidnext);
	return STATE_SIZE;
}

static void
client_created(struct client **client_p)
{
	struct client *client = *client_p;
	struct dp_session *session = dp_session_for(client->user, own_module);
	struct imap_session *own;

	if (session != NULL) {
		own = p_new(client->pool, struct imap_session, 1);
		own->module_ctx.super = client->v;
		own->session = session;
		client->v.destroy = destroy;
		client->v.state_export = state_export;
		client->v.state_import = state_import;
		MODULE_CONTEXT_SET(client, client_module, own);
		dp_session_attach(
		    session, &ops, client, &client->input, &client->output);
	}
	if (next_hook != NULL)
		next_hook(client_p);
}

const char *imap_postern_plugin_version = DOVECOT_ABI_VERSION;
const char *imap_postern_plugin_dependencies[] = {"postern", NULL};
const char imap_postern_plugin_binary_dependency[] = "imap";

void
imap_postern_plugin_init(struct module *module)
{
	own_module = module;
	next_hook = imap_client_created_hook_set(client_created);
}

void
imap_postern_plugin_deinit(void)
{
	imap_client_created_hook_set(next_hook);
}
