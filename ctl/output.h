/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The one writer of results.  A command names its columns and then adds
 * typed cells, row by row (columns.h); the writer knows the formats:
 *
 *	table	aligned, with a heading, for people: times and sizes in words
 *	flow	one row a line, NAME=VALUE NAME=VALUE
 *	json	one array of objects, one object a line, numbers as numbers
 *	tab	one row a line, tabs between, the first line names the columns
 *
 * In flow, json and tab a time is written as 2026-11-22T14:05:10Z, a span in
 * seconds and a size in bytes.  Text from records goes through an escaper in
 * every format, so that nothing stored can steer a terminal.
 *
 * A failure (memory, disk, closed pipe) is remembered and reported once, by
 * pc_output_end().  A table sets the widths of its columns by the first 500
 * rows and holds no more than those in memory.
 */
#ifndef PC_OUTPUT_H
#define PC_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/err.h"

#define PC_COLUMNS_MAX 16

enum pc_format {
	PC_FORMAT_TABLE,
	PC_FORMAT_FLOW,
	PC_FORMAT_JSON,
	PC_FORMAT_TAB,
};

enum pc_column_flag {
	PC_RIGHT = 1 << 0,   /* a table aligns it to the right */
	PC_MACHINE = 1 << 1, /* a table leaves it out */
	PC_HUMAN = 1 << 4,   /* the other formats leave it out */
	PC_BELOW = 1 << 2,   /* a table shows its lines below the row */
	PC_WRAP = 1 << 3,    /* the last of a table: prose, in several lines */
	PC_DETAIL = 1 << 5,  /* a table leaves it out unless it is detailed */
};

/* What a cell holds. */
enum pc_cell_type {
	PC_CELL_NONE, /* nothing; of a column: one thing or another */
	PC_CELL_TEXT,
	PC_CELL_NUMBER,
	PC_CELL_TIME,
	PC_CELL_SPAN,
	PC_CELL_SIZE,
	PC_CELL_BOOL,
};

struct pc_column {
	const char *name;
	const char *heading; /* in a table; NULL: the name */
	unsigned flags;
	enum pc_cell_type type; /* of its cells, if there is anything in them */
	/*
	 * For the man page, half a sentence; what is typed or printed as it
	 * is stands in backquotes.  NULL: it is for people only (PC_HUMAN).
	 */
	const char *doc;
};

struct pc_output;

/* false if there is no format of that name. */
bool
pc_format_parse(const char *name, enum pc_format *out);

/* NULL when memory is short.  "now" decides how a table writes times. */
struct pc_output *
pc_output_new(FILE *stream, enum pc_format format, int64_t now);

/* NULL is allowed. */
void
pc_output_free(struct pc_output *out);

enum pc_format
pc_output_format(const struct pc_output *out);

/*
 * Starts the rows; once a command.  The columns end with one without a name,
 * and must outlive the output.  Without heading a table has no first line with
 * names.
 */
void
pc_output_begin(
    struct pc_output *out, const struct pc_column *columns, bool heading);

/* The next cell; a row is written when all its cells are there. */
void
pc_output_text(struct pc_output *out, const char *text); /* NULL: none */

void
pc_output_number(struct pc_output *out, uint64_t number);

void
pc_output_time(struct pc_output *out, int64_t at); /* 0: none */

void
pc_output_span(struct pc_output *out, int64_t seconds);

void
pc_output_size(struct pc_output *out, uint64_t bytes);

void
pc_output_bool(struct pc_output *out, bool value);

void
pc_output_none(struct pc_output *out);

/*
 * Writes what is held: a table keeps the widths that it has by now.  For rows
 * that are waited for.
 */
void
pc_output_settle(struct pc_output *out);

/*
 * For rows that may go on for ever: json has one object a line, and no array
 * around them.  Before pc_output_begin().
 */
void
pc_output_live(struct pc_output *out);

/* A table shows the columns with PC_DETAIL, too.  Before pc_output_begin(). */
void
pc_output_detailed(struct pc_output *out);

/* Ends the rows.  -1 if anything could not be written. */
int
pc_output_end(struct pc_output *out, struct pt_err *err);

#endif
