/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* A Message-ID for mail that its program gave none. */
#ifndef PM_MESSAGE_ID_H
#define PM_MESSAGE_ID_H

#include <stddef.h>

#include "core/base/login.h"

#define PM_MESSAGE_ID_MAX (PT_LOGIN_MAX + 40)

/* "<random@domain of the login>"; -1: there is no randomness to be had. */
int
pm_message_id_make(const struct pt_login *login, char *buf, size_t cap);

#endif
