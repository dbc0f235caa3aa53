/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * One client: its socket, its parser, and at most one request in work.
 *
 * Postfix never sends a request before it has the answer to the last one.  A
 * client that does is served in order: what it sent ahead in the same read is
 * kept (at most PD_CLIENTS_READ_MAX bytes), and nothing more is read until its
 * turn has come.  An idle connection takes about 500 bytes; what a request is
 * read into is borrowed.
 *
 * A connection may carry a session (pd_connection_carry()); what that is, its
 * users know.  Such a one may be idle for as long as it likes.
 */
#ifndef PD_CONNECTION_H
#define PD_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "core/rules/sender.h"
#include "policyd/clients.h"
#include "policyd/list.h"
#include "policyd/origin.h"
#include "policyd/parser.h"
#include "policyd/transaction.h"

enum pd_connection_state {
	PD_CONNECTION_IDLE,
	PD_CONNECTION_ASKING,  /* a request has begun */
	PD_CONNECTION_WAITING, /* it is complete and being worked on */
	PD_CONNECTION_WRITING, /* the client does not take the answer */
	PD_CONNECTION_PAUSED,  /* it asked too much at once */
	PD_CONNECTION_CLOSED,
};

/* What a request is read into. */
struct pd_intake {
	struct pd_intake *next; /* while it is spare */
	struct pd_parser parser;
	struct pd_record record; /* the request, once it is complete */
};

struct pd_session;

/* A socket of either kind, in libuv's words. */
union pd_stream {
	uv_handle_t handle;
	uv_stream_t stream;
	uv_pipe_t pipe;
	uv_tcp_t tcp;
};

struct pd_connection {
	struct pd_link link; /* first: see list.h */
	struct pd_clients *clients;
	struct pd_intake *intake;   /* NULL while no request is begun */
	struct pd_session *session; /* that it carries, or NULL */
	enum pd_connection_state state;
	bool stopped; /* nothing is read */
	bool ended;   /* the client will send no more */
	bool deaf;    /* the client has gone; nothing is written any more */
	bool in_consume;
	int64_t since_ms;       /* it is in its list */
	int64_t owes_until_ms;  /* for its requests; see struct pd_manners */
	struct pd_ahead *ahead; /* what came too early, or NULL */
	/* What the maps say of the sender of the request in work. */
	enum pt_owned sender_by_maps;
	struct pd_transaction transaction;
	struct pd_origin origin;
	union pd_stream uv;
};

/*
 * Takes a client from a listening handle.  -1 if there is no memory, or if
 * clients->accepts are used up; then it was not taken, and the handle waits
 * until this is called again.
 */
int
pd_connection_accept(
    struct pd_clients *clients, uv_stream_t *server, bool is_pipe);

/*
 * Answers the request and goes on with the next; the text is copied if need
 * be.  The connection may be gone afterwards.
 */
void
pd_connection_answer(
    struct pd_connection *connection, const char *text, size_t len);

/*
 * Says something that was not asked for, without waiting: false if the client
 * did not take what it was told before, and nothing was said.
 */
bool
pd_connection_push(
    struct pd_connection *connection, const char *text, size_t len);

/*
 * Says a last thing and closes, once it is written; at once if the client
 * does not even take what it was told before.  A request in work gets no other
 * answer: it is no longer PD_CONNECTION_WAITING.
 */
void
pd_connection_dismiss(
    struct pd_connection *connection, const char *text, size_t len);

/* From now on it carries that session; NULL: none any more. */
void
pd_connection_carry(
    struct pd_connection *connection, struct pd_session *session);

/* Reads on after a pause, if it owes little enough. */
void
pd_connection_wake(struct pd_connection *connection);

/* It is freed as soon as the loop allows. */
void
pd_connection_close(struct pd_connection *connection);

#endif
