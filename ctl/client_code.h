/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Settings as Thunderbird for Android takes them from a QR code: the JSON of
 * its "QR code format", version 1.  It has a field for nearly everything that
 * has to be typed otherwise, password included, which no other widely used
 * form for phones has.
 */
#ifndef PC_CLIENT_CODE_H
#define PC_CLIENT_CODE_H

#include "core/base/err.h"
#include "core/base/text.h"
#include "ctl/client.h"

/*
 * The client is whole (pc_client_is_whole()).  PT_ERR_INPUT if the login has
 * other characters than ASCII, which that form does not allow.
 */
int
pc_client_code_add(
    const struct pc_client *client, struct pt_text *out, struct pt_err *err);

#endif
