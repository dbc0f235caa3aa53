/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The event "postern_login" (see answer.h), and the log line of refusals. */
#ifndef DP_AUTH_REPORT_H
#define DP_AUTH_REPORT_H

#include "dovecot-plugin/auth/login.h"

struct dp_report {
	const char *result;
	const char *reason;        /* NULL: none */
	enum pt_protocol protocol; /* 0: another one */
	uint32_t password;         /* id; 0: none was proven */
	bool trusted;
};

/* For metrics, and for the log only when it is debugged. */
void
dp_report_quietly(struct auth_request *request, const struct dp_report *report);

/* The holder of an app password is refused: the postmaster reads why. */
void
dp_report_refusal(struct auth_request *request, const struct dp_report *report,
    const struct pt_login *login, const struct pt_verdict *verdict);

/* An account is blocked, or would be, were that not only observed. */
void
dp_report_block(const struct pt_login *login, enum pt_block_reason block,
    const struct pt_figures *figures, bool observed);

/* A line of Dovecot's own kind: only where auth_verbose = yes. */
void
dp_report_mismatch(struct auth_request *request);

#endif
