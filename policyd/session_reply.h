/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What policyd says to the Dovecot plugin: replies of the session protocol.
 * Each function writes a whole reply with its empty line into buf, which has
 * PT_SESSION_REPLY_MAX bytes, and returns its length.
 */
#ifndef PD_SESSION_REPLY_H
#define PD_SESSION_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/session_protocol.h"
#include "core/config/config.h"
#include "core/rules/mail_check.h"
#include "core/rules/verdict.h"

#define PD_SESSION_OK     "action=ok\n\n"
#define PD_SESSION_OK_LEN (sizeof(PD_SESSION_OK) - 1)

size_t
pd_session_reply_open(char *buf, bool holds, unsigned report);

size_t
pd_session_reply_hold(char *buf, const struct pt_held_view *view,
    uint32_t uidvalidity, bool unasked);

/* "login" as it shall be named. */
size_t
pd_session_reply_close(char *buf, const struct pt_config *config,
    const struct pt_verdict *verdict, const char *login,
    enum pt_protocol protocol, int64_t now, bool unasked);

#endif
