/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * All connections of a kind: how many there may be, in which order they go
 * when there are too many or they take too long, and what they share.
 *
 * Each connection is in one list at any time, which is in the order of time,
 * so that housekeeping looks only at those that must go:
 *	idle	no request is begun; by the end of the last one
 *	open	the same, for those that carry a session: as long as they like
 *	slow	in the middle of a request or of an answer; by its beginning
 *	paused	asked too much at once, and is not read for a moment
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
struct pd_intake;

/* How connections of a kind are treated. */
struct pd_manners {
	int64_t idle_ms; /* without a session and without a request */
	int64_t slow_ms; /* for a request, or to take an answer */
	/*
	 * A request costs pace_ms; a connection that owes more than burst_ms
	 * is not read until it owes less.  0: no limit.
	 */
	int64_t pace_ms;
	int64_t burst_ms;
	const char *made_room; /* what the log says: an old one had to go */
	const char *no_room;   /* or the new one */
};

/* Those of policy_listen. */
extern const struct pd_manners pd_clients_manners;

/*
 * A request is complete (the connection's record holds it): answer it with
 * pd_connection_answer(), now or later; until then the connection's link may
 * be moved to a list.
 */
typedef void
pd_request_fn(struct pd_connection *connection, void *arg);

/* A connection that carries a session is being closed; arg as above. */
typedef void
pd_gone_fn(struct pd_connection *connection, void *arg);

struct pd_clients {
	uv_loop_t *loop;
	struct pd_link idle;
	struct pd_link open;
	struct pd_link slow;
	struct pd_link paused;
	size_t count;
	size_t kept; /* of them carry a session, and never make room */
	size_t max;  /* of those that do not, at least 1 */
	bool draining;
	bool gave_up; /* nobody is waited for any more */
	/* So many may still be taken until it is set again. */
	unsigned accepts;
	const struct pd_manners *manners;
	struct pd_intake *spare; /* kept for the next request */
	unsigned spare_count;
	const struct pd_grammar *grammar;
	const struct pd_limits *limits;
	pd_request_fn *on_request;
	pd_gone_fn *on_gone; /* NULL where nothing carries a session */
	void *arg;
	struct pt_counters *counters;
	struct pd_report *report;
	/* Whatever is read is used up before the next read. */
	char buffer[PD_CLIENTS_READ_MAX];
};

/* grammar to report are the caller's to set. */
void
pd_clients_init(struct pd_clients *clients, uv_loop_t *loop, size_t max,
    const struct pd_manners *manners);

/* When all connections are gone, and the loop has ended. */
void
pd_clients_clear(struct pd_clients *clients);

/*
 * What a request is read into, ready for its first byte; NULL if there is no
 * memory.  Connections borrow it from its first byte to its answer, so that an
 * idle one is small.
 */
struct pd_intake *
pd_clients_lend(struct pd_clients *clients);

/* Takes it back; NULL is allowed. */
void
pd_clients_take_back(struct pd_clients *clients, struct pd_intake *intake);

/* Milliseconds of a clock that does not jump; read once a turn of the loop. */
static inline int64_t
pd_clients_now(const struct pd_clients *clients)
{
	return (int64_t)uv_now(clients->loop);
}

/* Closes what is over its time: idle, slow to ask, slow to read. */
void
pd_clients_expire(struct pd_clients *clients);

/* Reads on where a connection was paused and owes less now; now and then. */
void
pd_clients_wake(struct pd_clients *clients);

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

/*
 * Closes those that still have not taken their answer, and from now on whoever
 * does not take it at once.
 */
void
pd_clients_give_up(struct pd_clients *clients);

#endif
