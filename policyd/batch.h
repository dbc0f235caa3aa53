/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Group commit: all requests that are ready in one turn of the loop are judged
 * in one transaction, and answered after its commit.
 *
 * A batch is capped, because LMDB's writer lock is not fair and others want
 * it: what is left over waits for the next turn, and between two transactions
 * the answers are written and the sockets are read.
 */
#ifndef PD_BATCH_H
#define PD_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/clients.h"
#include "policyd/context.h"
#include "policyd/decide.h"
#include "policyd/list.h"
#include "policyd/ownership.h"

#define PD_BATCH_CAP PT_BATCH_MAX

struct pd_batch {
	struct pd_context *context;
	struct pd_ownership *ownership; /* NULL: no maps are asked */
	struct pd_link queue; /* connections, in the order of their requests */
	uint64_t serial;      /* differs from request to request */
	size_t count;         /* of the arrays below, while they are in use */
	struct pd_connection *connections[PD_BATCH_CAP];
	struct pd_case cases[PD_BATCH_CAP];
	size_t update_count;
	struct pt_update updates[PD_BATCH_CAP];
};

void
pd_batch_init(struct pd_batch *batch, struct pd_context *context);

/* A pd_request_fn; arg is the batch.  Answers or queues. */
void
pd_batch_request(struct pd_connection *connection, void *arg);

/* Judges and answers at most PD_BATCH_CAP requests; once a turn. */
void
pd_batch_run(struct pd_batch *batch, int64_t now_ms);

static inline bool
pd_batch_is_empty(struct pd_batch *batch)
{
	return pd_list_first(&batch->queue) == NULL;
}

#endif
