/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/options.h"

#include <stdlib.h>
#include <string.h>

#include <confuse.h>

#include "core/base/attr.h"
#include "core/config/value.h"

/* Keys of one section, its blocks, include, the owner, and the end. */
#define OPTIONS_MAX 64

/*
 * libconfuse hands no pointer of ours to its callbacks, so each block has one
 * more option, the last, that carries it.  No file can set it: its name is no
 * word, and quotation marks around keys are refused before.
 */
#define OWNER " owner"

static const struct {
	enum pt_key_section section;
	const char *name;
	cfg_flag_t flags;
} blocks[] = {
    {PT_SECTION_PLAN, "plan",
	CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES | CFGF_NODEFAULT},
    {PT_SECTION_SENDER, "sender", CFGF_NODEFAULT},
    {PT_SECTION_NOTICE, "notice", CFGF_NODEFAULT},
    {PT_SECTION_CLIENT, "client", CFGF_NODEFAULT},
};

struct tables {
	cfg_opt_t top[OPTIONS_MAX];
	cfg_opt_t block[PT_ARRAY_LEN(blocks)][OPTIONS_MAX];
};

/* Keys, include, owner and end from "opts" on. */
static void
add_keys(cfg_opt_t *opts, enum pt_key_section section,
    const struct pt_options_callbacks *callbacks, void *owner)
{
	for (size_t i = 0; i < pt_key_count(); i++) {
		if (pt_key_at(i)->section != section)
			continue;
		opts->name = pt_key_at(i)->name;
		opts->type = CFGT_STR;
		opts->flags = CFGF_NODEFAULT;
		if (pt_value_is_list(pt_key_at(i)->type))
			opts->flags |= CFGF_LIST;
		opts->validcb = callbacks->value;
		opts++;
	}
	opts->name = "include";
	opts->type = CFGT_FUNC;
	opts->func = callbacks->include;
	opts++;
	opts->name = OWNER;
	opts->type = CFGT_PTR;
	opts->simple_value.ptr = owner;
	opts++;
	opts->type = CFGT_NONE;
}

cfg_t *
pt_options_new(const struct pt_options_callbacks *callbacks, void *owner)
{
	struct tables *tables = calloc(1, sizeof(*tables));
	cfg_t *cfg;

	if (tables == NULL)
		return NULL;
	for (size_t i = 0; i < PT_ARRAY_LEN(blocks); i++) {
		add_keys(tables->block[i], blocks[i].section, callbacks, owner);
		tables->top[i].name = blocks[i].name;
		tables->top[i].type = CFGT_SEC;
		tables->top[i].flags = blocks[i].flags;
		tables->top[i].subopts = tables->block[i];
		if (blocks[i].section == PT_SECTION_PLAN)
			tables->top[i].validcb = callbacks->plan;
	}
	add_keys(tables->top + PT_ARRAY_LEN(blocks), PT_SECTION_TOP, callbacks,
	    owner);
	/* It copies the tables. */
	cfg = cfg_init(tables->top, CFGF_NONE);
	free(tables);
	return cfg;
}

void *
pt_options_owner(const cfg_t *cfg)
{
	const cfg_opt_t *opt = cfg->opts;

	while (strcmp(opt->name, OWNER) != 0)
		opt++;
	return opt->simple_value.ptr;
}

enum pt_key_section
pt_options_section(const cfg_t *cfg)
{
	for (size_t i = 0; i < PT_ARRAY_LEN(blocks); i++) {
		if (strcmp(cfg->name, blocks[i].name) == 0)
			return blocks[i].section;
	}
	return PT_SECTION_TOP;
}
