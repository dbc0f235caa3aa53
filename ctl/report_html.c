/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/report_html.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"

#define HEIGHT 1000 /* of the picture, in units of its own */
#define GAP    12   /* hundredths of a bar, on either side */

static void
put_character(FILE *out, char c)
{
	switch (c) {
	case '<':
		fputs("&lt;", out);
		break;
	case '>':
		fputs("&gt;", out);
		break;
	case '&':
		fputs("&amp;", out);
		break;
	case '"':
		fputs("&quot;", out);
		break;
	case '\'':
		fputs("&#39;", out);
		break;
	default:
		if ((unsigned char)c < ' ' || c == 0x7f)
			fprintf(out, "\\x%02x", (unsigned char)c);
		else
			fputc(c, out);
	}
}

void
pc_html_text(FILE *out, const char *text)
{
	bool is_utf8 = pt_text_is_utf8(text, strlen(text));

	for (; *text != '\0'; text++) {
		if (!is_utf8 && (unsigned char)*text >= 0x80)
			fprintf(out, "\\x%02x", (unsigned char)*text);
		else
			put_character(out, *text);
	}
}

void
pc_html_number(FILE *out, uint64_t number)
{
	char digits[24];
	size_t len;
	size_t i;

	len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, number);
	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			fputs("&#8239;", out);
		fputc(digits[i], out);
	}
}

void
pc_html_time(FILE *out, int64_t at)
{
	char iso[PT_CLOCK_TEXT_MAX];

	if (at == 0) {
		fputs("&ndash;", out);
		return;
	}
	pt_clock_format_iso(at, iso, sizeof(iso));
	fprintf(
	    out, "<time datetime=\"%s\">%.10s %.5s</time>", iso, iso, iso + 11);
}

uint64_t
pc_html_nice(uint64_t most)
{
	static const uint64_t steps[] = {1, 2, 4, 6, 8, 10};
	uint64_t ten = 1;
	size_t i;

	while (most / 10 >= ten && ten < UINT64_MAX / 100)
		ten *= 10;
	for (i = 0; i < 5 && steps[i] * ten < most; i++)
		continue;
	return steps[i] * ten;
}

static uint64_t
bar_sum(const struct pc_chart *chart, size_t b)
{
	uint64_t sum = 0;
	size_t s;

	for (s = 0; s < chart->series; s++) {
		if (chart->names[s] != NULL)
			sum += chart->value(chart->data, b, s);
	}
	return sum;
}

static uint64_t
series_sum(const struct pc_chart *chart, size_t s)
{
	uint64_t sum = 0;
	size_t b;

	for (b = 0; b < chart->bars; b++)
		sum += chart->value(chart->data, b, s);
	return sum;
}

static void
put_legend(FILE *out, const struct pc_chart *chart)
{
	size_t s;

	fputs("<ul class=\"legend\">", out);
	for (s = 0; s < chart->series; s++) {
		if (chart->names[s] == NULL || series_sum(chart, s) == 0)
			continue;
		fprintf(out, "<li><i class=\"%s\"></i>", chart->classes[s]);
		pc_html_text(out, chart->names[s]);
		fputs(" <b>", out);
		pc_html_number(out, series_sum(chart, s));
		fputs("</b></li>", out);
	}
	fputs("</ul>\n", out);
}

/* What a pointer that rests on the bar is told. */
static void
put_hint(FILE *out, const struct pc_chart *chart, size_t b)
{
	char label[PC_CHART_LABEL_MAX];
	uint64_t value;
	size_t s;

	chart->label(chart->data, b, label, sizeof(label));
	fputs("<title>", out);
	pc_html_text(out, label);
	for (s = 0; s < chart->series; s++) {
		value = chart->names[s] == NULL
			    ? 0
			    : chart->value(chart->data, b, s);
		if (value == 0)
			continue;
		fputs("; ", out);
		pc_html_text(out, chart->names[s]);
		fprintf(out, " %" PRIu64, value);
	}
	fputs("</title>", out);
}

static void
put_bar(FILE *out, const struct pc_chart *chart, size_t b, uint64_t top)
{
	double y = HEIGHT;
	double height;
	size_t s;

	if (bar_sum(chart, b) == 0)
		return;
	fputs("<g>", out);
	put_hint(out, chart, b);
	for (s = 0; s < chart->series; s++) {
		if (chart->names[s] == NULL)
			continue;
		height = (double)chart->value(chart->data, b, s) * HEIGHT /
			 (double)top;
		if (height <= 0)
			continue;
		/* Few among many are seen, too. */
		if (height < 6)
			height = 6;
		y -= height;
		fprintf(out,
		    "<rect class=\"%s\" x=\"%zu\" y=\"%.1f\" width=\"%d\" "
		    "height=\"%.1f\"/>",
		    chart->classes[s], b * 100 + GAP, y, 100 - 2 * GAP, height);
	}
	fputs("</g>\n", out);
}

/* At the ends a label stands beside its bar, not beyond the chart. */
static const char *
tick_class(double left, bool is_odd)
{
	if (left < 3)
		return is_odd ? "first odd" : "first";
	if (left > 97)
		return is_odd ? "last odd" : "last";
	return is_odd ? "odd" : "even";
}

static void
put_below(FILE *out, const struct pc_chart *chart)
{
	/* A telephone has room for some. */
	bool are_many =
	    (chart->bars - chart->label_first) / chart->label_every > 4;
	char tick[PC_CHART_LABEL_MAX];
	size_t count = 0;
	double left;
	size_t b;

	fputs("<div class=\"below\">", out);
	for (b = chart->label_first; b < chart->bars; b += chart->label_every) {
		chart->tick(chart->data, b, tick, sizeof(tick));
		left = ((double)b + 0.5) * 100 / (double)chart->bars;
		fprintf(out, "<span class=\"%s\" style=\"left:%.2f%%\">",
		    tick_class(left, are_many && count++ % 2 == 1), left);
		pc_html_text(out, tick);
		fputs("</span>", out);
	}
	fputs("</div>", out);
}

bool
pc_html_chart(FILE *out, const struct pc_chart *chart)
{
	uint64_t most = 0;
	uint64_t top;
	size_t b;

	for (b = 0; b < chart->bars; b++) {
		if (bar_sum(chart, b) > most)
			most = bar_sum(chart, b);
	}
	if (most == 0)
		return false;
	top = pc_html_nice(most);
	put_legend(out, chart);
	fputs("<div class=\"chart\"><div class=\"beside\"><span>", out);
	pc_html_number(out, top);
	fputs("</span><span>", out);
	if (top % 2 == 0)
		pc_html_number(out, top / 2);
	fputs("</span><span>0</span></div><div class=\"plot\">", out);
	fprintf(out,
	    "<svg viewBox=\"0 0 %zu %d\" preserveAspectRatio=\"none\" "
	    "role=\"img\" aria-label=\"",
	    chart->bars * 100, HEIGHT);
	pc_html_text(out, chart->title);
	fputs("\">\n", out);
	for (b = 0; b < chart->bars; b++)
		put_bar(out, chart, b, top);
	fputs("</svg></div>", out);
	put_below(out, chart);
	fputs("</div>\n", out);
	return true;
}
