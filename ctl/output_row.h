/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* A row of cells on its way to a format; shared by the output_*.c only. */
#ifndef PC_OUTPUT_ROW_H
#define PC_OUTPUT_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ctl/output.h"

struct pc_cell {
	enum pc_cell_type type;
	char *text;      /* owned */
	uint64_t number; /* also a size, a truth */
	int64_t time;    /* also a span */
};

/* Rows held back until the widths are known. */
struct pc_table {
	char **texts; /* rows * columns, owned */
	size_t rows;
	size_t room; /* rows that fit */
	size_t width[PC_COLUMNS_MAX];
	bool streaming; /* the widths are fixed */
};

struct pc_output {
	FILE *stream;
	enum pc_format format;
	int64_t now;
	const struct pc_column *columns;
	size_t column_count;
	bool heading;
	struct pc_cell cells[PC_COLUMNS_MAX];
	size_t filled;
	uint64_t row_count;
	bool failed;   /* memory was short */
	bool live;     /* pc_output_live() */
	bool detailed; /* pc_output_detailed() */
	struct pc_table table;
};

/*
 * The cell as text, escaped; "human" for a table, where quotation marks stay
 * as they are.  Owned by the caller; NULL when memory is short.
 */
char *
pc_cell_string(const struct pc_cell *cell, bool human, int64_t now);

/* The same for text of several lines, which stay lines. */
char *
pc_cell_lines(const struct pc_cell *cell);

/* Takes the row in out->cells. */
void
pc_table_row(struct pc_output *out);

/* What is held is written, and the widths are fixed; nothing if there is no
 * row yet. */
void
pc_table_settle(struct pc_output *out);

void
pc_table_end(struct pc_output *out);

void
pc_table_free(struct pc_output *out);

void
pc_json_row(struct pc_output *out);

void
pc_json_end(struct pc_output *out);

#endif
