/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/clients.h"

#include "policyd/connection.h"

void
pd_clients_init(struct pd_clients *clients, uv_loop_t *loop, size_t max)
{
	clients->loop = loop;
	pd_list_init(&clients->idle);
	pd_list_init(&clients->slow);
	clients->count = 0;
	clients->max = max;
	clients->draining = false;
}

/* The longest in the list if it is there longer than that, or NULL. */
static struct pd_connection *
longest(struct pd_clients *clients, struct pd_link *list, int64_t ms)
{
	struct pd_connection *first;

	first = (struct pd_connection *)pd_list_first(list);
	if (first == NULL || pd_clients_now(clients) - first->since_ms < ms)
		return NULL;
	return first;
}

void
pd_clients_expire(struct pd_clients *clients)
{
	struct pd_connection *connection;

	while ((connection = longest(
		    clients, &clients->idle, PD_CLIENTS_IDLE_MS)) != NULL)
		pd_connection_close(connection);
	while ((connection = longest(
		    clients, &clients->slow, PD_CLIENTS_SLOW_MS)) != NULL) {
		pd_report_client(clients->report, "slow-client",
		    connection->state == PD_CONNECTION_WRITING
			? "answer not taken in time"
			: "request not completed in time",
		    pd_clients_now(clients));
		pd_connection_close(connection);
	}
}

void
pd_clients_make_room(struct pd_clients *clients, struct pd_connection *newest)
{
	struct pd_connection *victim = NULL;

	/* More than one too many there are after the limit was lowered. */
	while (clients->count > clients->max && victim != newest) {
		victim = longest(clients, &clients->idle, 0);
		if (victim == NULL || victim == newest)
			victim = longest(clients, &clients->slow, 0);
		if (victim == NULL)
			victim = newest;
		pd_report_client(clients->report, "connection-limit",
		    victim == newest
			? "max_connections reached, all of them busy: a new "
			  "one was closed"
			: "max_connections reached: an old one was closed",
		    pd_clients_now(clients));
		pd_connection_close(victim);
	}
}

static void
close_all(struct pd_link *list)
{
	struct pd_link *first;

	while ((first = pd_list_first(list)) != NULL)
		pd_connection_close((struct pd_connection *)first);
}

void
pd_clients_drain(struct pd_clients *clients)
{
	struct pd_link writing;
	struct pd_connection *first;

	clients->draining = true;
	close_all(&clients->idle);
	pd_list_init(&writing);
	while ((first = (struct pd_connection *)pd_list_first(
		    &clients->slow)) != NULL) {
		if (first->state == PD_CONNECTION_WRITING)
			pd_list_move(&first->link, &writing);
		else
			pd_connection_close(first);
	}
	while (
	    (first = (struct pd_connection *)pd_list_first(&writing)) != NULL)
		pd_list_move(&first->link, &clients->slow);
}

void
pd_clients_give_up(struct pd_clients *clients)
{
	close_all(&clients->slow);
}
