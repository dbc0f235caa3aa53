/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the parts of the keeper share; it has one thread. */
#ifndef PK_CONTEXT_H
#define PK_CONTEXT_H

#include "core/config/config.h"
#include "core/service/outbox.h"
#include "core/service/pending.h"
#include "core/state/counters.h"
#include "core/state/store.h"
#include "keeper/report.h"

struct pk_context {
	struct pt_config *config; /* owned; changes at a reload */
	struct pt_store *store;   /* owned */
	struct pt_outbox *outbox; /* owned; changes with config */
	struct pt_counters counters;
	struct pk_report report;
	struct pt_pending pending;
	unsigned sending; /* commands that run */
};

#endif
