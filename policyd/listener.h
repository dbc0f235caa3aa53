/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The sockets that clients connect to: a set that a reload changes to what
 * is wanted then.  Those that are in the old and the new set are not touched,
 * so no connection is refused meanwhile.
 */
#ifndef PD_LISTENER_H
#define PD_LISTENER_H

#include <stddef.h>
#include <uv.h>

#include "core/base/err.h"
#include "core/config/config.h"
#include "core/service/privilege.h"
#include "core/service/socket.h"
#include "policyd/clients.h"
#include "policyd/list.h"

struct pd_listeners {
	struct pd_link list;
	uv_loop_t *loop;
	struct pd_clients *clients; /* who takes the connections */
	size_t count;
};

void
pd_listeners_init(
    struct pd_listeners *set, uv_loop_t *loop, struct pd_clients *clients);

/*
 * The first half of a change: opens what "set" lacks of the wanted addresses
 * into "fresh", which becomes part of it by pd_listeners_adopt() and goes away
 * by pd_listeners_close().  On error nothing is changed.  "owner" as for
 * pt_socket_open().
 */
int
pd_listeners_prepare(const struct pd_listeners *set,
    const struct pt_strings *wanted, const struct pt_owner *owner,
    struct pd_listeners *fresh, struct pt_err *err);

/* The second half: what is not wanted any more is closed. */
void
pd_listeners_adopt(struct pd_listeners *set, const struct pt_strings *wanted,
    struct pd_listeners *fresh);

/* Takes clients that could not be taken when they came; now and then. */
void
pd_listeners_retry(struct pd_listeners *set);

void
pd_listeners_close(struct pd_listeners *set);

#endif
