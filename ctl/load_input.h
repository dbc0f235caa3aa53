/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The lines of a dump.
 */
#ifndef PC_LOAD_INPUT_H
#define PC_LOAD_INPUT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/err.h"

struct pc_load_input {
	FILE *file;
	const char *name; /* for messages */
	char *line;       /* owned */
	uint64_t number;
};

/* "name" NULL or "-": standard input. */
int
pc_load_input_open(
    struct pc_load_input *input, const char *name, struct pt_err *err);

void
pc_load_input_close(struct pc_load_input *input);

/* Puts "NAME:NUMBER: " of the last line before the text of *err.  -1. */
int
pc_load_input_refuse(const struct pc_load_input *input, struct pt_err *err);

/*
 * 1 and a new object, 0 at the end, -1 with *err if the line is no JSON
 * object.  Empty lines are passed over.
 */
int
pc_load_input_next(
    struct pc_load_input *input, json_t **object_out, struct pt_err *err);

#endif
