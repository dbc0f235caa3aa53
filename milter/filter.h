/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What all connections of postern-milter share.  Any thread may use it. */
#ifndef PM_FILTER_H
#define PM_FILTER_H

#include <stdatomic.h>

#include "milter/door.h"
#include "milter/report.h"
#include "milter/snapshot.h"

struct pm_filter {
	struct pm_snapshots snapshots;
	struct pm_door door;
	struct pm_report report;
	/* Differs from message to message; stands in for a queue id. */
	atomic_uint_fast64_t serial;
	atomic_uint connections;
	atomic_uint messages;        /* between MAIL and their end */
	atomic_uint max_connections; /* more are turned away */
	atomic_bool is_stopping;     /* no message begins any more */
};

#endif
