/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The tables that libconfuse wants, made from the table of keys.  Internal
 * to core/config.
 *
 * Every value is text to libconfuse, with no default: types, units and
 * defaults are ours.
 */
#ifndef PT_CONFIG_OPTIONS_H
#define PT_CONFIG_OPTIONS_H

#include "core/config/keys.h"

struct cfg_t;
struct cfg_opt_t;

struct pt_options_callbacks {
	/* A value was read, the last of opt's values; 0 to go on. */
	int (*value)(struct cfg_t *cfg, struct cfg_opt_t *opt);
	/* include("argv[0]") was read. */
	int (*include)(struct cfg_t *cfg, struct cfg_opt_t *opt, int argc,
	    const char **argv);
	/* A plan block was read to its end, the last of opt's. */
	int (*plan)(struct cfg_t *cfg, struct cfg_opt_t *opt);
};

/*
 * An empty configuration; free it with cfg_free().  NULL if memory is short.
 * pt_options_owner() gives back "owner" in every callback.
 */
struct cfg_t *
pt_options_new(const struct pt_options_callbacks *callbacks, void *owner);

void *
pt_options_owner(const struct cfg_t *cfg);

/* Of which section is this block? */
enum pt_key_section
pt_options_section(const struct cfg_t *cfg);

#endif
