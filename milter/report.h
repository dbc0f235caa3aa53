/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What postern-milter logs and counts.  Any thread may say something at any
 * time.  As in postern-policyd, a line that comes again within ten seconds
 * (the same login and reason, or the same event) is held back, and the next
 * one that passes says how many were, as suppressed=N; of more than a hundred
 * lines a second the rest is dropped, and their number is logged.
 */
#ifndef PM_REPORT_H
#define PM_REPORT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/rules/bounce.h"
#include "core/rules/verdict.h"
#include "core/service/limiter.h"
#include "core/state/counters.h"

struct pm_report {
	pthread_mutex_t mutex;
	struct pt_limiter limiter;
	struct pt_counters counters;
};

void
pm_report_init(struct pm_report *report);

/* Adds one; "counter" is a field of report->counters. */
void
pm_report_count(struct pm_report *report, uint64_t *counter);

/* The counters as they are now, with that many transactions. */
void
pm_report_counters(
    struct pm_report *report, uint64_t batches, struct pt_counters *out);

/* A message at a stage, with its verdict.  What is NULL or "" is left out. */
struct pm_case {
	const char *login; /* as the MTA said it if it is none that is valid */
	const char *queue_id;
	const char *stage;  /* "mail", "rcpt", "eom" */
	const char *sender; /* of the envelope */
	const char *client;
	const struct pt_verdict *verdict;
	const char *field;   /* of the header, that the verdict is about */
	const char *address; /* in it */
	const char *detail;
	uint64_t recipients;
	uint64_t size;
	bool observe;
	bool rewritten; /* the header was mended instead of refused */
	bool refunded;
	/* The first refusal of the message for this reason: it is counted. */
	bool is_first;
};

void
pm_report_case(struct pm_report *report, const struct pm_case *c);

/* The message began a term of a penalty, which may be only watched. */
void
pm_report_penalty(
    const struct pm_case *c, const struct pt_verdict *penalty, bool is_watched);

/* Something failed that concerns everybody: an error line of that event. */
void
pm_report_error(
    struct pm_report *report, const char *event, const struct pt_err *err);

/* Something failed for one login. */
void
pm_report_failed(
    struct pm_report *report, const char *login, const struct pt_err *err);

/* A bounce that reached an account. */
void
pm_report_bounce(struct pm_report *report, const struct pt_login *login,
    const struct pt_bounce_finding *finding, bool ours);

/* A block was decided for bounces, or would have been. */
void
pm_report_cracked(struct pm_report *report, const struct pt_login *login,
    const struct pt_bounce_finding *finding, bool observe);

/* A connection was turned away, because there are too many. */
void
pm_report_full(struct pm_report *report);

/* Says how many lines were dropped, if any; now and then. */
void
pm_report_dropped(struct pm_report *report);

#endif
