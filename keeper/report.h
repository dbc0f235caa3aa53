/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What postern-keeper logs, and how often: the same line within ten seconds is
 * held back, and the next one that passes says how many were, as
 * suppressed=N.  More than a hundred lines a second are dropped, and their
 * number is logged.
 */
#ifndef PK_REPORT_H
#define PK_REPORT_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/service/limiter.h"
#include "core/service/pending.h"
#include "core/service/sweep.h"
#include "core/state/notice.h"

struct pk_report {
	struct pt_limiter limiter;
};

void
pk_report_init(struct pk_report *report);

/* Something failed that concerns everybody: an error line of that event. */
void
pk_report_error(
    struct pk_report *report, const char *event, const struct pt_err *err);

/* The records of one login could not be used; err may be of another login. */
void
pk_report_failed(struct pk_report *report, const struct pt_login *login,
    enum pt_err_kind kind, const struct pt_err *err);

/* A block or notice that was pending is completed. */
void
pk_report_completed(struct pk_report *report, const struct pt_pending_job *job);

/* What the walk did to an account. */
void
pk_report_found(struct pk_report *report, const struct pt_sweep_found *found);

/* A notice left the outbox, or did not; "what" as outbox.h says. */
void
pk_report_notice(struct pk_report *report, const struct pt_outbox_entry *entry,
    const char *what);

/* Nothing is swept then, so that the postmaster shall know. */
void
pk_report_doubt(int64_t since);

/* Says how many lines were dropped, if any; now and then. */
void
pk_report_dropped(struct pk_report *report);

#endif
