/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "ctl/output_row.h"

/* Only ASCII leaves here, so that no valid text can steer a terminal. */
#define JSON_FLAGS (JSON_ENSURE_ASCII | JSON_PRESERVE_ORDER)

static json_t *
number_value(uint64_t number)
{
	return json_integer(
	    number > INT64_MAX ? INT64_MAX : (json_int_t)number);
}

static json_t *
text_value(const struct pc_cell *cell)
{
	json_t *value;
	char *text;

	if (pt_text_is_utf8(cell->text, strlen(cell->text)))
		return json_string(cell->text);
	text = pc_cell_string(cell, false, 0);
	if (text == NULL)
		return NULL;
	value = json_string(text);
	free(text);
	return value;
}

static json_t *
cell_value(const struct pc_cell *cell)
{
	char time[PT_CLOCK_TEXT_MAX];

	switch (cell->type) {
	case PC_CELL_NONE:
		return json_null();
	case PC_CELL_TEXT:
		return text_value(cell);
	case PC_CELL_NUMBER:
	case PC_CELL_SIZE:
		return number_value(cell->number);
	case PC_CELL_BOOL:
		return json_boolean(cell->number != 0);
	case PC_CELL_SPAN:
		return json_integer(cell->time);
	case PC_CELL_TIME:
		pt_clock_format_iso(cell->time, time, sizeof(time));
		return json_string(time);
	}
	return NULL;
}

void
pc_json_row(struct pc_output *out)
{
	json_t *row = json_object();
	size_t i;

	if (row == NULL) {
		out->failed = true;
		return;
	}
	/* json_object_set_new() takes a NULL value for a failure. */
	for (i = 0; i < out->column_count; i++) {
		if ((out->columns[i].flags & PC_HUMAN) != 0)
			continue;
		if (json_object_set_new(row, out->columns[i].name,
			cell_value(&out->cells[i])) != 0)
			out->failed = true;
	}
	if (!out->live)
		fputs(out->row_count == 0 ? "[\n" : ",\n", out->stream);
	if (json_dumpf(row, out->stream, JSON_FLAGS) != 0)
		out->failed = true;
	if (out->live)
		fputc('\n', out->stream);
	json_decref(row);
}

void
pc_json_end(struct pc_output *out)
{
	if (!out->live)
		fputs(out->row_count == 0 ? "[]\n" : "\n]\n", out->stream);
}
