/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/daemon_log.h"

#include <string.h>

#include "core/base/hash.h"
#include "core/base/span.h"
#include "core/rules/figures.h"

uint64_t
pt_daemon_log_key(
    const char *event, const char *detail, size_t len, unsigned salt)
{
	return pt_hash(event, strlen(event)) ^ pt_hash(detail, len) * 31 ^
	       (uint64_t)salt * 0x9e3779b97f4a7c15U;
}

void
pt_daemon_log_suppressed(struct pt_log_line *line, uint64_t suppressed)
{
	if (suppressed > 0)
		pt_log_int(line, "suppressed", (int64_t)suppressed);
}

void
pt_daemon_log_error(
    const char *event, const struct pt_err *err, uint64_t suppressed)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_ERROR, event);
	pt_log_str(&line, "error", err->text);
	pt_daemon_log_suppressed(&line, suppressed);
	pt_log_end(&line);
}

static const char *
remedy_of(enum pt_err_kind kind)
{
	switch (kind) {
	case PT_ERR_DAMAGED:
		return "look with posternctl explain LOGIN; posternctl reset "
		       "LOGIN starts its activity anew, an account record is "
		       "loaded again from a dump";
	case PT_ERR_NEWER:
		return "run the version of Postern that wrote it, or a later "
		       "one";
	default:
		return "see the error";
	}
}

void
pt_daemon_log_failed(const char *login, enum pt_err_kind kind,
    const struct pt_err *err, uint64_t suppressed)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_ERROR, "record-failed");
	pt_log_str(&line, "login", login);
	pt_log_str(&line, "error",
	    err->text[0] != '\0' ? err->text : "its records cannot be used");
	pt_log_str(&line, "remedy", remedy_of(kind));
	pt_daemon_log_suppressed(&line, suppressed);
	pt_log_end(&line);
}

/* A sum may be more than a line can tell. */
static void
add_amount(struct pt_log_line *line, const char *key, uint64_t amount)
{
	pt_log_int(line, key, amount > INT64_MAX ? INT64_MAX : (int64_t)amount);
}

/* In the words of a verdict: counted=refusals used=51 limit=50 window=1h. */
static void
add_figures(struct pt_log_line *line, const struct pt_figures *figures)
{
	const char *name = pt_figures_name(figures->unit);
	char span[PT_SPAN_TEXT_MAX];

	if (name != NULL) {
		pt_log_str(line, "counted", name);
		add_amount(line, "used", figures->used);
		add_amount(line, "limit", figures->limit);
	}
	if (figures->seconds > 0) {
		pt_span_format(figures->seconds, span, sizeof(span));
		pt_log_str(line, "window", span);
	}
}

void
pt_daemon_log_blocked(const struct pt_login *login, enum pt_block_reason block,
    const struct pt_figures *figures, uint64_t suppressed)
{
	const char *name = pt_block_reason_name(block);
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_INFO, "blocked");
	pt_log_str(&line, "login", login->text);
	pt_log_str(&line, "block", name != NULL ? name : "unknown");
	add_figures(&line, figures);
	pt_daemon_log_suppressed(&line, suppressed);
	pt_log_end(&line);
}

void
pt_daemon_log_dropped(uint64_t dropped)
{
	struct pt_log_line line;

	if (dropped == 0)
		return;
	pt_log_begin(&line, PT_LOG_WARN, "lines-dropped");
	pt_log_int(&line, "lines", (int64_t)dropped);
	pt_log_end(&line);
}
