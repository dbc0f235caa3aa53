/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A new configuration, with its templates, for a keeper that works: all of it
 * or, if anything is wrong, nothing.
 */
#ifndef PK_RELOAD_H
#define PK_RELOAD_H

#include "keeper/context.h"

/* Reads the file again, and logs how it went. */
void
pk_reload(struct pk_context *context, const char *file);

#endif
