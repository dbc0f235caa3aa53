/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the Dovecot plugin says of a mail session: the requests of the session
 * protocol (core/base/session_protocol.h), and what they hold.
 */
#ifndef PD_EVENT_H
#define PD_EVENT_H

#include <stdint.h>

#include "core/config/plan.h"
#include "core/rules/token.h"
#include "core/state/usage.h"
#include "policyd/parser.h"

#define PD_EVENT_ID_MAX 40 /* of Dovecot's session id, with its NUL */

enum pd_event_kind {
	PD_EVENT_NONE,
	PD_EVENT_OPEN,
	PD_EVENT_CHECK,
	PD_EVENT_STORED,
	PD_EVENT_TRAFFIC,
	PD_EVENT_HIBERNATE,
	PD_EVENT_CLOSE,
};

/* Points into the record, and is valid as long as that is not changed. */
struct pd_event {
	enum pd_event_kind kind;
	const char *login; /* as the plugin says it */
	size_t login_len;
	const char *token;
	enum pt_protocol protocol;
	const char *id; /* Dovecot's session id; may end in "..." */
	uint32_t uidvalidity;
	uint32_t uidnext;
	uint64_t bytes[PT_TRAFFICS];
};

extern const struct pd_grammar pd_event_grammar;
extern const struct pd_limits pd_event_limits;

/*
 * The record must hold a complete request.  NULL, or what makes it no request:
 * an attribute of its event is missing or out of range.
 */
const char *
pd_event_read(const struct pd_record *record, struct pd_event *out);

#endif
