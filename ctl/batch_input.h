/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The lines of a batch, as they come: from a file at once, from a program that
 * writes one line and waits for its answer one by one.
 */
#ifndef PC_BATCH_INPUT_H
#define PC_BATCH_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

#define PC_BATCH_LINE_MAX 8191

struct pc_batch_input {
	int fd;
	bool is_ours; /* to be closed */
	bool ended;
	bool skipping; /* the rest of a line that is too long */
	char *buf;     /* owned */
	size_t at;     /* what is unread: at..len */
	size_t len;
	uint64_t number; /* of the last line, from 1 on */
};

/* "name" NULL or "-": standard input. */
int
pc_batch_input_open(
    struct pc_batch_input *input, const char *name, struct pt_err *err);

void
pc_batch_input_close(struct pc_batch_input *input);

enum pc_batch_read {
	PC_BATCH_FAILED = -1, /* *err says why */
	PC_BATCH_END = 0,
	PC_BATCH_LINE = 1,
	PC_BATCH_REFUSED = 2, /* a line that cannot be one; *err says why */
	PC_BATCH_LATER = 3,   /* there is none at the moment */
};

/*
 * The next line, without its end, into buf of PC_BATCH_LINE_MAX + 1 bytes.
 * With "wait" it is waited for; else a moment only.
 */
enum pc_batch_read
pc_batch_input_next(
    struct pc_batch_input *input, bool wait, char *buf, struct pt_err *err);

#endif
