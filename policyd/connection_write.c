/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/connection_private.h"

#include <stdlib.h>
#include <string.h>

/* An answer that did not go out at once. */
struct delayed {
	uv_write_t request;
	char text[];
};

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
	pd_connection_resume(connection);
}

static int
write_later(struct pd_connection *connection, const char *text, size_t len,
    uv_write_cb done)
{
	struct delayed *delayed = malloc(sizeof(*delayed) + len);
	uv_buf_t buf;

	if (delayed == NULL)
		return -1;
	memcpy(delayed->text, text, len);
	delayed->request.data = delayed;
	buf = uv_buf_init(delayed->text, (unsigned)len);
	if (uv_write(&delayed->request, &connection->uv.stream, &buf, 1,
		done) != 0) {
		free(delayed);
		return -1;
	}
	return 0;
}

/* How much of it the client takes at once; below 0: an error. */
static int
write_now(struct pd_connection *connection, const char *text, size_t len)
{
	/* libuv reads it only, but its type has no const. */
	uv_buf_t buf = uv_buf_init((char *)text, (unsigned)len);
	int n = uv_try_write(&connection->uv.stream, &buf, 1);

	return n == UV_EAGAIN ? 0 : n;
}

/*
 * -1 if it cannot be written.  To a client that has gone nothing is; but what
 * it had sent before is still served.
 */
static int
write_all(struct pd_connection *connection, const char *text, size_t len)
{
	int n;

	if (connection->deaf)
		return 0;
	n = write_now(connection, text, len);
	if (n == UV_EPIPE || n == UV_ECONNRESET) {
		connection->deaf = true;
		return 0;
	}
	if (n < 0 || (size_t)n == len)
		return n < 0 ? -1 : 0;
	if (connection->clients->gave_up ||
	    write_later(connection, text + n, len - (size_t)n, on_written) != 0)
		return -1;
	pd_connection_enter(
	    connection, PD_CONNECTION_WRITING, &connection->clients->slow);
	return 0;
}

void
pd_connection_answer(
    struct pd_connection *connection, const char *text, size_t len)
{
	pd_parser_next(
	    &connection->intake->parser, &connection->intake->record);
	connection->state = PD_CONNECTION_IDLE;
	if (write_all(connection, text, len) != 0)
		pd_connection_close(connection);
	else if (!connection->in_consume)
		pd_connection_resume(connection);
}

/* Nobody waits for it: what goes wrong is seen at the next read. */
static void
on_pushed(uv_write_t *request, int status)
{
	(void)status;
	free(request->data);
}

bool
pd_connection_push(
    struct pd_connection *connection, const char *text, size_t len)
{
	int n;

	if (connection->state == PD_CONNECTION_CLOSED)
		return false;
	n = write_now(connection, text, len);
	if (n <= 0)
		return false;
	/* Half of it would spoil all that follows. */
	if ((size_t)n < len &&
	    write_later(connection, text + n, len - (size_t)n, on_pushed) != 0)
		pd_connection_close(connection);
	return true;
}

void
pd_connection_dismiss(
    struct pd_connection *connection, const char *text, size_t len)
{
	if (connection->state == PD_CONNECTION_CLOSED)
		return;
	connection->ended = true;
	if (!connection->stopped)
		pd_connection_stop(connection);
	free(connection->ahead);
	connection->ahead = NULL;
	if (connection->state == PD_CONNECTION_WRITING ||
	    write_all(connection, text, len) != 0 ||
	    connection->state != PD_CONNECTION_WRITING)
		pd_connection_close(connection);
}
