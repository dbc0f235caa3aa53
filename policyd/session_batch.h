/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Events of sessions, judged as policy requests are (batch.h): all that are
 * ready in one turn of the loop in one transaction, answered after its commit.
 *
 * A session is entered in the table, and so counted, when its "open" is taken
 * up, and taken out again if the verdict is against it.  If the state cannot be
 * used, the connection is closed without an answer: the plugin goes on without
 * us and tries again.
 */
#ifndef PD_SESSION_BATCH_H
#define PD_SESSION_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/clients.h"
#include "policyd/context.h"
#include "policyd/list.h"
#include "policyd/session.h"
#include "policyd/session_case.h"

/* Fewer than policy requests, so that those do not wait long. */
#define PD_SESSION_BATCH_CAP 64

struct pd_session_batch {
	struct pd_context *context;
	struct pd_session_table *table;
	size_t max_sessions;
	int64_t next_until; /* the first session to be judged again; 0: none */
	struct pd_link queue; /* connections */
	size_t count;
	struct pd_connection *connections[PD_SESSION_BATCH_CAP];
	struct pd_session_case cases[PD_SESSION_BATCH_CAP];
	size_t update_count;
	struct pt_update updates[PD_SESSION_BATCH_CAP];
};

void
pd_session_batch_init(struct pd_session_batch *batch,
    struct pd_context *context, struct pd_session_table *table);

/* A pd_request_fn; arg is the batch. */
void
pd_session_batch_request(struct pd_connection *connection, void *arg);

/* A pd_gone_fn; arg is the batch. */
void
pd_session_batch_gone(struct pd_connection *connection, void *arg);

/* Judges and answers at most PD_SESSION_BATCH_CAP events; once a turn. */
void
pd_session_batch_run(struct pd_session_batch *batch, int64_t now_ms);

static inline bool
pd_session_batch_is_empty(struct pd_session_batch *batch)
{
	return pd_list_first(&batch->queue) == NULL;
}

#endif
