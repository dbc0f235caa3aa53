/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * All connections of a kind: how many there may be, in which order they go
 * when there are too many or they take too long, and what they share.
 *
 * Each connection is in one list at any time, which is in the order of time,
 * so that housekeeping looks only at those that must go:
 *	idle	no request is begun; by the end of the last one
 *	slow	in the middle of a request or of an answer; by its beginning
 *	(or a list of whoever took its request and will answer it)
 */
#ifndef PD_CLIENTS_H
#define PD_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "core/state/counters.h"
#include "policyd/list.h"
#include "policyd/parser.h"
#include "policyd/report.h"

#define PD_CLIENTS_IDLE_MS  (20 * 60 * 1000)
#define PD_CLIENTS_SLOW_MS  (30 * 1000)
#define PD_CLIENTS_READ_MAX 8192 /* bytes that are read at once */

struct pd_connection;

/*
 * A request is complete (the connection's record holds it): answer it with
 * pd_connection_answer(), now or later; until then the connection's link may
 * be moved to a list.
 */
typedef void
pd_request_fn(struct pd_connection *connection, void *arg);

struct pd_clients {
	uv_loop_t *loop;
	struct pd_link idle;
	struct pd_link slow;
	size_t count;
	size_t max; /* at least 1 */
	bool draining;
	const struct pd_grammar *grammar;
	const struct pd_limits *limits;
	pd_request_fn *on_request;
	void *arg;
	struct pt_counters *counters;
	struct pd_report *report;
	/* Whatever is read is used up before the next read. */
	char buffer[PD_CLIENTS_READ_MAX];
};

/* grammar to report are the caller's to set. */
void
pd_clients_init(struct pd_clients *clients, uv_loop_t *loop, size_t max);

/* Milliseconds of a clock that does not jump; read once a turn of the loop. */
static inline int64_t
pd_clients_now(const struct pd_clients *clients)
{
	return (int64_t)uv_now(clients->loop);
}

/* Closes what is over its time: idle, slow to ask, slow to read. */
void
pd_clients_expire(struct pd_clients *clients);

/*
 * When there are more than the limit: closes the one that has been idle
 * longest, or else the slowest, or else the newest.
 */
void
pd_clients_make_room(struct pd_clients *clients, struct pd_connection *newest);

/*
 * From now on every connection is closed as soon as it has its answer, and at
 * once if it awaits none.
 */
void
pd_clients_drain(struct pd_clients *clients);

/* Closes those that still have not taken their answer. */
void
pd_clients_give_up(struct pd_clients *clients);

#endif
