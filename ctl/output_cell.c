/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/span.h"
#include "core/base/text.h"
#include "ctl/output_row.h"

#define SHORT_MAX 64

/* "812", "24.1M": short rather than exact. */
static void
size_words(uint64_t bytes, char *buf, size_t cap)
{
	static const char units[] = "KMGT";
	uint64_t unit = 1024;
	size_t i = 0;

	if (bytes < 1024) {
		snprintf(buf, cap, "%" PRIu64, bytes);
		return;
	}
	while (i + 1 < sizeof(units) - 1 && bytes / unit >= 1024) {
		unit *= 1024;
		i++;
	}
	if (bytes % unit == 0)
		snprintf(buf, cap, "%" PRIu64 "%c", bytes / unit, units[i]);
	else
		snprintf(buf, cap, "%" PRIu64 ".%" PRIu64 "%c", bytes / unit,
		    bytes % unit * 10 / unit, units[i]);
}

/*
 * Escapes what could steer a terminal or end a line.  Quotation marks are
 * harmless where no value stands in them.
 */
static void
add_safe(struct pt_text *text, const char *at, size_t len, bool keep_quotes)
{
	size_t plain = 0;

	if (!keep_quotes) {
		pt_text_add_escaped(text, at, len);
		return;
	}
	while (len > 0) {
		while (plain < len && at[plain] != '"')
			plain++;
		pt_text_add_escaped(text, at, plain);
		if (plain < len)
			pt_text_add(text, "\"");
		plain += plain < len ? 1 : 0;
		at += plain;
		len -= plain;
		plain = 0;
	}
}

static char *
escaped(const char *s, bool keep_quotes)
{
	struct pt_text text;
	size_t len = strlen(s);
	size_t cap = len * 4 + 1;
	char *buf = malloc(cap);

	if (buf == NULL)
		return NULL;
	pt_text_init(&text, buf, cap);
	add_safe(&text, s, len, keep_quotes);
	return buf;
}

char *
pc_cell_lines(const struct pc_cell *cell)
{
	struct pt_text text;
	const char *line = cell->text;
	size_t cap = strlen(line) * 4 + 1;
	char *buf = malloc(cap);
	size_t len;

	if (buf == NULL)
		return NULL;
	pt_text_init(&text, buf, cap);
	for (;;) {
		len = strcspn(line, "\n");
		add_safe(&text, line, len, true);
		if (line[len] == '\0')
			return buf;
		pt_text_add(&text, "\n");
		line += len + 1;
	}
}

static void
format_time(int64_t at, bool human, int64_t now, char *buf, size_t cap)
{
	if (human)
		pt_clock_format(at, now, buf, cap);
	else
		pt_clock_format_iso(at, buf, cap);
}

char *
pc_cell_string(const struct pc_cell *cell, bool human, int64_t now)
{
	char buf[SHORT_MAX] = "";

	switch (cell->type) {
	case PC_CELL_TEXT:
		return escaped(cell->text, human);
	case PC_CELL_NONE:
		return strdup(human ? "-" : "");
	case PC_CELL_TIME:
		format_time(cell->time, human, now, buf, sizeof(buf));
		break;
	case PC_CELL_SPAN:
		if (human)
			pt_span_format(cell->time, buf, sizeof(buf));
		else
			snprintf(buf, sizeof(buf), "%" PRId64, cell->time);
		break;
	case PC_CELL_SIZE:
		if (human)
			size_words(cell->number, buf, sizeof(buf));
		else
			snprintf(buf, sizeof(buf), "%" PRIu64, cell->number);
		break;
	case PC_CELL_NUMBER:
		snprintf(buf, sizeof(buf), "%" PRIu64, cell->number);
		break;
	case PC_CELL_BOOL:
		return strdup(cell->number != 0 ? "yes" : "no");
	}
	return strdup(buf);
}
