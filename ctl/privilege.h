/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Who runs posternctl, and with which rights.  Started by root, it works on
 * the state as the state's owner: no file of the state ever belongs to root,
 * and a damaged file meets no root process.
 */
#ifndef PC_PRIVILEGE_H
#define PC_PRIVILEGE_H

#include <stddef.h>
#include <sys/types.h>

#include "core/base/err.h"

/*
 * Becomes the owner of that directory, for good, if this is root and the
 * owner is not; nothing happens if there is no such directory.
 */
int
pc_privilege_drop(const char *dir, struct pt_err *err);

/*
 * The name for the history: the user behind sudo if this is root, else the
 * user himself, or "uid 1000" for one without a name.
 */
void
pc_privilege_who(char *buf, size_t cap);

/* -1 with *err if there is no such user. */
int
pc_privilege_find_user(
    const char *name, uid_t *uid_out, gid_t *gid_out, struct pt_err *err);

#endif
