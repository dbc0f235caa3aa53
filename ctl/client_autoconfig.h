/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Settings in the XML that Thunderbird and others look for at
 * autoconfig.DOMAIN (clientConfig, version 1.1).
 */
#ifndef PC_CLIENT_AUTOCONFIG_H
#define PC_CLIENT_AUTOCONFIG_H

#include "core/base/err.h"
#include "core/base/text.h"
#include "ctl/client.h"

/* The client is whole (pc_client_is_whole()). */
int
pc_client_autoconfig_add(
    const struct pc_client *client, struct pt_text *out, struct pt_err *err);

#endif
