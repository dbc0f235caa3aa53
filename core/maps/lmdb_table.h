/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Tables that "postmap lmdb:FILE" makes: one LMDB file without a lock file,
 * which Postfix guards by an fcntl lock on the file itself; keys and values
 * with or without a NUL at their end.  It is read whole, under a shared lock
 * as Postfix's own programs take it, and never written; see lmdb_file.h.
 */
#ifndef PT_MAPS_LMDB_TABLE_H
#define PT_MAPS_LMDB_TABLE_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/maps/index.h"

#define PT_LMDB_TABLE_MAX ((size_t)512 << 20) /* bytes of a file */

/*
 * A pt_table_read_fn.  Keys that no address is looked up by are passed by;
 * owners are not checked.
 */
int
pt_lmdb_table_read(const char *path, const char *default_domain, int wait_ms,
    struct pt_map_index *index, struct pt_err *err);

#endif
