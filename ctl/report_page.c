/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/report_page.h"

#include "core/base/clock.h"
#include "core/rules/reason.h"
#include "ctl/report_html.h"

#define HOUR 3600
#define DAY  86400

/* Labels below a chart of any width. */
#define LABELS 8

static void
put_tile(FILE *out, uint64_t number, const char *what)
{
	fputs("<div><b>", out);
	pc_html_number(out, number);
	fprintf(out, "</b><span>%s</span></div>\n", what);
}

static void
put_none(FILE *out, const char *what)
{
	fprintf(out, "<p class=\"none\">%s</p>\n", what);
}

static uint64_t
sum_blocked(const struct pc_report *report)
{
	uint64_t sum = 0;
	size_t i;

	for (i = PT_BLOCK_NONE + 1; i < PC_REPORT_REASONS; i++)
		sum += report->blocked[i];
	return sum;
}

static void
put_head(FILE *out, const struct pc_report *report)
{
	const char *const *piece;

	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
	      "charset=\"utf-8\">\n<meta name=\"viewport\" "
	      "content=\"width=device-width,initial-scale=1\">\n<meta "
	      "http-equiv=\"Content-Security-Policy\" content=\"default-src "
	      "'none';style-src 'unsafe-inline'\">\n<meta name=\"robots\" "
	      "content=\"noindex\">\n<meta name=\"referrer\" "
	      "content=\"no-referrer\">\n<title>Postern report</title>\n"
	      "<style>\n",
	    out);
	for (piece = pc_report_style; *piece != NULL; piece++)
		fputs(*piece, out);
	fputs("</style></head>\n<body><header><h1>Postern report</h1>\n"
	      "<p class=\"soft\">Made ",
	    out);
	pc_html_time(out, report->made_at);
	fputs(" UTC. The period is ", out);
	pc_html_time(out, report->from);
	fprintf(out, " UTC to now (%u day%s). All times are UTC.</p>\n",
	    report->days, report->days == 1 ? "" : "s");
	fputs("</header><main>\n<div class=\"tiles\">\n", out);
	put_tile(out, report->permitted, "messages permitted");
	put_tile(out, pc_report_sum(report->refused), "messages refused");
	put_tile(out, report->access_on, "accounts with external access");
	put_tile(out, sum_blocked(report), "accounts blocked now");
	fputs("</div>\n", out);
}

static uint64_t
sending_value(const void *data, size_t b, size_t s)
{
	const struct pc_report *report = data;

	return s == 0 ? report->bars[b].permitted : report->bars[b].refused;
}

/* "22 Nov", "5 Nov 14:00" */
static void
date_label(int64_t at, bool with_time, char *buf, size_t cap)
{
	static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	char iso[PT_CLOCK_TEXT_MAX];
	unsigned month;
	unsigned day;

	pt_clock_format_iso(at, iso, sizeof(iso));
	month = (unsigned)(iso[5] - '0') * 10 + (unsigned)(iso[6] - '0');
	day = (unsigned)(iso[8] - '0') * 10 + (unsigned)(iso[9] - '0');
	snprintf(buf, cap, "%u %s%s%.5s", day, months[(month + 11) % 12],
	    with_time ? " " : "", with_time ? iso + 11 : "");
}

static void
sending_label(const void *data, size_t b, char *buf, size_t cap)
{
	const struct pc_report *report = data;
	int64_t at = report->from + (int64_t)(b * report->bar_hours * HOUR);

	date_label(at, at % DAY != 0 || report->days <= 2, buf, cap);
}

/* "22 Nov" at midnight, "12:00" at other times. */
static void
sending_tick(const void *data, size_t b, char *buf, size_t cap)
{
	const struct pc_report *report = data;
	int64_t at = report->from + (int64_t)(b * report->bar_hours * HOUR);
	char iso[PT_CLOCK_TEXT_MAX];

	if (at % DAY == 0) {
		date_label(at, false, buf, cap);
		return;
	}
	pt_clock_format_iso(at, iso, sizeof(iso));
	snprintf(buf, cap, "%.5s", iso + 11);
}

/* Labels stand at midnight, or at full parts of a day if there are few days. */
static void
place_labels(struct pc_chart *chart, const struct pc_report *report)
{
	int64_t bar = (int64_t)report->bar_hours * HOUR;
	int64_t every = report->days <= 2 ? DAY / 4 : DAY;
	size_t b;

	if (every < bar)
		every = bar;
	while ((int64_t)report->bar_count * bar / every > LABELS)
		every += every <= DAY ? every : DAY;
	chart->label_every = (size_t)(every / bar);
	for (b = 0; b < report->bar_count; b++) {
		if ((report->from + (int64_t)b * bar) %
			(every < DAY ? every : DAY) ==
		    0)
			break;
	}
	chart->label_first = b;
}

static void
put_sending(FILE *out, const struct pc_report *report)
{
	struct pc_chart chart = {
	    .title = "Messages permitted and refused over time",
	    .bars = report->bar_count,
	    .series = 2,
	    .names = {"permitted", "refused"},
	    .classes = {"s1", "s2"},
	    .value = sending_value,
	    .label = sending_label,
	    .tick = sending_tick,
	    .data = report,
	};

	place_labels(&chart, report);
	fputs("<section><h2>Sending</h2>\n<p class=\"soft\">Messages ", out);
	if (report->bar_hours == 1)
		fputs("in each hour", out);
	else if (report->bar_hours >= 48)
		fprintf(out, "in each %u days", report->bar_hours / 24);
	else
		fprintf(out, "in each %u hours", report->bar_hours);
	fputs(", as the daemons counted them.</p>\n", out);
	if (!pc_html_chart(out, &chart))
		put_none(out, "No message was counted in this period.");
	fputs("</section>\n", out);
}

static void
put_refusals(FILE *out, const struct pc_report *report)
{
	size_t i;

	fputs("<section><h2>Why messages were refused</h2>\n", out);
	if (pc_report_sum(report->refused) == 0 &&
	    pc_report_sum(report->observed) == 0) {
		put_none(out, "None was refused in this period.");
		fputs("</section>\n", out);
		return;
	}
	fputs("<div class=\"wide few\"><table><thead><tr><th>reason</th><th "
	      "class=\"n\">refused</th><th class=\"n\">only observed</th>"
	      "</tr></thead><tbody>\n",
	    out);
	for (i = 1; i < PT_REASONS && i < PT_COUNTER_REASONS; i++) {
		if (report->refused[i] == 0 && report->observed[i] == 0)
			continue;
		fputs("<tr><td>", out);
		pc_html_text(out, pt_reason_get((enum pt_reason_id)i)->name);
		fputs("</td><td class=\"n\">", out);
		pc_html_number(out, report->refused[i]);
		fputs("</td><td class=\"n\">", out);
		pc_html_number(out, report->observed[i]);
		fputs("</td></tr>\n", out);
	}
	fputs("</tbody></table></div></section>\n", out);
}

static uint64_t
block_value(const void *data, size_t b, size_t s)
{
	const struct pc_report *report = data;

	return report->blocks[b][s];
}

static void
block_label(const void *data, size_t b, char *buf, size_t cap)
{
	const struct pc_report *report = data;
	int64_t end = report->made_at - report->made_at % DAY + DAY;
	size_t left = report->block_bar_count - b;

	date_label(
	    end - (int64_t)left * report->block_days * DAY, false, buf, cap);
}

static void
put_blocks(FILE *out, const struct pc_report *report)
{
	static const char *const classes[PC_REPORT_REASONS] = {
	    NULL, "b1", "b2", "b3", "b4", "b5", "b6", "b7"};
	struct pc_chart chart = {
	    .title = "Blocks by reason over time",
	    .bars = report->block_bar_count,
	    .series = PC_REPORT_REASONS,
	    .value = block_value,
	    .label = block_label,
	    .tick = block_label,
	    .label_every = report->block_bar_count / LABELS + 1,
	    .label_first = 0,
	    .data = report,
	};
	size_t i;

	for (i = PT_BLOCK_NONE + 1; i < PC_REPORT_REASONS; i++) {
		chart.names[i] = pt_block_reason_name((enum pt_block_reason)i);
		chart.classes[i] = classes[i];
	}
	fputs("<section><h2>Blocks</h2>\n<p class=\"soft\">", out);
	if (report->block_days == 1)
		fputs("On each day", out);
	else
		fprintf(out, "In each %u days", report->block_days);
	fputs(", by reason, from the history. Blocked now: ", out);
	pc_html_number(out, sum_blocked(report));
	fputs("; with a sending lock: ", out);
	pc_html_number(out, report->locked);
	fputs(".</p>\n", out);
	if (!pc_html_chart(out, &chart))
		put_none(out, "No account was blocked in this period.");
	fputs("</section>\n", out);
}

static uint64_t
fill_value(const void *data, size_t b, size_t s)
{
	const struct pc_report *report = data;
	bool is_full = b + 1 == PC_REPORT_FILL_PARTS;

	return is_full == (s == 1) ? report->fill[b] : 0;
}

static void
fill_label(const void *data, size_t b, char *buf, size_t cap)
{
	(void)data;
	if (b + 1 == PC_REPORT_FILL_PARTS)
		snprintf(buf, cap, "full");
	else
		snprintf(buf, cap, "%zu %%", b * 10);
}

static void
put_fill(FILE *out, const struct pc_report *report)
{
	const struct pc_chart chart = {
	    .title = "Accounts by how full their fullest window is",
	    .bars = PC_REPORT_FILL_PARTS,
	    .series = 2,
	    .names = {"room left", "full"},
	    .classes = {"s1", "s2"},
	    .value = fill_value,
	    .label = fill_label,
	    .tick = fill_label,
	    .label_every = 1,
	    .data = report,
	};

	fputs("<section><h2>How full the sending windows are</h2>\n<p "
	      "class=\"soft\">Accounts by the fullest of their windows, now; "
	      "each bar stands for ten percent. In ",
	    out);
	pc_html_number(out, report->empty);
	fputs(" accounts nothing counts at the moment.</p>\n", out);
	if (!pc_html_chart(out, &chart))
		put_none(out, "Nobody has sent lately.");
	fputs("</section>\n", out);
}

static void
put_sender(FILE *out, const struct pc_report_sender *sender, uint64_t most)
{
	fputs("<tr><td class=\"any\">", out);
	pc_html_text(out, sender->login.text);
	fprintf(out,
	    "<div class=\"meter\"><i class=\"s1\" style=\"width:%.1f%%\"></i>"
	    "</div></td><td class=\"n\">",
	    (double)sender->sent * 100 / (double)most);
	pc_html_number(out, sender->sent);
	fputs("</td><td class=\"n\">", out);
	pc_html_number(out, sender->in_windows);
	fputs("</td><td class=\"n\">", out);
	pc_html_number(out, sender->refused);
	fputs("</td><td>", out);
	pc_html_time(out, sender->last_at);
	fputs("</td></tr>\n", out);
}

static void
put_top(FILE *out, const struct pc_report *report)
{
	size_t i;

	fputs("<section><h2>Who sends most</h2>\n<p class=\"soft\">By all "
	      "messages ever, as <code>posternctl top</code> has it.</p>\n",
	    out);
	if (report->top_count == 0) {
		put_none(out, "Nobody has sent anything yet.");
		fputs("</section>\n", out);
		return;
	}
	fputs("<div class=\"wide\"><table "
	      "class=\"top\"><thead><tr><th>login</th><th "
	      "class=\"n\">sent</th><th class=\"n\">in windows</th><th "
	      "class=\"n\">refused</th><th>last sent</th></tr></thead>"
	      "<tbody>\n",
	    out);
	for (i = 0; i < report->top_count; i++)
		put_sender(out, &report->top[i], report->top[0].sent);
	fputs("</tbody></table></div></section>\n", out);
}

static void
put_foot(FILE *out, const struct pc_report *report)
{
	fputs("</main><footer><p>Messages and refusals are the counters of "
	      "<code>posternctl stats</code> by the hour in which they were "
	      "written down; since the state was made these are ",
	    out);
	pc_html_number(out, report->permitted_ever);
	fputs(" permitted and ", out);
	pc_html_number(out, report->refused_ever);
	fputs(" refused. A refusal is counted once a message. There are ", out);
	pc_html_number(out, report->accounts);
	fputs(" accounts with a record; blocks are those in the history.</p>"
	      "</footer></body></html>\n",
	    out);
}

void
pc_report_page(FILE *out, const struct pc_report *report)
{
	put_head(out, report);
	if (report->one != NULL)
		pc_report_page_account(out, report);
	put_sending(out, report);
	put_refusals(out, report);
	put_blocks(out, report);
	put_fill(out, report);
	put_top(out, report);
	put_foot(out, report);
}
