/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What an app password shall be like, from the options --protocols, --label,
 * --expires and --networks of a command.
 */
#ifndef PC_WISH_H
#define PC_WISH_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/rules/password.h"
#include "ctl/call.h"

struct pc_wish {
	struct pt_password_wish wish; /* points into call and below */
	struct pt_network networks[PT_PASSWORD_NETWORKS_MAX];
};

/* PT_ERR_USAGE says which option cannot be taken, and why. */
int
pc_wish_read(
    const struct pc_call *call, struct pc_wish *out, struct pt_err *err);

/* Was nothing but protocols wished for? */
bool
pc_wish_is_protocols_only(const struct pc_wish *wish);

#endif
