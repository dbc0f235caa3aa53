/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Settings and nested blocks as doveconf prints them. */
#ifndef PC_BLOCKS_H
#define PC_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

/* The parent of what stands in no block. */
#define PC_BLOCKS_TOP ((size_t)-1)

struct pc_block {
	const char *name;
	/* "postern" of "passdb postern {"; of a setting its value; never NULL */
	const char *value;
	bool is_block;
	size_t parent; /* index of the block around it, or PC_BLOCKS_TOP */
};

/* In the order of the lines. */
struct pc_blocks {
	char *text; /* owned; what the blocks point into */
	struct pc_block *at;
	size_t count;
};

/*
 * Takes "text" (from malloc), also on failure.  Quotation marks around names
 * and values are taken away; comments are left out.  PT_ERR_INPUT if blocks
 * are not closed.
 */
int
pc_blocks_parse(char *text, struct pc_blocks *out, struct pt_err *err);

void
pc_blocks_clear(struct pc_blocks *blocks);

/*
 * The last setting of that name in the block "parent"; NULL if there is none.
 * What comes later holds, as in Dovecot.
 */
const char *
pc_blocks_get(const struct pc_blocks *blocks, size_t parent, const char *name);

/*
 * The next block of that name in "parent" at or after *i, which is set to it;
 * false if there is no more.
 */
bool
pc_blocks_next(
    const struct pc_blocks *blocks, size_t parent, const char *name, size_t *i);

#endif
