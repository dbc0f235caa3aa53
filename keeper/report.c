/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "keeper/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/notice/template.h"
#include "core/service/daemon_log.h"
#include "core/service/doubt.h"

void
pk_report_init(struct pk_report *report)
{
	pt_limiter_init(&report->limiter);
}

/* May a line of that event about that login or the like be written now? */
static bool
may_log(struct pk_report *report, enum pt_log_level level, const char *event,
    const char *detail, uint64_t *suppressed_out)
{
	return pt_log_is_on(level) &&
	       pt_limiter_allow(&report->limiter,
		   pt_daemon_log_key(event, detail, strlen(detail), 0),
		   pt_clock_ticks_ms(), suppressed_out);
}

/* Begins a line, unless it is held back. */
static bool
begin(struct pk_report *report, struct pt_log_line *line,
    enum pt_log_level level, const char *event, const char *detail)
{
	uint64_t suppressed;

	if (!may_log(report, level, event, detail, &suppressed))
		return false;
	pt_log_begin(line, level, event);
	pt_daemon_log_suppressed(line, suppressed);
	return true;
}

void
pk_report_error(
    struct pk_report *report, const char *event, const struct pt_err *err)
{
	uint64_t suppressed;

	if (may_log(report, PT_LOG_ERROR, event, "", &suppressed))
		pt_daemon_log_error(event, err, suppressed);
}

void
pk_report_failed(struct pk_report *report, const struct pt_login *login,
    enum pt_err_kind kind, const struct pt_err *err)
{
	uint64_t suppressed;

	if (may_log(report, PT_LOG_ERROR, "record-failed", login->text,
		&suppressed))
		pt_daemon_log_failed(login->text, kind, err, suppressed);
}

static void
report_blocked(struct pk_report *report, const struct pt_login *login,
    enum pt_block_reason reason, const struct pt_figures *figures)
{
	uint64_t suppressed;

	if (may_log(report, PT_LOG_INFO, "blocked", login->text, &suppressed))
		pt_daemon_log_blocked(login, reason, figures, suppressed);
}

static void
report_queued(struct pk_report *report, const struct pt_login *login,
    enum pt_notice_kind kind)
{
	const char *name = pt_notice_kind_name(kind);
	struct pt_log_line line;

	if (!begin(report, &line, PT_LOG_INFO, "notice-queued", login->text))
		return;
	pt_log_str(&line, "login", login->text);
	pt_log_str(&line, "notice", name != NULL ? name : "unknown");
	pt_log_end(&line);
}

void
pk_report_completed(struct pk_report *report, const struct pt_pending_job *job)
{
	struct pt_log_line line;

	if (job->reason != PT_BLOCK_NONE)
		report_blocked(report, &job->login, job->reason, &job->figures);
	else if (job->notice != PT_NOTICE_NONE)
		report_queued(report, &job->login, job->notice);
	if (job->hold_queue && begin(report, &line, PT_LOG_INFO, "hold-ordered",
				   job->login.text)) {
		pt_log_str(&line, "login", job->login.text);
		pt_log_end(&line);
	}
}

/* One line of an event that needs the login alone. */
static void
report_login(struct pk_report *report, enum pt_log_level level,
    const char *event, const struct pt_login *login)
{
	struct pt_log_line line;

	if (!begin(report, &line, level, event, login->text))
		return;
	pt_log_str(&line, "login", login->text);
	pt_log_end(&line);
}

static void
report_told(struct pk_report *report, const struct pt_sweep_found *found)
{
	struct pt_log_line line;

	if (!begin(
		report, &line, PT_LOG_INFO, "unused-soon", found->login->text))
		return;
	pt_log_str(&line, "login", found->login->text);
	if (found->until > 0)
		pt_log_time(&line, "until", found->until);
	pt_log_end(&line);
}

static void
report_would(struct pk_report *report, const struct pt_login *login)
{
	struct pt_log_line line;

	if (!begin(report, &line, PT_LOG_INFO, "observed", login->text))
		return;
	pt_log_str(&line, "login", login->text);
	pt_log_str(&line, "would", "block");
	pt_log_str(&line, "block", pt_block_reason_name(PT_BLOCK_UNUSED));
	pt_log_end(&line);
}

void
pk_report_found(struct pk_report *report, const struct pt_sweep_found *found)
{
	const struct pt_login *login = found->login;

	if (found->err != NULL) {
		pk_report_failed(report, login, found->err->kind, found->err);
		return;
	}
	if ((found->what & PT_IDLE_TOLD) != 0)
		report_told(report, found);
	if ((found->what & PT_IDLE_BLOCKED) != 0)
		report_blocked(report, login, PT_BLOCK_UNUSED, &found->figures);
	if ((found->what & PT_IDLE_WOULD) != 0)
		report_would(report, login);
	if ((found->what & PT_IDLE_EXPIRED) != 0)
		report_login(report, PT_LOG_INFO, "passwords-expired", login);
	if ((found->what & PT_IDLE_TIDIED) != 0)
		report_login(report, PT_LOG_DEBUG, "tidied", login);
}

static const char *
event_of(const char *what)
{
	static const struct {
		const char *what;
		const char *event;
	} events[] = {
	    {"sent", "notice-sent"},
	    {"failed", "notice-failed"},
	    {"gave-up", "notice-given-up"},
	};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(events); i++) {
		if (strcmp(events[i].what, what) == 0)
			return events[i].event;
	}
	return "notice-dropped";
}

void
pk_report_notice(struct pk_report *report, const struct pt_outbox_entry *entry,
    const char *what)
{
	enum pt_log_level level =
	    entry->error[0] != '\0' ? PT_LOG_WARN : PT_LOG_INFO;
	struct pt_log_line line;
	char id[24];

	/* An owner may be told several things at a time. */
	(void)snprintf(id, sizeof(id), "%" PRIu64, entry->id);
	if (!begin(report, &line, level, event_of(what), id))
		return;
	pt_log_str(&line, "login", entry->login.text);
	/* As posternctl notice list and the mail itself name it. */
	pt_log_str(
	    &line, "notice", pt_template_name(pt_template_of(&entry->notice)));
	pt_log_int(&line, "id", (int64_t)entry->id);
	if (entry->tries > 0)
		pt_log_int(&line, "tries", (int64_t)entry->tries);
	if (entry->error[0] != '\0')
		pt_log_str(&line, "error", entry->error);
	if (entry->error[0] != '\0' && !entry->gave_up)
		pt_log_time(&line, "again", entry->next_at);
	pt_log_end(&line);
}

void
pk_report_doubt(int64_t since)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_WARN, "clock-doubted");
	pt_log_time(&line, "since", since);
	pt_log_time(&line, "until", since + PT_DOUBT_SECONDS);
	pt_log_str(&line, "error",
	    "the clock was set, or nobody looked after the accounts for long: "
	    "nothing is swept for a week");
	pt_log_end(&line);
}

void
pk_report_dropped(struct pk_report *report)
{
	pt_daemon_log_dropped(pt_limiter_take_dropped(&report->limiter));
}
