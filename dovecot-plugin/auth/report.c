/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/auth/report.h"

#include <event-filter.h>
#include <str.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/rules/figures.h"

static const char *
protocol_name(enum pt_protocol protocol)
{
	switch (protocol) {
	case PT_PROTOCOL_IMAP:
		return "imap";
	case PT_PROTOCOL_POP3:
		return "pop3";
	case PT_PROTOCOL_SMTP:
		return "smtp";
	}
	return "other";
}

static struct event *
make_event(struct auth_request *request, const struct dp_report *report)
{
	struct event *event = event_create(authdb_event(request));

	event_set_name(event, "postern_login");
	event_add_str(event, "result", report->result);
	event_add_str(
	    event, "reason", report->reason == NULL ? "none" : report->reason);
	event_add_str(event, "protocol", protocol_name(report->protocol));
	event_add_int(event, "password", report->password);
	event_add_str(event, "trusted", report->trusted ? "yes" : "no");
	return event;
}

/* "event=..." in each of the alternatives, which " OR " separates? */
static bool
names_events(const char *filters)
{
	const char *name;
	const char *end;

	while (filters != NULL) {
		name = strstr(filters, "event=");
		end = strstr(filters, " OR ");
		if (name == NULL || (end != NULL && end < name))
			return false;
		filters = end == NULL ? NULL : end + strlen(" OR ");
	}
	return true;
}

/*
 * May the filters of Dovecot's metrics want an event of this name?  Those of
 * other names, which Dovecot 2.4 has by default, do not.
 */
static bool
filters_want_us(struct event_filter *filter)
{
	string_t *text = t_str_new(256);
	const char *filters;

	event_filter_export(filter, text);
	filters = str_c(text);
	if (filters[0] == '\0')
		return false;
	return strstr(filters, "postern") != NULL ||
	       strstr(filters, "NOT ") != NULL ||
	       strpbrk(filters, "*?") != NULL || !names_events(filters);
}

/*
 * Making an event costs more than judging a login, so it is only made if
 * somebody may want it.
 */
static bool
is_wanted(const struct auth_request *request)
{
	static unsigned asked_for; /* Dovecot's number of the filters */
	static bool wanted;
	struct event_filter *filter;

	if (asked_for != event_filter_replace_counter) {
		filter = event_get_global_debug_send_filter();
		wanted = filter != NULL && filters_want_us(filter);
		asked_for = event_filter_replace_counter;
	}
	return wanted || event_want_debug_log(authdb_event(request));
}

void
dp_report_quietly(struct auth_request *request, const struct dp_report *report)
{
	struct event *event;

	if (!is_wanted(request))
		return;
	event = make_event(request, report);
	e_debug(event, "login: result=%s reason=%s protocol=%s password=%u",
	    report->result, report->reason == NULL ? "none" : report->reason,
	    protocol_name(report->protocol), (unsigned)report->password);
	event_unref(&event);
}

static void
add_figures(struct pt_text *text, const struct pt_verdict *verdict)
{
	char time[PT_CLOCK_TEXT_MAX];

	if (verdict->limit != 0)
		pt_text_addf(text, " limit=%llu used=%llu seconds=%lld",
		    (unsigned long long)verdict->limit,
		    (unsigned long long)verdict->used,
		    (long long)verdict->seconds);
	if (verdict->until != 0) {
		pt_clock_format_iso(verdict->until, time, sizeof(time));
		pt_text_addf(text, " until=%s", time);
	}
	if (verdict->block != PT_BLOCK_NONE)
		pt_text_addf(
		    text, " block=%s", pt_block_reason_name(verdict->block));
}

void
dp_report_refusal(struct auth_request *request, const struct dp_report *report,
    const struct pt_login *login, const struct pt_verdict *verdict)
{
	struct event *event = make_event(request, report);
	struct pt_text text;
	char buf[256];

	pt_text_init(&text, buf, sizeof(buf));
	add_figures(&text, verdict);
	/* Also where auth_verbose = no hides what Dovecot itself says. */
	event_set_min_log_level(event, LOG_TYPE_INFO);
	e_info(event,
	    "login refused: login=%s protocol=%s password=%u reason=%s%s",
	    login->text, protocol_name(report->protocol),
	    (unsigned)report->password, report->reason, buf);
	event_unref(&event);
}

void
dp_report_block(const struct pt_login *login, enum pt_block_reason block,
    const struct pt_figures *figures, bool observed)
{
	struct event *event = event_create(auth_event);
	char words[PT_FIGURES_TEXT_MAX];

	pt_figures_format(figures, words, sizeof(words));
	event_set_min_log_level(event, LOG_TYPE_INFO);
	e_info(event, "postern: %s: login=%s block=%s %s",
	    observed ? "would block" : "block", login->text,
	    pt_block_reason_name(block), words);
	event_unref(&event);
}

void
dp_report_mismatch(struct auth_request *request)
{
	e_info(authdb_event(request), "no app password is like the one given");
}
