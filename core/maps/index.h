/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The contents of one table in memory: keys and values, found by hash.  Filled
 * once and then only read, so that any number of threads may look at it.
 *
 * Bounds: PT_MAP_INDEX_BYTES of keys and values, keys up to 255 bytes, values
 * up to PT_MAP_VALUE_MAX.
 */
#ifndef PT_MAPS_INDEX_H
#define PT_MAPS_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

#define PT_MAP_INDEX_BYTES ((size_t)64 << 20)
#define PT_MAP_VALUE_MAX   8192

struct pt_map_index;

/* NULL if there is no memory. */
struct pt_map_index *
pt_map_index_new(void);

/* NULL is allowed. */
void
pt_map_index_free(struct pt_map_index *index);

/*
 * 1 added, 0 the key is there already and keeps its value, -1 too big
 * (PT_ERR_CONFIG) or no memory (PT_ERR_UNAVAILABLE).
 */
int
pt_map_index_add(struct pt_map_index *index, const char *key, size_t key_len,
    const char *value, size_t value_len, struct pt_err *err);

/* The value is not terminated and lives as long as the index. */
bool
pt_map_index_find(const struct pt_map_index *index, const char *key,
    size_t key_len, const char **value_out, size_t *len_out);

#endif
