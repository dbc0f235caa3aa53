/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What a new app password shall be like, out of a command's parameters. */
#ifndef DP_DOVEADM_WISH_H
#define DP_DOVEADM_WISH_H

#include "dovecot-plugin/doveadm/request.h"

#include "core/rules/password.h"

struct dp_wish {
	unsigned protocols; /* parameter "protocol"; 0: not given */
	struct pt_network networks[PT_PASSWORD_NETWORKS_MAX];
	/* Without its protocols; points into the parameters and networks. */
	struct pt_password_wish password;
};

int
dp_wish_read(
    const struct dp_request *request, struct dp_wish *out, struct pt_err *err);

#endif
