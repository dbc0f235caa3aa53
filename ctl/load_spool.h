/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The records of a dump that have been checked, in a temporary file: all of a
 * dump is checked before any of it is loaded, and it is read once only.  The
 * file is in TMPDIR (/tmp), has no name, and is a third as long as the dump.
 */
#ifndef PC_LOAD_SPOOL_H
#define PC_LOAD_SPOOL_H

#include <stdint.h>
#include <stdio.h>

#include "core/base/err.h"
#include "ctl/load_item.h"

struct pc_load_spool {
	FILE *file;
	uint64_t count; /* of records */
};

int
pc_load_spool_open(struct pc_load_spool *spool, struct pt_err *err);

void
pc_load_spool_close(struct pc_load_spool *spool);

int
pc_load_spool_add(struct pc_load_spool *spool, const struct pc_load_item *item,
    struct pt_err *err);

/* No more are added: back to the first. */
int
pc_load_spool_rewind(struct pc_load_spool *spool, struct pt_err *err);

/*
 * 1 and the next record, 0 at the end, -1.  item->bytes has room for
 * PC_LOAD_BYTES_MAX.
 */
int
pc_load_spool_next(
    struct pc_load_spool *spool, struct pc_load_item *item, struct pt_err *err);

#endif
