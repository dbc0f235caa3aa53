/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/output.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "ctl/output_row.h"

static const char *const format_names[] = {
    [PC_FORMAT_TABLE] = "table",
    [PC_FORMAT_FLOW] = "flow",
    [PC_FORMAT_JSON] = "json",
    [PC_FORMAT_TAB] = "tab",
};

bool
pc_format_parse(const char *name, enum pc_format *out)
{
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(format_names); i++) {
		if (strcmp(name, format_names[i]) == 0) {
			*out = (enum pc_format)i;
			return true;
		}
	}
	return false;
}

struct pc_output *
pc_output_new(FILE *stream, enum pc_format format, int64_t now)
{
	struct pc_output *out = calloc(1, sizeof(*out));

	if (out == NULL)
		return NULL;
	out->stream = stream;
	out->format = format;
	out->now = now;
	return out;
}

static void
clear_cells(struct pc_output *out)
{
	size_t i;

	for (i = 0; i < out->filled; i++)
		free(out->cells[i].text);
	memset(out->cells, 0, sizeof(out->cells));
	out->filled = 0;
}

void
pc_output_free(struct pc_output *out)
{
	if (out == NULL)
		return;
	clear_cells(out);
	pc_table_free(out);
	free(out);
}

enum pc_format
pc_output_format(const struct pc_output *out)
{
	return out->format;
}

void
pc_output_begin(
    struct pc_output *out, const struct pc_column *columns, bool heading)
{
	const char *gap = "";
	size_t n = 0;
	size_t i;

	while (columns[n].name != NULL)
		n++;
	assert(n <= PC_COLUMNS_MAX);

	out->columns = columns;
	out->column_count = n;
	out->heading = heading;
	if (out->format != PC_FORMAT_TAB)
		return;
	for (i = 0; i < n; i++) {
		if ((columns[i].flags & PC_HUMAN) != 0)
			continue;
		fprintf(out->stream, "%s%s", gap, columns[i].name);
		gap = "\t";
	}
	fputc('\n', out->stream);
}

/* A value stands in quotation marks if it could be misread without. */
static void
flow_value(struct pc_output *out, const char *text, bool is_text)
{
	bool quoted =
	    is_text && (text[0] == '\0' || strpbrk(text, " =") != NULL);

	fprintf(out->stream, quoted ? "\"%s\"" : "%s", text);
}

static void
line_row(struct pc_output *out)
{
	const struct pc_cell *cell;
	const char *gap = "";
	char *text;
	size_t i;

	for (i = 0; i < out->column_count; i++) {
		cell = &out->cells[i];
		if ((out->columns[i].flags & PC_HUMAN) != 0)
			continue;
		text = pc_cell_string(cell, false, out->now);
		if (text == NULL) {
			out->failed = true;
			return;
		}
		if (out->format == PC_FORMAT_FLOW) {
			fprintf(
			    out->stream, "%s%s=", gap, out->columns[i].name);
			flow_value(out, text, cell->type == PC_CELL_TEXT);
		} else {
			fprintf(out->stream, "%s%s", gap, text);
		}
		free(text);
		gap = out->format == PC_FORMAT_FLOW ? " " : "\t";
	}
	fputc('\n', out->stream);
}

static void
add_cell(struct pc_output *out, const struct pc_cell *cell)
{
	enum pc_cell_type type = out->columns[out->filled].type;

	/* Programs that read it rely on the man page. */
	assert(type == PC_CELL_NONE || cell->type == PC_CELL_NONE ||
	       type == cell->type);
	out->cells[out->filled++] = *cell;
	if (out->filled < out->column_count)
		return;
	if (out->format == PC_FORMAT_JSON)
		pc_json_row(out);
	else if (out->format == PC_FORMAT_TABLE)
		pc_table_row(out);
	else
		line_row(out);
	out->row_count++;
	clear_cells(out);
}

void
pc_output_text(struct pc_output *out, const char *text)
{
	struct pc_cell cell = {.type = PC_CELL_NONE};

	if (text != NULL) {
		cell.text = strdup(text);
		if (cell.text == NULL)
			out->failed = true;
		else
			cell.type = PC_CELL_TEXT;
	}
	add_cell(out, &cell);
}

void
pc_output_number(struct pc_output *out, uint64_t number)
{
	struct pc_cell cell = {.type = PC_CELL_NUMBER, .number = number};

	add_cell(out, &cell);
}

void
pc_output_time(struct pc_output *out, int64_t at)
{
	struct pc_cell cell = {.type = PC_CELL_TIME, .time = at};

	if (at == 0)
		cell.type = PC_CELL_NONE;
	add_cell(out, &cell);
}

void
pc_output_span(struct pc_output *out, int64_t seconds)
{
	struct pc_cell cell = {.type = PC_CELL_SPAN, .time = seconds};

	add_cell(out, &cell);
}

void
pc_output_size(struct pc_output *out, uint64_t bytes)
{
	struct pc_cell cell = {.type = PC_CELL_SIZE, .number = bytes};

	add_cell(out, &cell);
}

void
pc_output_bool(struct pc_output *out, bool value)
{
	struct pc_cell cell = {.type = PC_CELL_BOOL, .number = value};

	add_cell(out, &cell);
}

void
pc_output_none(struct pc_output *out)
{
	struct pc_cell cell = {.type = PC_CELL_NONE};

	add_cell(out, &cell);
}

void
pc_output_settle(struct pc_output *out)
{
	if (out->format == PC_FORMAT_TABLE)
		pc_table_settle(out);
	/* A failure is reported by pc_output_end(). */
	(void)fflush(out->stream);
}

void
pc_output_live(struct pc_output *out)
{
	out->live = true;
}

void
pc_output_detailed(struct pc_output *out)
{
	out->detailed = true;
}

int
pc_output_end(struct pc_output *out, struct pt_err *err)
{
	if (out->format == PC_FORMAT_JSON)
		pc_json_end(out);
	else if (out->format == PC_FORMAT_TABLE)
		pc_table_end(out);
	if (out->failed)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot write the result: out of memory");
	if (fflush(out->stream) != 0 || ferror(out->stream) != 0)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot write the result: output is closed or full");
	return 0;
}
