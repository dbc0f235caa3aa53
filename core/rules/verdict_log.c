/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/verdict_log.h"

#include "core/base/span.h"
#include "core/rules/figures.h"

static void
add_figures(struct pt_log_line *line, const struct pt_verdict *verdict)
{
	const char *unit =
	    pt_figures_name(pt_reason_get(verdict->reason)->unit);
	char span[PT_SPAN_TEXT_MAX];

	if (verdict->seconds > 0)
		pt_log_str(line, "counted",
		    unit != NULL ? unit : pt_counted_name(verdict->counted));
	if (verdict->seconds > 0 || verdict->limit > 0) {
		pt_log_int(line, "used", (int64_t)verdict->used);
		pt_log_int(line, "limit", (int64_t)verdict->limit);
	}
	if (verdict->seconds > 0) {
		pt_span_format(verdict->seconds, span, sizeof(span));
		pt_log_str(line, "window", span);
	}
	if (verdict->until > 0)
		pt_log_time(line, "until", verdict->until);
	if (verdict->term_until > 0)
		pt_log_time(line, "penalty_until", verdict->term_until);
}

void
pt_verdict_log(
    struct pt_log_line *line, const char *key, const struct pt_verdict *verdict)
{
	const char *block;

	pt_log_str(line, key, pt_reason_get(verdict->reason)->name);
	add_figures(line, verdict);
	if (verdict->reason != PT_REASON_BLOCKED)
		return;
	block = pt_block_reason_name(verdict->block);
	pt_log_str(line, "block", block != NULL ? block : "unknown");
}

const char *
pt_verdict_name(enum pt_verdict_code code)
{
	switch (code) {
	case PT_VERDICT_DEFER:
		return "defer";
	case PT_VERDICT_REFUSE:
		return "refuse";
	case PT_VERDICT_PERMIT:
		break;
	}
	return "permit";
}
