/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The sockets of a socketmap: its addresses, a connection, one question and
 * its answer, all until a point in time (monotonic milliseconds) at most.
 */
#ifndef PT_MAPS_SOCKETMAP_WIRE_H
#define PT_MAPS_SOCKETMAP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/base/err.h"
#include "core/config/listen.h"
#include "core/maps/socketmap_reply.h"

#define PT_SOCKETMAP_ADDRESSES 4

struct pt_socketmap_address {
	struct sockaddr_storage at;
	socklen_t len;
};

enum pt_wire_result {
	PT_WIRE_DONE,
	PT_WIRE_BROKEN, /* the server closed: a fresh connection may do */
	PT_WIRE_FAILED,
};

/*
 * Looks a name up, which may take as long as the resolver does; so it is done
 * when the configuration is read.  PT_ERR_UNAVAILABLE.
 */
int
pt_wire_resolve(const struct pt_listen *server,
    struct pt_socketmap_address *out, unsigned *count_out, struct pt_err *err);

/* Tries the addresses in their order: the socket, or -1. */
int
pt_wire_connect(const struct pt_socketmap_address *addresses, unsigned count,
    int64_t until_ms, struct pt_err *err);

/* Has the server neither closed nor said anything unasked? */
bool
pt_wire_is_idle(int fd);

enum pt_wire_result
pt_wire_ask(int fd, const char *request, size_t len, int64_t until_ms,
    struct pt_socketmap_reply *reply, struct pt_err *err);

#endif
