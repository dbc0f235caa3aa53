/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A list of logins, kept during a walk through the state: the walk itself must
 * not read other records.
 */
#ifndef PC_LOGINS_H
#define PC_LOGINS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/login.h"

struct pc_logins {
	char **at; /* owned, each of them too */
	size_t count;
	size_t room;
};

/* false when memory is short. */
bool
pc_logins_add(struct pc_logins *logins, const struct pt_login *login);

/* By name. */
void
pc_logins_sort(struct pc_logins *logins);

void
pc_logins_clear(struct pc_logins *logins);

#endif
