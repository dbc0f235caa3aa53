/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the parts of the daemon share.  One thread changes it; only
 * pt_store_sync() runs beside.
 */
#ifndef PD_CONTEXT_H
#define PD_CONTEXT_H

#include <stdbool.h>

#include "core/config/config.h"
#include "core/service/pending.h"
#include "core/state/counters.h"
#include "core/state/store.h"
#include "policyd/report.h"

struct pd_context {
	struct pt_config *config; /* owned; changes at a reload */
	unsigned generation;      /* of config, counted from 1 */
	struct pt_store *store;   /* owned */
	struct pt_counters counters;
	struct pd_report report;
	struct pt_pending pending;
	bool unsynced; /* activity was changed since the last sync */
};

#endif
