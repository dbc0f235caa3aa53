/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Where the text of a configuration comes from: one file, or the files of
 * conf.d.  Internal to core/config.
 *
 * Errors are PT_ERR_CONFIG, "cannot read FILE: reason".
 */
#ifndef PT_CONFIG_SOURCE_H
#define PT_CONFIG_SOURCE_H

#include <stddef.h>

#include "core/base/err.h"

#define PT_SOURCE_BYTES_MAX ((size_t)1 << 20)
#define PT_SOURCE_FILES_MAX 256

/* File names in the order of their bytes; free with pt_source_list_free(). */
struct pt_source_list {
	size_t count;
	char **at;
};

/*
 * The whole of a regular file, NUL-terminated; the caller frees it.  Refused:
 * more than PT_SOURCE_BYTES_MAX.  Does not wait, whatever the path names.
 */
int
pt_source_read(
    const char *path, char **text_out, size_t *len_out, struct pt_err *err);

/*
 * The paths DIR/NAME of all NAMEs that end with ".conf" and do not begin
 * with a dot.  No such directory is an empty list.
 */
int
pt_source_list(const char *dir, struct pt_source_list *out, struct pt_err *err);

void
pt_source_list_free(struct pt_source_list *list);

/*
 * "name" beside "path": in the same directory, unless it is absolute.  The
 * caller frees it; NULL if memory is short.
 */
char *
pt_source_beside(const char *path, const char *name);

/* The name as it may stand in a message; cut if it does not fit. */
void
pt_source_show(const char *path, char *buf, size_t cap);

#endif
