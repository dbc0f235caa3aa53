/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the configured maps say about the envelope sender of a request, before
 * the request joins its batch.  Most senders are owned plainly, and no map is
 * asked.  The others are looked up in libuv's threads, because a server may
 * let us wait and a large file takes its time to be read again; the loop never
 * waits.
 *
 * At most PD_OWNERSHIP_LOOKUPS are under way, so that one thread is left for
 * the disk; further requests wait in line.  How many there are is bounded by
 * the connections, each of which has one request.  A connection may close
 * meanwhile; then its lookup ends for nobody.
 */
#ifndef PD_OWNERSHIP_H
#define PD_OWNERSHIP_H

#include <stdbool.h>
#include <uv.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/maps/maps.h"
#include "core/rules/sender.h"
#include "policyd/context.h"
#include "policyd/list.h"

#define PD_OWNERSHIP_LOOKUPS 3
#define PD_OWNERSHIP_THREADS "4" /* of libuv: one more, see above */

struct pd_connection;
struct pd_ownership;

/* The maps of one configuration, closed when nobody uses them any more. */
struct pd_shared_maps {
	struct pt_maps *maps; /* never NULL */
	unsigned uses;
};

struct pd_lookup {
	uv_work_t work;
	struct pd_ownership *ownership;
	struct pd_shared_maps *shared; /* NULL: this lookup is free */
	struct pd_link asker;          /* its connection, until that closes */
	struct pt_login login;
	struct pt_login address;
	enum pt_owned answer;
	struct pt_err err;
};

struct pd_ownership {
	struct pd_context *context;
	uv_loop_t *loop;
	struct pd_link *answered; /* where requests go afterwards */
	struct pd_link waiting;
	struct pd_shared_maps *shared; /* in force; NULL: there are none */
	struct pd_lookup lookups[PD_OWNERSHIP_LOOKUPS];
};

/* Without maps, until pd_ownership_adopt(). */
void
pd_ownership_init(struct pd_ownership *ownership, struct pd_context *context,
    uv_loop_t *loop, struct pd_link *answered);

/*
 * Opens the maps of a configuration, to be adopted or dropped; NULL if it has
 * none.  Errors are those of pt_maps_open().
 */
int
pd_ownership_prepare(const struct pt_config *config,
    struct pd_shared_maps **shared_out, struct pt_err *err);

/* NULL is allowed. */
void
pd_ownership_drop(struct pd_shared_maps *shared);

/* From now on those; lookups under way finish with the ones before. */
void
pd_ownership_adopt(
    struct pd_ownership *ownership, struct pd_shared_maps *shared);

/* When the loop has ended. */
void
pd_ownership_clear(struct pd_ownership *ownership);

/*
 * A judged request has come.  true: its connection comes to "answered" later,
 * with sender_by_maps set; false: there is nothing to look up.
 */
bool
pd_ownership_take(
    struct pd_ownership *ownership, struct pd_connection *connection);

#endif
