/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Text files in the form that postmap(1) reads: "address login,login" a line;
 * lines that begin with a blank continue the one before; empty lines and
 * those whose first character is "#" are comments, wherever they are.  Keys
 * are "user@domain" and "@domain", without quotation; a name without a domain
 * is passed by.
 *
 * Stricter than postmap, because half a table is no table: a line without a
 * value, an address that is none, an owner that can be no login, an address
 * that is listed twice: PT_ERR_CONFIG "FILE:LINE: what is wrong".
 */
#ifndef PT_MAPS_TEXT_TABLE_H
#define PT_MAPS_TEXT_TABLE_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/maps/index.h"

#define PT_TEXT_TABLE_MAX ((size_t)64 << 20) /* bytes of a file */

/* A pt_table_read_fn. */
int
pt_text_table_read(const char *path, const char *default_domain, int wait_ms,
    struct pt_map_index *index, struct pt_err *err);

/* The same from memory; "path" stands in errors. */
int
pt_text_table_parse(const char *path, const char *text, size_t len,
    const char *default_domain, struct pt_map_index *index, struct pt_err *err);

#endif
