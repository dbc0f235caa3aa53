/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Files to values, with libconfuse.  Internal to core/config.
 *
 * Every value is checked when libconfuse has just read it, so that an error
 * names the line where it stands.  libconfuse's lexer is one for the whole
 * process: one load at a time.
 */
#ifndef PT_CONFIG_LOAD_H
#define PT_CONFIG_LOAD_H

#include "core/base/err.h"
#include "core/config/config.h"

struct pt_load;

/* NULL with *err filled. */
struct pt_load *
pt_load_new(struct pt_err *err);

/* A later file's keys replace those of an earlier one. */
int
pt_load_file(struct pt_load *load, const char *path, struct pt_err *err);

int
pt_load_text(struct pt_load *load, const char *name, const char *text,
    struct pt_err *err);

/* What was read, on top of the defaults; the caller frees it. */
int
pt_load_finish(
    struct pt_load *load, struct pt_config **config_out, struct pt_err *err);

void
pt_load_free(struct pt_load *load);

#endif
