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
#ifndef PD_SOCKET_H
#define PD_SOCKET_H

#include <sys/types.h>

#include "core/base/err.h"
#include "core/config/listen.h"
#include "policyd/privilege.h"

struct pd_socket {
	int fd;      /* not yet listening */
	int lock_fd; /* -1: none */
	dev_t dev;   /* of the socket file, to know it again */
	ino_t ino;
};

/*
 * "owner" is who we shall be, if we are still root.  PT_ERR_UNAVAILABLE if
 * somebody else has the address, PT_ERR_CONFIG if it cannot be had.
 */
int
pd_socket_open(const struct pt_listen *address, const struct pd_owner *owner,
    struct pd_socket *out, struct pt_err *err);

/* Removes the socket file and the lock; fd itself is the caller's to close. */
void
pd_socket_release(struct pd_socket *sock, const struct pt_listen *address);

#endif
