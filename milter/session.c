/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/session.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "core/rules/clients.h"

struct pm_session *
pm_session_new(struct pm_filter *filter)
{
	struct pm_session *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return NULL;
	session->snapshot = pm_snapshots_take(&filter->snapshots);
	if (session->snapshot == NULL) {
		free(session);
		return NULL;
	}
	session->filter = filter;
	pm_message_clear(&session->message);
	(void)atomic_fetch_add(&filter->connections, 1);
	return session;
}

void
pm_session_free(struct pm_session *session)
{
	if (session == NULL)
		return;
	pm_session_end_message(session);
	(void)atomic_fetch_sub(&session->filter->connections, 1);
	pm_snapshot_release(session->snapshot);
	free(session);
}

static bool
is_loopback(const struct pt_address *address)
{
	static const struct pt_network loopback[] = {
	    {.bytes = {[10] = 0xff, 0xff, 127}, .bits = 104},
	    {.bytes = {[15] = 1}, .bits = 128},
	};

	return pt_network_holds(
	    loopback, sizeof(loopback) / sizeof(loopback[0]), address);
}

void
pm_session_connect(struct pm_session *session, const char *name,
    const struct sockaddr *address)
{
	const struct pt_config *config = session->snapshot->config;
	const struct sockaddr_in *in4 = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;
	struct pt_address client;
	unsigned port = 1;

	session->client[0] = '\0';
	session->client_hash = 0;
	session->is_trusted = false;
	session->is_local = false;
	if (address == NULL)
		return;
	if (address->sa_family == AF_INET) {
		(void)inet_ntop(AF_INET, &in4->sin_addr, session->client,
		    sizeof(session->client));
		port = in4->sin_port;
	} else if (address->sa_family == AF_INET6) {
		(void)inet_ntop(AF_INET6, &in6->sin6_addr, session->client,
		    sizeof(session->client));
		port = in6->sin6_port;
	}
	client = pt_address_parse(session->client);
	session->client_hash =
	    pt_clients_hash(session->filter->door.key, &client);
	session->is_trusted =
	    pt_network_holds(config->networks, config->network_count, &client);
	/*
	 * Postfix's cleanup(8) hands mail that came over no connection to
	 * milters as if "localhost" had connected from port 0, which no
	 * socket has.
	 */
	session->is_local =
	    port == 0 && is_loopback(&client) && strcmp(name, "localhost") == 0;
}

void
pm_session_end_message(struct pm_session *session)
{
	if (session->message.kind != PM_KIND_NONE)
		(void)atomic_fetch_sub(&session->filter->messages, 1);
	session->message.kind = PM_KIND_NONE;
	session->is_late = false;
	pm_bounce_watch_free(session->bounce);
	session->bounce = NULL;
}
