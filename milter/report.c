/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/report.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/rules/verdict_log.h"
#include "core/service/daemon_log.h"

void
pm_report_init(struct pm_report *report)
{
	pt_limiter_init(&report->limiter);
	report->counters = (struct pt_counters){0};
	/* With default attributes it cannot fail. */
	(void)pthread_mutex_init(&report->mutex, NULL);
}

static void
add(struct pm_report *report, uint64_t *counter, uint64_t n)
{
	(void)pthread_mutex_lock(&report->mutex);
	*counter += n;
	(void)pthread_mutex_unlock(&report->mutex);
}

void
pm_report_count(struct pm_report *report, uint64_t *counter)
{
	add(report, counter, 1);
}

void
pm_report_counters(
    struct pm_report *report, uint64_t batches, struct pt_counters *out)
{
	(void)pthread_mutex_lock(&report->mutex);
	*out = report->counters;
	(void)pthread_mutex_unlock(&report->mutex);
	out->batches += batches;
}

static bool
may_log(struct pm_report *report, const char *event, const char *detail,
    unsigned salt, uint64_t *suppressed_out)
{
	uint64_t key = pt_daemon_log_key(event, detail, strlen(detail), salt);
	bool may;

	(void)pthread_mutex_lock(&report->mutex);
	may = pt_limiter_allow(
	    &report->limiter, key, pt_clock_ticks_ms(), suppressed_out);
	(void)pthread_mutex_unlock(&report->mutex);
	return may;
}

static void
add_text(struct pt_log_line *line, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		pt_log_str(line, key, text);
}

static void
add_who(struct pt_log_line *line, const struct pm_case *c)
{
	pt_log_str(line, "login", c->login);
	add_text(line, "queue_id", c->queue_id);
	pt_log_str(line, "stage", c->stage);
}

static void
add_header(struct pt_log_line *line, const struct pm_case *c)
{
	add_text(line, "field", c->field);
	add_text(line, "address", c->address);
	add_text(line, "detail", c->detail);
}

static void
log_against(const struct pm_case *c, uint64_t suppressed)
{
	const char *event = c->observe ? "observed" : "refused";
	struct pt_log_line line;

	if (c->rewritten && !c->observe)
		event = "rewritten";
	pt_log_begin(&line, PT_LOG_INFO, event);
	add_who(&line, c);
	pt_verdict_log(&line, c->observe ? "would" : "reason", c->verdict);
	add_header(&line, c);
	if (c->verdict->reason == PT_REASON_SENDER_NOT_OWNED ||
	    c->verdict->reason == PT_REASON_SENDER_UNAVAILABLE)
		add_text(&line, "sender", c->sender);
	if (c->refunded)
		pt_log_str(&line, "refunded", "yes");
	add_text(&line, "client", c->client);
	pt_daemon_log_suppressed(&line, suppressed);
	pt_log_end(&line);
}

static void
log_decided(const struct pm_case *c)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_DEBUG, "decided");
	add_who(&line, c);
	pt_log_str(&line, "verdict", pt_verdict_name(c->verdict->code));
	pt_verdict_log(&line, "reason", c->verdict);
	add_header(&line, c);
	pt_log_int(&line, "recipients", (int64_t)c->recipients);
	pt_log_int(&line, "size", (int64_t)c->size);
	if (c->verdict->repeated)
		pt_log_str(&line, "repeated", "yes");
	if (c->verdict->granted)
		pt_log_str(&line, "granted", "yes");
	if (c->observe)
		pt_log_str(&line, "mode", "observe");
	add_text(&line, "client", c->client);
	pt_log_end(&line);
}

static void
count_case(struct pm_report *report, const struct pm_case *c)
{
	unsigned reason = (unsigned)c->verdict->reason % PT_COUNTER_REASONS;

	if (c->refunded)
		pm_report_count(report, &report->counters.refunded);
	if (c->rewritten && !c->observe)
		pm_report_count(report, &report->counters.rewritten);
	else if (c->is_first)
		pm_report_count(
		    report, c->observe ? &report->counters.observed[reason]
				       : &report->counters.refused[reason]);
}

void
pm_report_case(struct pm_report *report, const struct pm_case *c)
{
	uint64_t suppressed;

	if (pt_log_is_on(PT_LOG_DEBUG))
		log_decided(c);
	if (c->verdict->code == PT_VERDICT_PERMIT)
		return;
	count_case(report, c);
	/* A message says each reason once, at whatever stages it comes up. */
	if (!c->is_first || !pt_log_is_on(PT_LOG_INFO))
		return;
	if (may_log(report, c->rewritten ? "rewritten" : "refused", c->login,
		(unsigned)c->verdict->reason, &suppressed))
		log_against(c, suppressed);
}

void
pm_report_penalty(
    const struct pm_case *c, const struct pt_verdict *penalty, bool is_watched)
{
	struct pt_log_line line;

	if (!pt_log_is_on(PT_LOG_INFO))
		return;
	pt_log_begin(&line, PT_LOG_INFO, "penalty");
	add_who(&line, c);
	pt_verdict_log(&line, "reason", penalty);
	if (is_watched)
		pt_log_str(&line, "mode", "observe");
	add_text(&line, "client", c->client);
	pt_log_end(&line);
}

void
pm_report_error(
    struct pm_report *report, const char *event, const struct pt_err *err)
{
	uint64_t suppressed;

	if (may_log(report, event, "", PT_LOG_ERROR, &suppressed))
		pt_daemon_log_error(event, err, suppressed);
}

static bool
is_of_one_login(enum pt_err_kind kind)
{
	return kind == PT_ERR_DAMAGED || kind == PT_ERR_NEWER ||
	       kind == PT_ERR_INPUT;
}

void
pm_report_failed(
    struct pm_report *report, const char *login, const struct pt_err *err)
{
	uint64_t suppressed;

	if (!is_of_one_login(err->kind))
		pm_report_error(report, "state-failed", err);
	else if (may_log(
		     report, "record-failed", login, err->kind, &suppressed))
		pt_daemon_log_failed(login, err->kind, err, suppressed);
}

static void
add_finding(struct pt_log_line *line, const struct pt_bounce_finding *finding)
{
	pt_log_int(line, "bounced", (int64_t)finding->bounced);
	pt_log_int(line, "sent", (int64_t)finding->sent);
}

void
pm_report_bounce(struct pm_report *report, const struct pt_login *login,
    const struct pt_bounce_finding *finding, bool ours)
{
	struct pt_log_line line;
	uint64_t suppressed;

	add(report, &report->counters.bounces_counted, finding->counted);
	add(report, &report->counters.bounces_ignored, finding->ignored);
	if (!pt_log_is_on(PT_LOG_INFO) ||
	    !may_log(report, "bounce", login->text, finding->counted > 0,
		&suppressed))
		return;
	pt_log_begin(&line, PT_LOG_INFO, "bounce");
	pt_log_str(&line, "login", login->text);
	pt_log_int(&line, "counted", finding->counted);
	pt_log_int(&line, "ignored", finding->ignored);
	pt_log_str(&line, "from", ours ? "us" : "others");
	add_finding(&line, finding);
	pt_daemon_log_suppressed(&line, suppressed);
	pt_log_end(&line);
}

void
pm_report_cracked(struct pm_report *report, const struct pt_login *login,
    const struct pt_bounce_finding *finding, bool observe)
{
	struct pt_log_line line;

	if (!observe)
		pm_report_count(report, &report->counters.blocks);
	pt_log_begin(&line, PT_LOG_WARN, observe ? "observed" : "cracked");
	pt_log_str(&line, "login", login->text);
	if (observe) {
		pt_log_str(&line, "would", "block");
		pt_log_str(
		    &line, "block", pt_block_reason_name(PT_BLOCK_CRACKED));
	}
	add_finding(&line, finding);
	pt_log_end(&line);
}

void
pm_report_full(struct pm_report *report)
{
	struct pt_log_line line;
	uint64_t suppressed;

	if (!may_log(report, "too-many-connections", "", 0, &suppressed))
		return;
	pt_log_begin(&line, PT_LOG_WARN, "too-many-connections");
	pt_log_str(&line, "remedy", "raise max_connections");
	pt_daemon_log_suppressed(&line, suppressed);
	pt_log_end(&line);
}

void
pm_report_dropped(struct pm_report *report)
{
	uint64_t dropped;

	(void)pthread_mutex_lock(&report->mutex);
	dropped = pt_limiter_take_dropped(&report->limiter);
	(void)pthread_mutex_unlock(&report->mutex);
	pt_daemon_log_dropped(dropped);
}
