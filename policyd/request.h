/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Postfix's policy request: which of its attributes Postern reads, and what
 * they say.  The names are those of Postfix's SMTPD_POLICY_README; all but
 * request and protocol_state may be absent.
 */
#ifndef PD_REQUEST_H
#define PD_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/parser.h"

/* The protocol_state; first those that can be judged, which come often. */
enum pd_stage {
	PD_STAGE_OTHER, /* one that Postern does not know */
	PD_STAGE_RCPT,
	PD_STAGE_DATA,
	PD_STAGE_END, /* END-OF-MESSAGE: the one that charges */
	PD_STAGE_CONNECT,
	PD_STAGE_HELO,
	PD_STAGE_EHLO,
	PD_STAGE_VRFY,
	PD_STAGE_ETRN,
	PD_STAGE_MAIL,
	PD_STAGES,
};

struct pd_text {
	const char *at; /* NUL-terminated */
	size_t len;
	bool cut; /* it was longer */
};

/* Points into the record, and is valid as long as that is not changed. */
struct pd_request {
	enum pd_stage stage;
	struct pd_text login; /* sasl_username as Postfix says it */
	struct pd_text sender;
	struct pd_text queue_id;
	struct pd_text instance;
	struct pd_text client_address;
	struct pd_text recipient;
	uint64_t recipient_count;
	uint64_t size;
	bool encrypted;
};

extern const struct pd_grammar pd_request_grammar;
extern const struct pd_limits pd_request_limits;

/* The record must hold a complete request. */
void
pd_request_read(const struct pd_record *record, struct pd_request *out);

/* Is the client logged in?  Cheaper than reading all. */
bool
pd_request_has_login(const struct pd_record *record);

enum pd_stage
pd_request_stage(const struct pd_record *record);

/* Can a message be judged at this stage? */
static inline bool
pd_stage_is_judged(enum pd_stage stage)
{
	return stage >= PD_STAGE_RCPT && stage <= PD_STAGE_END;
}

/* As Postfix writes it; "OTHER" for one that is not known. */
const char *
pd_stage_name(enum pd_stage stage);

#endif
