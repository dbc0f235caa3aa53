/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <stdlib.h>
#include <string.h>

#include "ctl/output_row.h"

#define HELD_ROWS  500
#define GAP        2
#define INDENT     8
#define LINE_WIDTH 79
#define WRAP_MIN   30

/* Columns on a terminal: characters, not bytes; good enough for addresses. */
static size_t
display_width(const char *s)
{
	size_t width = 0;

	for (; *s != '\0'; s++) {
		if (((unsigned char)*s & 0xc0) != 0x80)
			width++;
	}
	return width;
}

static bool
is_in_row(const struct pc_output *out, size_t i)
{
	unsigned flags = out->columns[i].flags;

	return (flags & (PC_MACHINE | PC_BELOW)) == 0 &&
	       (out->detailed || (flags & PC_DETAIL) == 0);
}

static const char *
heading_of(const struct pc_column *column)
{
	return column->heading != NULL ? column->heading : column->name;
}

static size_t
last_in_row(const struct pc_output *out)
{
	size_t last = 0;
	size_t i;

	for (i = 0; i < out->column_count; i++) {
		if (is_in_row(out, i))
			last = i;
	}
	return last;
}

/* How many bytes of the text go on a line of that width: whole words. */
static size_t
fitting(const char *text, size_t width)
{
	size_t columns = 0;
	size_t best = 0;
	size_t i;

	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] == ' ' && (columns <= width || best == 0))
			best = i;
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			columns++;
	}
	return columns <= width || best == 0 ? i : best;
}

/* Prose from that column on, the further lines below the first. */
static void
print_wrapped(struct pc_output *out, const char *text, size_t indent)
{
	size_t width = WRAP_MIN;
	size_t len;

	if (indent + WRAP_MIN < LINE_WIDTH)
		width = LINE_WIDTH - indent;
	for (;;) {
		len = fitting(text, width);
		fprintf(out->stream, "%.*s", (int)len, text);
		text += len;
		text += strspn(text, " ");
		if (*text == '\0')
			return;
		fprintf(out->stream, "\n%*s", (int)indent, "");
	}
}

static void
print_cell(struct pc_output *out, size_t i, const char *text, bool is_last)
{
	size_t width = display_width(text);
	size_t pad = 0;

	if (width < out->table.width[i])
		pad = out->table.width[i] - width;
	if ((out->columns[i].flags & PC_RIGHT) != 0) {
		fprintf(out->stream, "%*s%s", (int)pad, "", text);
		pad = 0;
	} else {
		fputs(text, out->stream);
	}
	if (!is_last)
		fprintf(out->stream, "%*s", (int)pad + GAP, "");
}

static void
print_below(struct pc_output *out, const char *text)
{
	size_t len;

	while (text[0] != '\0') {
		len = strcspn(text, "\n");
		fprintf(out->stream, "%*s%.*s\n", INDENT, "", (int)len, text);
		text += len + (text[len] == '\n' ? 1 : 0);
	}
}

static void
print_row(struct pc_output *out, char *const *texts)
{
	size_t last = last_in_row(out);
	size_t indent = 0;
	size_t i;

	for (i = 0; i < last; i++) {
		if (!is_in_row(out, i))
			continue;
		print_cell(out, i, texts[i], false);
		indent += out->table.width[i] + GAP;
	}
	if ((out->columns[last].flags & PC_WRAP) != 0)
		print_wrapped(out, texts[last], indent);
	else
		print_cell(out, last, texts[last], true);
	fputc('\n', out->stream);
	for (i = 0; i < out->column_count; i++) {
		if ((out->columns[i].flags & PC_BELOW) != 0)
			print_below(out, texts[i]);
	}
}

static void
print_heading(struct pc_output *out)
{
	size_t last = last_in_row(out);
	size_t i;

	for (i = 0; i <= last; i++) {
		if (is_in_row(out, i))
			print_cell(
			    out, i, heading_of(&out->columns[i]), i == last);
	}
	fputc('\n', out->stream);
}

static void
free_row(char **texts, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(texts[i]);
		texts[i] = NULL;
	}
}

/* Prints what was held back; from then on rows are printed as they come. */
static void
flush_rows(struct pc_output *out)
{
	struct pc_table *table = &out->table;
	char **texts;
	size_t i;

	if (out->heading && table->rows > 0)
		print_heading(out);
	for (i = 0; i < table->rows; i++) {
		texts = table->texts + i * out->column_count;
		print_row(out, texts);
		free_row(texts, out->column_count);
	}
	table->rows = 0;
	table->streaming = true;
}

static void
widen(struct pc_output *out, char *const *texts)
{
	size_t width;
	size_t i;

	for (i = 0; i < out->column_count; i++) {
		width = display_width(texts[i]);
		if (width > out->table.width[i])
			out->table.width[i] = width;
	}
}

static void
widen_by_headings(struct pc_output *out)
{
	size_t i;

	for (i = 0; i < out->column_count; i++)
		out->table.width[i] =
		    display_width(heading_of(&out->columns[i]));
}

static char *
format_cell(const struct pc_output *out, size_t i)
{
	const struct pc_cell *cell = &out->cells[i];

	if ((out->columns[i].flags & PC_BELOW) == 0)
		return pc_cell_string(cell, true, out->now);
	return cell->type == PC_CELL_TEXT ? pc_cell_lines(cell) : strdup("");
}

/* The texts of the current row; false when memory is short. */
static bool
format_row(struct pc_output *out, char **texts)
{
	size_t i;

	for (i = 0; i < out->column_count; i++) {
		texts[i] = format_cell(out, i);
		if (texts[i] == NULL) {
			free_row(texts, i);
			return false;
		}
	}
	return true;
}

static bool
make_room(struct pc_output *out)
{
	struct pc_table *table = &out->table;
	size_t room = table->room == 0 ? 16 : table->room * 2;
	char **texts;

	if (table->rows < table->room)
		return true;
	texts =
	    realloc(table->texts, room * out->column_count * sizeof(*texts));
	if (texts == NULL)
		return false;
	table->texts = texts;
	table->room = room;
	return true;
}

void
pc_table_row(struct pc_output *out)
{
	struct pc_table *table = &out->table;
	char *texts[PC_COLUMNS_MAX] = {NULL};

	if (out->failed)
		return;
	if (!make_room(out) || !format_row(out, texts)) {
		out->failed = true;
		return;
	}
	if (table->streaming) {
		print_row(out, texts);
		free_row(texts, out->column_count);
		return;
	}
	if (out->row_count == 0 && out->heading)
		widen_by_headings(out);
	widen(out, texts);
	memcpy(table->texts + table->rows * out->column_count, texts,
	    out->column_count * sizeof(texts[0]));
	table->rows++;
	if (table->rows == HELD_ROWS)
		flush_rows(out);
}

void
pc_table_settle(struct pc_output *out)
{
	if (!out->table.streaming && out->table.rows > 0)
		flush_rows(out);
}

void
pc_table_end(struct pc_output *out)
{
	if (!out->table.streaming)
		flush_rows(out);
}

void
pc_table_free(struct pc_output *out)
{
	struct pc_table *table = &out->table;
	size_t i;

	for (i = 0; i < table->rows * out->column_count; i++)
		free(table->texts[i]);
	free(table->texts);
	table->texts = NULL;
	table->rows = 0;
}
