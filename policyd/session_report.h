/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What postern-policyd logs of sessions, as often as report.h says.  Tokens are
 * never logged.
 */
#ifndef PD_SESSION_REPORT_H
#define PD_SESSION_REPORT_H

#include <stdint.h>

#include "core/rules/verdict.h"
#include "policyd/report.h"
#include "policyd/session.h"
#include "policyd/session_case.h"

/* At debug level. */
void
pd_session_report_open(const struct pd_session *session);

/* It ended by itself, at debug level; "how" in a word or two. */
void
pd_session_report_gone(const struct pd_session *session, const char *how);

/* It was ended. */
void
pd_session_report_end(struct pd_report *report,
    const struct pd_session *session, const struct pt_verdict *verdict,
    int64_t now_ms);

/* It was not let in (a case of PD_EVENT_OPEN with a verdict against it). */
void
pd_session_report_refused(
    struct pd_report *report, const struct pd_session_case *c, int64_t now_ms);

/* A limit is against it (c->would), in observe mode. */
void
pd_session_report_would(
    struct pd_report *report, const struct pd_session_case *c, int64_t now_ms);

#endif
