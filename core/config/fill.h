/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What libconfuse has read into a struct pt_config.  Internal to
 * core/config.
 */
#ifndef PT_CONFIG_FILL_H
#define PT_CONFIG_FILL_H

#include "core/base/err.h"
#include "core/config/config.h"

struct cfg_t;

/*
 * Fills a zeroed struct: defaults, then what was written, then what follows
 * from it (parsed networks, alias domains).  On failure it is half filled.
 */
int
pt_fill_config(struct cfg_t *cfg, struct pt_config *config, struct pt_err *err);

/* One plan block: defaults, then what was written. */
int
pt_fill_plan(struct cfg_t *block, struct pt_plan *plan, struct pt_err *err);

#endif
