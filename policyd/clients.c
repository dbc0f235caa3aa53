/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/clients.h"

#include <limits.h>
#include <stdlib.h>

#include "policyd/connection.h"

/* Spare room for requests that is kept: as many as come in a busy turn. */
#define SPARE_MAX 256

const struct pd_manners pd_clients_manners = {
    .idle_ms = PD_CLIENTS_IDLE_MS,
    .slow_ms = PD_CLIENTS_SLOW_MS,
    .made_room = "max_connections reached: an old one was closed",
    .no_room = "max_connections reached, all of them busy: a new one was "
	       "closed",
};

void
pd_clients_init(struct pd_clients *clients, uv_loop_t *loop, size_t max,
    const struct pd_manners *manners)
{
	clients->loop = loop;
	pd_list_init(&clients->idle);
	pd_list_init(&clients->open);
	pd_list_init(&clients->slow);
	pd_list_init(&clients->paused);
	clients->count = 0;
	clients->kept = 0;
	clients->max = max;
	clients->draining = false;
	clients->gave_up = false;
	clients->manners = manners;
	clients->spare = NULL;
	clients->spare_count = 0;
	clients->on_gone = NULL;
	clients->accepts = UINT_MAX;
}

void
pd_clients_clear(struct pd_clients *clients)
{
	struct pd_intake *intake;

	while ((intake = clients->spare) != NULL) {
		clients->spare = intake->next;
		free(intake);
	}
	clients->spare_count = 0;
}

struct pd_intake *
pd_clients_lend(struct pd_clients *clients)
{
	struct pd_intake *intake = clients->spare;

	if (intake != NULL) {
		clients->spare = intake->next;
		clients->spare_count--;
	} else {
		intake = malloc(sizeof(*intake));
		if (intake == NULL)
			return NULL;
		pd_parser_init(
		    &intake->parser, clients->grammar, clients->limits);
	}
	pd_parser_next(&intake->parser, &intake->record);
	return intake;
}

void
pd_clients_take_back(struct pd_clients *clients, struct pd_intake *intake)
{
	if (intake == NULL)
		return;
	if (clients->spare_count == SPARE_MAX) {
		free(intake);
		return;
	}
	intake->next = clients->spare;
	clients->spare = intake;
	clients->spare_count++;
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

	while ((connection = longest(clients, &clients->idle,
		    clients->manners->idle_ms)) != NULL)
		pd_connection_close(connection);
	while ((connection = longest(clients, &clients->slow,
		    clients->manners->slow_ms)) != NULL) {
		pd_report_client(clients->report, "slow-client",
		    connection->state == PD_CONNECTION_WRITING
			? "answer not taken in time"
			: "request not completed in time",
		    pd_clients_now(clients));
		pd_connection_close(connection);
	}
}

void
pd_clients_wake(struct pd_clients *clients)
{
	struct pd_link due;
	struct pd_link *first;

	/* Those that are paused again go to the list that is being left. */
	pd_list_init(&due);
	while ((first = pd_list_first(&clients->paused)) != NULL)
		pd_list_move(first, &due);
	while ((first = pd_list_first(&due)) != NULL)
		pd_connection_wake((struct pd_connection *)first);
}

void
pd_clients_make_room(struct pd_clients *clients, struct pd_connection *newest)
{
	struct pd_connection *victim = NULL;

	/* More than one too many there are after the limit was lowered. */
	while (
	    clients->count - clients->kept > clients->max && victim != newest) {
		victim = longest(clients, &clients->idle, 0);
		if (victim == NULL || victim == newest)
			victim = longest(clients, &clients->slow, 0);
		if (victim == NULL || victim->session != NULL)
			victim = newest;
		pd_report_client(clients->report, "connection-limit",
		    victim == newest ? clients->manners->no_room
				     : clients->manners->made_room,
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
	close_all(&clients->open);
	close_all(&clients->paused);
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
	clients->gave_up = true;
	close_all(&clients->slow);
}
