/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * How many sessions each login has open, stored where Dovecot's auth process
 * reads it (struct pt_open_sessions), and the life of the counter, without
 * which these counts mean nothing.
 */
#ifndef PD_SESSION_COUNT_H
#define PD_SESSION_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/service/beat.h"
#include "policyd/context.h"
#include "policyd/session.h"

#define PD_SESSION_LIVE_MS 5000 /* how often we say that we live */

struct pd_session_count {
	struct pd_context *context;
	struct pd_session_table *table;
	struct pt_beat beat;
	int64_t said_ms; /* that we live; 0: never */
};

/* Makes up the number of this life. */
int
pd_session_count_start(struct pd_session_count *count,
    struct pd_context *context, struct pd_session_table *table,
    struct pt_err *err);

/* Says that we live, if it is time. */
void
pd_session_count_live(struct pd_session_count *count, int64_t now_ms);

/* Says that we live no more. */
int
pd_session_count_stop(struct pd_session_count *count, struct pt_err *err);

/* Stores some of the counts that changed; are there more? */
bool
pd_session_count_store(struct pd_session_count *count, int64_t now_ms);

#endif
