/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The part of a report that is about one account. */

#include <inttypes.h>

#include "core/base/span.h"
#include "core/rules/external.h"
#include "core/rules/reason.h"
#include "ctl/names.h"
#include "ctl/report_html.h"
#include "ctl/report_page.h"

/* One line of what happened, from different records. */
struct event {
	int64_t at;
	const char *what;
	const char *who; /* NULL: nobody in particular */
	char detail[PT_HISTORY_DETAIL_MAX + 1];
};

#define EVENTS_MAX (PC_REPORT_ENTRIES + PT_RECENT_MAX + PT_PASSWORDS_MAX + 4)

struct events {
	size_t count;
	struct event at[EVENTS_MAX];
};

/* Kept in order, the newest first. */
static struct event *
add_event(struct events *events, int64_t at, const char *what)
{
	size_t i = events->count;

	if (at == 0 || i == EVENTS_MAX)
		return NULL;
	for (; i > 0 && events->at[i - 1].at < at; i--)
		events->at[i] = events->at[i - 1];
	events->at[i] = (struct event){.at = at, .what = what};
	events->count++;
	return &events->at[i];
}

static void
add_history(struct events *events, const struct pc_report_account *one)
{
	const struct pt_history_note *note;
	struct event *event;
	size_t i;

	for (i = 0; i < one->entry_count; i++) {
		note = &one->entries[i].note;
		event = add_event(events, note->at, note->what);
		if (event == NULL)
			continue;
		event->who = note->who;
		(void)snprintf(
		    event->detail, sizeof(event->detail), "%s", note->detail);
	}
}

static void
add_messages(struct events *events, const struct pt_activity *activity)
{
	const struct pt_recent *recent;
	struct event *event;
	unsigned i;

	for (i = 0; i < activity->recent_count; i++) {
		recent = &activity->recent[i];
		event = add_event(events, recent->at, "message");
		if (event != NULL)
			snprintf(event->detail, sizeof(event->detail),
			    "%" PRIu64 " recipient%s, %" PRIu64 " bytes%s",
			    recent->recipients,
			    recent->recipients == 1 ? "" : "s", recent->bytes,
			    recent->granted ? ", on a grant" : "");
	}
	if (activity->recent_count == 0) {
		event = add_event(events, activity->last_sent_at, "message");
		if (event != NULL)
			snprintf(event->detail, sizeof(event->detail),
			    "the last one");
	}
	event = add_event(events, activity->refusals.last_at, "refused");
	if (event != NULL)
		snprintf(event->detail, sizeof(event->detail),
		    "%s; %" PRIu64 " in all",
		    pt_reason_get(
			(enum pt_reason_id)activity->refusals.last_reason)
			->name,
		    activity->refusals.total);
}

static void
add_logins(struct events *events, const struct pt_usage *usage)
{
	const struct pt_last_use *use;
	char address[PC_ADDRESS_TEXT_MAX];
	char protocol[PC_PROTOCOLS_TEXT_MAX];
	struct event *event;
	const char *from;
	unsigned i;

	for (i = 0; i < usage->last_use_count; i++) {
		use = &usage->last_uses[i];
		event = add_event(events, use->at, "login");
		if (event == NULL)
			continue;
		pt_external_protocols_format(
		    use->protocol, protocol, sizeof(protocol));
		from = pc_name_address(use->address, address, sizeof(address));
		snprintf(event->detail, sizeof(event->detail),
		    "%s from %s, app password %" PRIu32 " (its last use)",
		    protocol, from == NULL ? "somewhere" : from, use->password);
	}
}

static void
put_event(FILE *out, const struct event *event)
{
	fputs("<tr><td>", out);
	pc_html_time(out, event->at);
	fputs("</td><td>", out);
	pc_html_text(out, event->what);
	fputs("</td><td class=\"any\">", out);
	pc_html_text(out, event->detail);
	if (event->who != NULL) {
		fputs(" <span class=\"soft\">by ", out);
		pc_html_text(out, event->who);
		fputs("</span>", out);
	}
	fputs("</td></tr>\n", out);
}

static void
put_events(FILE *out, const struct pc_report_account *one)
{
	static const struct events none;
	struct events events = none;
	size_t i;

	add_history(&events, one);
	add_messages(&events, &one->activity);
	add_logins(&events, &one->usage);
	fputs("<h3>What happened, the newest first</h3>\n", out);
	if (events.count == 0) {
		fputs("<p class=\"none\">Nothing is known of it.</p>\n", out);
		return;
	}
	fputs("<div class=\"wide\"><table "
	      "class=\"events\"><thead><tr><th>time</th><th>what"
	      "</th><th>detail</th></tr></thead><tbody>\n",
	    out);
	for (i = 0; i < events.count; i++)
		put_event(out, &events.at[i]);
	fputs("</tbody></table></div>\n", out);
	if (one->entries_seen > one->entry_count)
		fprintf(out,
		    "<p class=\"soft\">Of %" PRIu64
		    " entries of the history the last %zu are shown.</p>\n",
		    one->entries_seen, one->entry_count);
}

static void
put_window(FILE *out, const struct pc_fill *fill)
{
	char span[PT_SPAN_TEXT_MAX];
	double percent = 100;

	if (fill->window.limit > 0 && fill->used < fill->window.limit)
		percent = (double)fill->used * 100 / (double)fill->window.limit;
	fputs("<tr><td>", out);
	pc_html_text(out, pt_counted_name(fill->counted));
	pt_span_format(fill->window.seconds, span, sizeof(span));
	fprintf(out,
	    " in %s<div class=\"meter\"><i class=\"%s\" style=\"width:%.1f%%\">"
	    "</i></div></td><td class=\"n\">",
	    span, percent >= 100 ? "s2" : "s1", percent);
	pc_html_number(out, fill->used);
	fputs("</td><td class=\"n\">", out);
	pc_html_number(out, fill->window.limit);
	fputs("</td></tr>\n", out);
}

static void
put_windows(FILE *out, const struct pc_report_account *one)
{
	size_t i;

	fputs("<h3>Its windows now</h3>\n", out);
	if (one->fill_count == 0) {
		fputs("<p class=\"none\">Its plan has no sending limits.</p>\n",
		    out);
		return;
	}
	fputs("<div class=\"wide few\"><table><thead><tr><th>window</th><th "
	      "class=\"n\">used</th><th class=\"n\">limit</th></tr></thead>"
	      "<tbody>\n",
	    out);
	for (i = 0; i < one->fill_count; i++)
		put_window(out, &one->fills[i]);
	fputs("</tbody></table></div>\n", out);
}

void
pc_report_page_account(FILE *out, const struct pc_report *report)
{
	const struct pc_report_account *one = report->one;
	const struct pt_account *account = &one->account;

	fputs("<section><h2>", out);
	pc_html_text(out, account->login.text);
	fputs("</h2>\n<p class=\"soft\">Plan ", out);
	pc_html_text(out, one->plan);
	fputs("; external access ", out);
	pc_html_text(out, pt_external_access_name(account->access));
	if (account->block_reason != PT_BLOCK_NONE) {
		fputs("; blocked (", out);
		pc_html_text(out, pc_name_block(account->block_reason));
		fputs(") since ", out);
		pc_html_time(out, account->block.at);
	}
	if (account->lock.at != 0) {
		fputs("; sending locked since ", out);
		pc_html_time(out, account->lock.at);
	}
	fputs(account->exists ? ".</p>\n"
			      : ". There is no record of it: it has the "
				"defaults.</p>\n",
	    out);
	put_windows(out, one);
	put_events(out, one);
	fputs("</section>\n", out);
}
