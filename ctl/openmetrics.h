/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Counters and sizes in the OpenMetrics 1.0 text format, which Prometheus
 * reads.  No label names an account: a metric for each would be too many.
 * What policyd and the milter both count has the label "program".  What the
 * milter or the keeper counts is left out as long as it has counted nothing,
 * and so is the sign of life of a daemon that never ran here.
 */
#ifndef PC_OPENMETRICS_H
#define PC_OPENMETRICS_H

#include <stdio.h>

#include "core/base/err.h"
#include "ctl/stats.h"

int
pc_openmetrics_write(
    FILE *stream, const struct pc_stats *stats, struct pt_err *err);

#endif
