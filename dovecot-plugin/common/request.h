/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the plugin says to policyd: the texts of the session protocol's
 * requests (core/base/session_protocol.h).  Each function writes one request
 * with its empty line into buf and returns its length; 0 if a value cannot be
 * said (a control character, too long).
 */
#ifndef DP_REQUEST_H
#define DP_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/session_protocol.h"

/* Of a request: four values and their names at most. */
#define DP_REQUEST_MAX (4 * PT_SESSION_VALUE_MAX + 128)

enum dp_event {
	DP_EVENT_OPEN,
	DP_EVENT_CHECK,
	DP_EVENT_STORED,
	DP_EVENT_TRAFFIC,
	DP_EVENT_HIBERNATE,
	DP_EVENT_CLOSE,
};

size_t
dp_request_open(char buf[DP_REQUEST_MAX], const char *login, const char *token,
    const char *service, const char *session);

/* DP_EVENT_CHECK or DP_EVENT_STORED */
size_t
dp_request_mailbox(char buf[DP_REQUEST_MAX], enum dp_event event,
    uint32_t uidvalidity, uint32_t uidnext);

size_t
dp_request_traffic(char buf[DP_REQUEST_MAX], uint64_t down, uint64_t up);

/* DP_EVENT_HIBERNATE or DP_EVENT_CLOSE */
size_t
dp_request_end(char buf[DP_REQUEST_MAX], enum dp_event event);

#endif
