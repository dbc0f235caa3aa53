/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A configuration profile for Apple's devices: a property list with one
 * payload com.apple.mail.managed.  Its identifiers are made of login and
 * provider alone, so that a later profile takes the place of the one before.
 */
#ifndef PC_CLIENT_PROFILE_H
#define PC_CLIENT_PROFILE_H

#include "core/base/err.h"
#include "core/base/text.h"
#include "ctl/client.h"

/* The client is whole (pc_client_is_whole()). */
int
pc_client_profile_add(
    const struct pc_client *client, struct pt_text *out, struct pt_err *err);

#endif
