/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Counters and sizes in the OpenMetrics 1.0 text format, which Prometheus
 * reads.  No label names an account: a metric for each would be too many.
 * What policyd and the milter both count has the label "program"; what the
 * milter or the keeper counts is left out as long as it has counted nothing.
 */
#ifndef PC_OPENMETRICS_H
#define PC_OPENMETRICS_H

#include <stdio.h>

#include "core/base/err.h"
#include "core/state/counters.h"
#include "core/state/store.h"

int
pc_openmetrics_write(FILE *stream, const struct pt_counters *policyd,
    const struct pt_counters *milter, const struct pt_counters *keeper,
    const struct pt_store_usage *usage, struct pt_err *err);

#endif
