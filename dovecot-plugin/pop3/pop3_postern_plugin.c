/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The module lib55_pop3_postern_plugin.so: binds POP3 clients to their
 * sessions and ends them.  Whether POP3 may look for mail was decided at
 * login; nothing is held here.
 */
#include "dovecot-plugin/compat.h"

#include <pop3-common.h>
#include <module-context.h>
#include <module-dir.h>

#include "dovecot-plugin/mail/session.h"

DP_EXPORT extern const char *pop3_postern_plugin_version;
DP_EXPORT extern const char *pop3_postern_plugin_dependencies[];
DP_EXPORT extern const char pop3_postern_plugin_binary_dependency[];
DP_EXPORT void
pop3_postern_plugin_init(struct module *module);
DP_EXPORT void
pop3_postern_plugin_deinit(void);

struct pop3_session {
	union pop3_module_context module_ctx;
	struct dp_session *session;
};

static MODULE_CONTEXT_DEFINE_INIT(client_module, &pop3_module_register);

static struct module *own_module;
static pop3_client_created_func_t *next_hook;

static bool
is_half_sent(const void *context)
{
	const struct client *client = context;

	return client->cmd != NULL;
}

static void
end_client(void *context, const char *reply, const char *log_reason)
{
	struct client *client = context;

	if (client->disconnected)
		return;
	if (reply != NULL)
		client_send_line(client, "-ERR %s", reply);
	client_disconnect(client, log_reason);
}

static const struct dp_client_ops ops = {
    .service = "pop3",
    .is_half_sent = is_half_sent,
    .end = end_client,
};

static void
destroy(struct client *client, const char *reason)
{
	struct pop3_session *own =
	    MODULE_CONTEXT_REQUIRE(client, client_module);

	dp_session_detach(own->session, FALSE);
	own->module_ctx.super.destroy(client, reason);
}

static void
client_created(struct client **client_p)
{
	struct client *client = *client_p;
	struct dp_session *session = dp_session_for(client->user, own_module);
	struct pop3_session *own;

	if (session != NULL) {
		own = p_new(client->pool, struct pop3_session, 1);
		own->module_ctx.super = client->v;
		own->session = session;
		client->v.destroy = destroy;
		MODULE_CONTEXT_SET(client, client_module, own);
		dp_session_attach(
		    session, &ops, client, &client->input, &client->output);
	}
	if (next_hook != NULL)
		next_hook(client_p);
}

const char *pop3_postern_plugin_version = DOVECOT_ABI_VERSION;
const char *pop3_postern_plugin_dependencies[] = {"postern", NULL};
const char pop3_postern_plugin_binary_dependency[] = "pop3";

void
pop3_postern_plugin_init(struct module *module)
{
	own_module = module;
	next_hook = pop3_client_created_hook_set(client_created);
}

void
pop3_postern_plugin_deinit(void)
{
	pop3_client_created_hook_set(next_hook);
}
