/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the process may do.  Started by root it becomes the owner of the state
 * directory for good, once its sockets are open; started by anybody else it
 * stays who it is.  Only before there are threads.
 */
#ifndef PT_SERVICE_PRIVILEGE_H
#define PT_SERVICE_PRIVILEGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/base/err.h"

struct pt_owner {
	bool is_set; /* we are root and shall become this */
	uid_t uid;
	gid_t gid;
	char name[64]; /* "" if the user has no name */
};

/*
 * Who we shall be.  PT_ERR_CONFIG if there is no state directory, or if it
 * belongs to root.
 */
int
pt_privilege_owner(
    const char *state_dir, struct pt_owner *out, struct pt_err *err);

/*
 * Acts as the owner for file names, and as root again.  What root makes in a
 * directory that another user may write to could be anything.
 */
void
pt_privilege_borrow(const struct pt_owner *owner);

void
pt_privilege_return(const struct pt_owner *owner);

/* Becomes the owner for good. */
int
pt_privilege_drop(const struct pt_owner *owner, struct pt_err *err);

/* No core files and no debugger: what we hold is other people's business. */
void
pt_privilege_hide(void);

/*
 * Lets the process have that many open files.  Returns how many it may have,
 * which is fewer if the hard limit does not allow it.
 */
size_t
pt_privilege_files(size_t wanted);

#endif
