/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Pieces of a page: text that cannot become markup, figures, charts.
 *
 * A chart's bars are SVG, stretched to the room that there is; its axes are
 * HTML, so that letters keep their size on a telephone.
 */
#ifndef PC_REPORT_HTML_H
#define PC_REPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PC_CHART_SERIES_MAX 8
#define PC_CHART_LABEL_MAX  32

/* Escapes markup; controls and what is not UTF-8 become visible. */
void
pc_html_text(FILE *out, const char *text);

/* "12 345", with blanks that do not break. */
void
pc_html_number(FILE *out, uint64_t number);

/* "2026-11-22 14:05 UTC"; "-" for 0. */
void
pc_html_time(FILE *out, int64_t at);

/* Bars of several series, one upon the other. */
struct pc_chart {
	const char *title; /* for who cannot see it */
	size_t bars;
	size_t series;
	const char *names[PC_CHART_SERIES_MAX];   /* NULL: is left out */
	const char *classes[PC_CHART_SERIES_MAX]; /* of CSS */
	/* The amount of series s in bar b; what the bar is called; and what is
	 * written below it, where there is less room. */
	uint64_t (*value)(const void *data, size_t b, size_t s);
	void (*label)(const void *data, size_t b, char *buf, size_t cap);
	void (*tick)(const void *data, size_t b, char *buf, size_t cap);
	size_t label_every; /* a label for one in so many bars; > 0 */
	size_t label_first; /* the first bar that has one */
	const void *data;
};

/* The legend and the bars.  false: all is 0, and nothing was written. */
bool
pc_html_chart(FILE *out, const struct pc_chart *chart);

/* Where an axis for this amount ends: an even digit, or 1, and zeroes. */
uint64_t
pc_html_nice(uint64_t most);

#endif
