/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/connection.h"

#include <stdlib.h>
#include <string.h>

/* What a client sent before it had its answer. */
struct pd_ahead {
	size_t len;
	char bytes[];
};

/* An answer that did not go out at once. */
struct delayed {
	uv_write_t request;
	char text[];
};

static void
enter(struct pd_connection *connection, enum pd_connection_state state,
    struct pd_link *list)
{
	connection->state = state;
	connection->since_ms = pd_clients_now(connection->clients);
	pd_list_move(&connection->link, list);
}

static void
on_closed(uv_handle_t *handle)
{
	struct pd_connection *connection = handle->data;

	free(connection->ahead);
	free(connection);
}

void
pd_connection_close(struct pd_connection *connection)
{
	if (connection->state == PD_CONNECTION_CLOSED)
		return;
	connection->state = PD_CONNECTION_CLOSED;
	if (connection->transaction.is_open && !connection->clients->draining)
		pd_report_uncharged(connection->clients->report);
	pd_list_remove(&connection->link);
	connection->clients->count--;
	uv_close(&connection->uv.handle, on_closed);
}

static bool
is_reading(const struct pd_connection *connection)
{
	return connection->state == PD_CONNECTION_IDLE ||
	       connection->state == PD_CONNECTION_ASKING;
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
	else if (!pd_parser_is_inside(&connection->parser))
		enter(connection, PD_CONNECTION_IDLE, &clients->idle);
	else if (connection->state == PD_CONNECTION_IDLE)
		enter(connection, PD_CONNECTION_ASKING, &clients->slow);
}

static void
stop_reading(struct pd_connection *connection)
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
	stop_reading(connection);
}

static void
take_request(struct pd_connection *connection)
{
	struct pd_clients *clients = connection->clients;

	switch (connection->parser.state) {
	case PD_PARSER_MORE:
		break;
	case PD_PARSER_COMPLETE:
		connection->state = PD_CONNECTION_WAITING;
		clients->on_request(connection, clients->arg);
		break;
	case PD_PARSER_GARBAGE:
		clients->counters->malformed++;
		pd_report_client(clients->report, "malformed-request",
		    connection->parser.why, pd_clients_now(clients));
		pd_connection_close(connection);
		break;
	}
}

static void
consume(struct pd_connection *connection, const char *at, size_t len)
{
	size_t n;

	connection->in_consume = true;
	while (len > 0 && is_reading(connection)) {
		n = pd_parser_feed(
		    &connection->parser, &connection->record, at, len);
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
		stop_reading(connection);
		settle(connection);
	} else if (n < 0) {
		pd_connection_close(connection);
	}
}

/* Goes on after an answer: with what came too early, or with reading. */
static void
resume(struct pd_connection *connection)
{
	struct pd_ahead *ahead = connection->ahead;

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

static void
on_written(uv_write_t *request, int status)
{
	struct pd_connection *connection = request->handle->data;

	free(request->data);
	if (connection->state == PD_CONNECTION_CLOSED)
		return;
	if (status != 0) {
		pd_connection_close(connection);
		return;
	}
	connection->state = PD_CONNECTION_IDLE;
	resume(connection);
}

static int
write_later(struct pd_connection *connection, const char *text, size_t len)
{
	struct delayed *delayed = malloc(sizeof(*delayed) + len);
	uv_buf_t buf;

	if (delayed == NULL)
		return -1;
	memcpy(delayed->text, text, len);
	delayed->request.data = delayed;
	buf = uv_buf_init(delayed->text, (unsigned)len);
	if (uv_write(&delayed->request, &connection->uv.stream, &buf, 1,
		on_written) != 0) {
		free(delayed);
		return -1;
	}
	enter(connection, PD_CONNECTION_WRITING, &connection->clients->slow);
	return 0;
}

void
pd_connection_answer(
    struct pd_connection *connection, const char *text, size_t len)
{
	/* libuv reads it only, but its type has no const. */
	uv_buf_t buf = uv_buf_init((char *)text, (unsigned)len);
	int n = uv_try_write(&connection->uv.stream, &buf, 1);

	pd_parser_next(&connection->parser, &connection->record);
	connection->state = PD_CONNECTION_IDLE;
	if (n == UV_EAGAIN)
		n = 0;
	if (n < 0 || ((size_t)n < len && write_later(connection, text + n,
					     len - (size_t)n) != 0))
		pd_connection_close(connection);
	else if (!connection->in_consume)
		resume(connection);
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
	enter(connection, PD_CONNECTION_IDLE, &clients->idle);
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
	struct pd_connection *connection = malloc(sizeof(*connection));

	if (connection == NULL)
		return -1;
	pd_list_init(&connection->link);
	connection->clients = clients;
	connection->stopped = false;
	connection->ended = false;
	connection->in_consume = false;
	connection->ahead = NULL;
	pd_transaction_init(&connection->transaction);
	pd_origin_init(&connection->origin);
	pd_parser_init(&connection->parser, clients->grammar, clients->limits);
	pd_parser_next(&connection->parser, &connection->record);
	return open_handle(connection, server, is_pipe);
}
