/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What postern-policyd logs, and how often.  A line that comes again within
 * ten seconds (the same login and reason, or the same event) is held back;
 * the next one that passes says how many were, as suppressed=N.  More than a
 * hundred lines a second are dropped, and their number is logged.  Times are
 * milliseconds of a clock that does not jump.
 */
#ifndef PD_REPORT_H
#define PD_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/service/limiter.h"
#include "policyd/decide.h"

#define PD_REPORT_UNCHARGED 20 /* messages, before it is said */

struct pd_report {
	struct pt_limiter limiter;
	uint32_t stages;      /* bits of wrong stages that were logged */
	unsigned uncharged;   /* messages without an end */
	bool uncharged_known; /* logged, or known to be in order */
};

void
pd_report_init(struct pd_report *report);

/* A case with its verdict; counts nothing. */
void
pd_report_case(
    struct pd_report *report, const struct pd_case *c, int64_t now_ms);

/* The records of one login could not be used; err may be of another login. */
void
pd_report_damaged(struct pd_report *report, const struct pt_login *login,
    enum pt_err_kind kind, const struct pt_err *err, int64_t now_ms);

/* Something failed that concerns everybody: an error line of that event. */
void
pd_report_error(struct pd_report *report, const char *event,
    const struct pt_err *err, int64_t now_ms);

/*
 * Something about a client: a warning of that event.  "why" may be NULL.
 */
void
pd_report_client(struct pd_report *report, const char *event, const char *why,
    int64_t now_ms);

/* Says how many lines were dropped, if any; now and then. */
void
pd_report_dropped(struct pd_report *report);

/*
 * Watches whether the service is attached where it can count, and says once
 * what to do if not.  The stage of a request without a look at the state:
 */
void
pd_report_stage(struct pd_report *report, enum pd_stage stage);

/* A message that was permitted is over, and its end was never asked about. */
void
pd_report_uncharged(struct pd_report *report);

/* The end of a message was asked about: there is nothing to say. */
void
pd_report_charged(struct pd_report *report);

#endif
