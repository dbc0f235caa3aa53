/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The address that milters are reached at.  libmilter insists on making the
 * socket itself; here it gets the address in the manner of all our sockets
 * (core/service/socket.h): locked, never taken from who still answers, made
 * with the rights of the user that we shall be.
 */
#ifndef PM_LISTEN_H
#define PM_LISTEN_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/config/listen.h"
#include "core/service/privilege.h"
#include "core/service/socket.h"

struct pm_listen {
	struct pt_listen address;
	struct pt_socket sock;
};

/* "text" is milter_listen.  The filter is registered with libmilter. */
int
pm_listen_open(struct pm_listen *listen, const char *text,
    const struct pt_owner *owner, struct pt_err *err);

/* The socket file and its lock go; who is connected stays so. */
void
pm_listen_close(struct pm_listen *listen);

/* "inet:PORT@HOST": the address in libmilter's spelling. */
void
pm_listen_format(const struct pt_listen *address, char *buf, size_t cap);

#endif
