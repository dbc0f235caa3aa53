/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A table that lies in a file: read whole into memory, and again when the
 * file has changed (looked at once a second at most, when something is looked
 * up).  A file that cannot be read again leaves the old contents in force and
 * is complained of once.
 *
 * Threads: any may find at any time; the one that notices a change reads the
 * file while the others go on with the old contents.
 */
#ifndef PT_MAPS_TABLE_H
#define PT_MAPS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/maps/index.h"

/*
 * Reads the file into an empty index.  "default_domain" is that of owners that
 * are bare local parts.  If somebody is writing it, waits up to wait_ms.
 * PT_ERR_CONFIG for what must be changed, PT_ERR_UNAVAILABLE for what may pass.
 */
typedef int
pt_table_read_fn(const char *path, const char *default_domain, int wait_ms,
    struct pt_map_index *index, struct pt_err *err);

struct pt_table;

/* "path" is what the configuration says; default_domain must live as long. */
int
pt_table_open(const char *path, pt_table_read_fn *read,
    const char *default_domain, int wait_ms, struct pt_table **out,
    struct pt_err *err);

/* NULL is allowed. */
void
pt_table_close(struct pt_table *table);

/*
 * Copies the value, terminated, into "value" (PT_MAP_VALUE_MAX + 1 bytes).
 * now_ms is monotonic.
 */
bool
pt_table_find(struct pt_table *table, const char *key, size_t len,
    int64_t now_ms, char *value, size_t *len_out);

/* What went wrong since it was last asked; false if there is nothing new. */
bool
pt_table_complaint(struct pt_table *table, struct pt_err *err);

#endif
