/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A bound socket for a listen address.
 *
 * Beside a Unix socket lies PATH.lock, which is locked (flock) as long as the
 * socket is open, so that two daemons cannot take each other's path away.  A
 * socket file that a crash left behind is replaced; one that still answers is
 * not.  The socket's mode is 0666: who may connect is decided by the
 * permissions of its directory.
 */
#ifndef PT_SERVICE_SOCKET_H
#define PT_SERVICE_SOCKET_H

#include <sys/types.h>

#include "core/base/err.h"
#include "core/config/listen.h"
#include "core/service/privilege.h"

struct pt_socket {
	int fd;      /* not yet listening; -1: the maker has it */
	int lock_fd; /* -1: none */
	dev_t dev;   /* of the socket file, to know it again */
	ino_t ino;
};

/*
 * "owner" is who we shall be, if we are still root.  PT_ERR_UNAVAILABLE if
 * somebody else has the address, PT_ERR_CONFIG if it cannot be had.
 */
int
pt_socket_open(const struct pt_listen *address, const struct pt_owner *owner,
    struct pt_socket *out, struct pt_err *err);

/*
 * Somebody else makes the socket: a library that binds its own.  It gets the
 * address to itself as described above, is called with the rights and the
 * umask that the file needs, and keeps the socket.
 */
struct pt_socket_maker {
	int (*make)(void *arg, struct pt_err *err);
	void *arg;
};

int
pt_socket_open_with(const struct pt_listen *address,
    const struct pt_owner *owner, const struct pt_socket_maker *maker,
    struct pt_socket *out, struct pt_err *err);

/* Removes the socket file and the lock; fd itself is the caller's to close. */
void
pt_socket_release(struct pt_socket *sock, const struct pt_listen *address);

#endif
