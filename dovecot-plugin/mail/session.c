/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/mail/session.h"

#include "dovecot-plugin/mail/session_private.h"

#include <ioloop.h>

static MODULE_CONTEXT_DEFINE_INIT(session_module, &mail_user_module_register);

struct dp_session *
dp_session_of(struct mail_user *user)
{
	return MODULE_CONTEXT(user, session_module);
}

struct dp_session *
dp_session_for(struct mail_user *user, struct module *module)
{
	return mail_user_is_plugin_loaded(user, module) ? dp_session_of(user)
							: NULL;
}

struct event *
dp_session_event(struct dp_session *session)
{
	return session->event;
}

struct dp_hold **
dp_session_boxes(struct dp_session *session)
{
	return &session->boxes;
}

static const char *
token_of(const struct mail_user *user)
{
	static const char name[] = PT_SESSION_TOKEN_FIELD "=";
	const char *const *fields = user->userdb_fields;

	for (; fields != NULL && *fields != NULL; fields++) {
		if (strncmp(*fields, name, sizeof(name) - 1) == 0)
			return *fields + sizeof(name) - 1;
	}
	return NULL;
}

static void
user_deinit(struct mail_user *user)
{
	struct dp_session *session = dp_session_of(user);
	void (*super)(struct mail_user *) = session->module_ctx.super.deinit;

	dp_session_detach(session, FALSE);
	event_unref(&session->event);
	super(user);
}

void
dp_session_user_created(struct mail_user *user)
{
	struct mail_user_vfuncs *v = user->vlast;
	const char *token = token_of(user);
	struct dp_session *session;
	const char *end;

	if (token == NULL || token[0] == '\0' || user->autocreated)
		return;
	session = p_new(user->pool, struct dp_session, 1);
	session->module_ctx.super = *v;
	user->vlast = &session->module_ctx.super;
	v->deinit = user_deinit;
	session->user = user;
	/* The name that userdb gave the user may not be the account's. */
	end = strchr(token, PT_SESSION_TOKEN_END);
	session->token = end == NULL ? p_strdup(user->pool, token)
				     : p_strdup_until(user->pool, token, end);
	session->login =
	    p_strdup(user->pool, end == NULL ? user->username : end + 1);
	session->event = event_create(user->event);
	event_set_append_log_prefix(session->event, "postern: ");
	MODULE_CONTEXT_SET(user, session_module, session);
}

#if DP_DOVECOT_24
static struct dp_link *
make_link(struct dp_session *session)
{
	const struct dp_settings *set;
	const char *error;
	struct dp_link *link;

	if (settings_get(session->event, &dp_settings_info, 0, &set, &error) <
	    0) {
		e_error(session->event, "%s", error);
		return dp_link_new(session, DP_SESSION_SOCKET);
	}
	link = dp_link_new(session, set->postern_session_socket);
	settings_free(set);
	return link;
}
#else
static struct dp_link *
make_link(struct dp_session *session)
{
	const char *path =
	    mail_user_plugin_getenv(session->user, "postern_session_socket");

	if (path == NULL || path[0] == '\0')
		path = DP_SESSION_SOCKET;
	return dp_link_new(session, path);
}
#endif

void
dp_session_attach(struct dp_session *session, const struct dp_client_ops *ops,
    void *client, struct istream *const *input, struct ostream *const *output)
{
	session->ops = ops;
	session->client = client;
	session->input = input;
	session->output = output;
	session->ioloop = current_ioloop;
	session->link = make_link(session);
}

void
dp_session_detach(struct dp_session *session, bool hibernates)
{
	char buf[DP_REQUEST_MAX];
	enum dp_event event = hibernates ? DP_EVENT_HIBERNATE : DP_EVENT_CLOSE;
	struct dp_link *link = session->link;

	if (session->ops == NULL)
		return;
	dp_session_report_last(session);
	dp_link_send(link, event, buf, dp_request_end(buf, event));
	session->link = NULL;
	dp_link_free(link);
	dp_session_stop_timers(session);
	session->ops = NULL;
	session->client = NULL;
}

size_t
dp_session_open_request(struct dp_session *session, char buf[DP_REQUEST_MAX])
{
	const char *id = session->user->session_id;
	size_t len = dp_request_open(buf, session->login, session->token,
	    session->ops->service, id == NULL ? "" : id);

	if (len == 0)
		e_error(session->event,
		    "cannot open the session at policyd: its login or token "
		    "is too long or has a control character in it");
	return len;
}

void
dp_session_answered(struct dp_session *session, enum dp_event event,
    const struct dp_reply *reply)
{
	if (reply->action == DP_ACTION_CLOSE) {
		dp_session_end(session, reply);
		return;
	}
	switch (event) {
	case DP_EVENT_OPEN:
		session->opened = TRUE;
		session->no_hold = !reply->hold;
		dp_session_report_every(session, reply->report_s);
		break;
	case DP_EVENT_CHECK:
	case DP_EVENT_STORED:
		dp_session_hold_answer(session, reply, FALSE);
		break;
	case DP_EVENT_TRAFFIC:
	case DP_EVENT_HIBERNATE:
	case DP_EVENT_CLOSE:
		break;
	}
}

void
dp_session_told(struct dp_session *session, const struct dp_reply *reply)
{
	if (reply->action == DP_ACTION_CLOSE)
		dp_session_end(session, reply);
	else
		dp_session_hold_answer(session, reply, TRUE);
}

void
dp_session_lost(struct dp_session *session)
{
	session->opened = FALSE;
	dp_cap_forget(&session->cap);
}
