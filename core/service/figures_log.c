/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/figures_log.h"

#include <stddef.h>

#include "core/base/span.h"
#include "core/rules/figures.h"

void
pt_figures_log(struct pt_log_line *line, const struct pt_figures *figures)
{
	const char *name = pt_figures_name(figures->unit);
	char span[PT_SPAN_TEXT_MAX];

	if (name != NULL) {
		pt_log_str(line, "counted", name);
		pt_log_int(line, "used", (int64_t)figures->used);
		pt_log_int(line, "limit", (int64_t)figures->limit);
	}
	if (figures->seconds > 0) {
		pt_span_format(figures->seconds, span, sizeof(span));
		pt_log_str(line, "window", span);
	}
}
