/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The figures of a block or notice as part of a log line, in the words of a
 * verdict's: counted=refusals used=51 limit=50 window=1h.
 */
#ifndef PT_SERVICE_FIGURES_LOG_H
#define PT_SERVICE_FIGURES_LOG_H

#include "core/base/log.h"
#include "core/state/figures.h"

/* Nothing where there are none. */
void
pt_figures_log(struct pt_log_line *line, const struct pt_figures *figures);

#endif
