/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/connection.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/connection_private.h"

/* What a client sent before it had its answer. */
struct pd_ahead {
	size_t len;
	char bytes[];
};

void
pd_connection_enter(struct pd_connection *connection,
    enum pd_connection_state state, struct pd_link *list)
{
	connection->state = state;
	connection->since_ms = pd_clients_now(connection->clients);
	pd_list_move(&connection->link, list);
}

static void
on_closed(uv_handle_t *handle)
{
	struct pd_connection *connection = handle->data;

	pd_clients_take_back(connection->clients, connection->intake);
	pd_transaction_clear(&connection->transaction);
	free(connection->ahead);
	free(connection);
}

void
pd_connection_carry(
    struct pd_connection *connection, struct pd_session *session)
{
	if (connection->session != NULL)
		connection->clients->kept--;
	connection->session = session;
	if (session != NULL)
		connection->clients->kept++;
}

void
pd_connection_close(struct pd_connection *connection)
{
	struct pd_clients *clients = connection->clients;

	if (connection->state == PD_CONNECTION_CLOSED)
		return;
	connection->state = PD_CONNECTION_CLOSED;
	if (connection->transaction.is_open && !clients->draining)
		pd_report_uncharged(clients->report);
	if (connection->session != NULL) {
		clients->on_gone(connection, clients->arg);
		pd_connection_carry(connection, NULL);
	}
	pd_list_remove(&connection->link);
	clients->count--;
	uv_close(&connection->uv.handle, on_closed);
}

static bool
is_reading(const struct pd_connection *connection)
{
	return connection->state == PD_CONNECTION_IDLE ||
	       connection->state == PD_CONNECTION_ASKING;
}

static void
rest(struct pd_connection *connection)
{
	struct pd_clients *clients = connection->clients;

	pd_clients_take_back(clients, connection->intake);
	connection->intake = NULL;
	pd_connection_enter(connection, PD_CONNECTION_IDLE,
	    connection->session == NULL ? &clients->idle : &clients->open);
}

/* Puts a connection that awaits no answer where it belongs now. */
static void
settle(struct pd_connection *connection)
{
	struct pd_clients *clients = connection->clients;

	if (!is_reading(connection))
		return;
	if (connection->ended || clients->draining)
		pd_connection_close(connection);
	else if (connection->intake == NULL ||
		 !pd_parser_is_inside(&connection->intake->parser))
		rest(connection);
	else if (connection->state == PD_CONNECTION_IDLE)
		pd_connection_enter(
		    connection, PD_CONNECTION_ASKING, &clients->slow);
}

void
pd_connection_stop(struct pd_connection *connection)
{
	/* Cannot fail, says libuv. */
	(void)uv_read_stop(&connection->uv.stream);
	connection->stopped = true;
}

/* At most one read's worth, because nothing is read after it. */
static void
keep_ahead(struct pd_connection *connection, const char *at, size_t len)
{
	struct pd_ahead *ahead = malloc(sizeof(*ahead) + len);

	if (ahead == NULL) {
		pd_connection_close(connection);
		return;
	}
	ahead->len = len;
	memcpy(ahead->bytes, at, len);
	connection->ahead = ahead;
	pd_connection_stop(connection);
}

static void
add_debt(struct pd_connection *connection)
{
	int64_t now_ms = pd_clients_now(connection->clients);

	if (connection->owes_until_ms < now_ms)
		connection->owes_until_ms = now_ms;
	connection->owes_until_ms += connection->clients->manners->pace_ms;
}

static bool
owes_too_much(const struct pd_connection *connection)
{
	const struct pd_clients *clients = connection->clients;

	return connection->owes_until_ms - pd_clients_now(clients) >
		   clients->manners->burst_ms &&
	       clients->manners->pace_ms > 0;
}

static void
take_request(struct pd_connection *connection)
{
	struct pd_clients *clients = connection->clients;

	switch (connection->intake->parser.state) {
	case PD_PARSER_MORE:
		break;
	case PD_PARSER_COMPLETE:
		connection->state = PD_CONNECTION_WAITING;
		add_debt(connection);
		clients->on_request(connection, clients->arg);
		break;
	case PD_PARSER_GARBAGE:
		clients->counters->malformed++;
		pd_report_client(clients->report, "malformed-request",
		    connection->intake->parser.why, pd_clients_now(clients));
		pd_connection_close(connection);
		break;
	}
}

static void
consume(struct pd_connection *connection, const char *at, size_t len)
{
	size_t n;

	if (connection->intake == NULL)
		connection->intake = pd_clients_lend(connection->clients);
	if (connection->intake == NULL) {
		pd_connection_close(connection);
		return;
	}
	connection->in_consume = true;
	while (len > 0 && is_reading(connection)) {
		n = pd_parser_feed(&connection->intake->parser,
		    &connection->intake->record, at, len);
		at += n;
		len -= n;
		take_request(connection);
	}
	connection->in_consume = false;
	if (connection->state == PD_CONNECTION_CLOSED)
		return;
	if (len > 0)
		keep_ahead(connection, at, len);
	settle(connection);
}

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct pd_connection *connection = handle->data;

	(void)suggested;
	*buf = uv_buf_init(
	    connection->clients->buffer, sizeof(connection->clients->buffer));
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct pd_connection *connection = stream->data;

	if (n > 0) {
		consume(connection, buf->base, (size_t)n);
	} else if (n == UV_EOF) {
		/* It may still wait for its answer. */
		connection->ended = true;
		pd_connection_stop(connection);
		settle(connection);
	} else if (n < 0) {
		pd_connection_close(connection);
	}
}

static void
pause_reading(struct pd_connection *connection)
{
	struct pd_clients *clients = connection->clients;

	pd_report_client(clients->report, "client-paused",
	    "it asked too much at once", pd_clients_now(clients));
	if (!connection->stopped)
		pd_connection_stop(connection);
	pd_connection_enter(connection, PD_CONNECTION_PAUSED, &clients->paused);
}

void
pd_connection_resume(struct pd_connection *connection)
{
	struct pd_ahead *ahead = connection->ahead;

	if (owes_too_much(connection) && !connection->ended &&
	    !connection->clients->draining) {
		pause_reading(connection);
		return;
	}
	if (ahead != NULL) {
		connection->ahead = NULL;
		consume(connection, ahead->bytes, ahead->len);
		free(ahead);
	} else {
		settle(connection);
	}
	if (!connection->stopped || !is_reading(connection))
		return;
	connection->stopped = false;
	if (uv_read_start(&connection->uv.stream, on_alloc, on_read) != 0)
		pd_connection_close(connection);
}

void
pd_connection_wake(struct pd_connection *connection)
{
	if (owes_too_much(connection)) {
		pd_list_move(&connection->link, &connection->clients->paused);
		return;
	}
	connection->state = PD_CONNECTION_IDLE;
	pd_connection_resume(connection);
}

static int
open_handle(struct pd_connection *connection, uv_stream_t *server, bool is_pipe)
{
	struct pd_clients *clients = connection->clients;

	if ((is_pipe ? uv_pipe_init(clients->loop, &connection->uv.pipe, 0)
		     : uv_tcp_init(clients->loop, &connection->uv.tcp)) != 0) {
		free(connection);
		return -1;
	}
	connection->uv.handle.data = connection;
	clients->count++;
	pd_connection_enter(connection, PD_CONNECTION_IDLE, &clients->idle);
	if (uv_accept(server, &connection->uv.stream) != 0 ||
	    uv_read_start(&connection->uv.stream, on_alloc, on_read) != 0) {
		pd_connection_close(connection);
		return 0;
	}
	/* Answers are small and awaited; without it they are only slower. */
	if (!is_pipe)
		(void)uv_tcp_nodelay(&connection->uv.tcp, 1);
	clients->counters->connections++;
	pd_clients_make_room(clients, connection);
	return 0;
}

int
pd_connection_accept(
    struct pd_clients *clients, uv_stream_t *server, bool is_pipe)
{
	struct pd_connection *connection;

	if (clients->accepts == 0)
		return -1;
	connection = malloc(sizeof(*connection));
	if (connection == NULL)
		return -1;
	if (clients->accepts != UINT_MAX)
		clients->accepts--;
	pd_list_init(&connection->link);
	connection->clients = clients;
	connection->stopped = false;
	connection->ended = false;
	connection->deaf = false;
	connection->in_consume = false;
	connection->owes_until_ms = 0;
	connection->ahead = NULL;
	connection->intake = NULL;
	connection->session = NULL;
	connection->sender_by_maps = PT_OWNED_NO;
	pd_transaction_init(&connection->transaction);
	pd_origin_init(&connection->origin);
	return open_handle(connection, server, is_pipe);
}
