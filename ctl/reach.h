/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Whether another user may connect to a socket, by owners and mode bits. */
#ifndef PC_REACH_H
#define PC_REACH_H

#include <sys/types.h>

#include "core/base/err.h"

#define PC_REACH_GROUPS_MAX 64

struct pc_user {
	uid_t uid;
	gid_t groups[PC_REACH_GROUPS_MAX]; /* the primary one, too */
	int group_count;
};

int
pc_user_find(const char *name, struct pc_user *out, struct pt_err *err);

/*
 * 0 if the user may search every directory of the path from "from" on (its
 * beginning, a directory; "/" for all) and write to what it leads to; else
 * *err says what stands in the way.
 */
int
pc_reach_check(const struct pc_user *user, const char *path, const char *from,
    struct pt_err *err);

#endif
