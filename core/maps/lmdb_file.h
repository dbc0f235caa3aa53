/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The contents of an LMDB file (data version 1, as LMDB 0.9 writes it on a
 * little-endian machine of 64 bits), taken from a copy in memory.  LMDB itself
 * trusts what its pages say, and a damaged file ends the program; here every
 * page, node and length is checked before it is used, and pages that form a
 * circle come to an end.
 */
#ifndef PT_MAPS_LMDB_FILE_H
#define PT_MAPS_LMDB_FILE_H

#include <stddef.h>

#include "core/base/err.h"

/* An entry; -1 and *err ends the walk. */
typedef int
pt_lmdb_entry_fn(const char *key, size_t key_len, const char *value,
    size_t value_len, void *arg, struct pt_err *err);

/*
 * All entries of the main database as it was committed last, in the order of
 * their keys.  PT_ERR_CONFIG: the file is no such file, or damaged; entries may
 * have been given before that is found.
 */
int
pt_lmdb_file_walk(const void *bytes, size_t size, pt_lmdb_entry_fn *fn,
    void *arg, struct pt_err *err);

#endif
