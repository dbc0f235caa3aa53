/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/fill.h"

#include <stdlib.h>
#include <string.h>

#include <confuse.h>

#include "core/base/login.h"
#include "core/base/text.h"
#include "core/config/alias.h"
#include "core/config/keys.h"
#include "core/config/value.h"

/* What free accounts get where nobody wrote a plan. */
#define BUILT_IN_MESSAGES "5/1m,15/1h"

static int
out_of_memory(struct pt_err *err)
{
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "cannot keep the configuration: out of memory");
}

static int
fill_key(const cfg_opt_t *opt, const struct pt_key *key, void *field,
    struct pt_err *err)
{
	const char **items = calloc((size_t)opt->nvalues + 1, sizeof(*items));
	int result;

	if (items == NULL)
		return out_of_memory(err);
	for (unsigned i = 0; i < opt->nvalues; i++)
		items[i] = opt->values[i]->string;
	result = pt_value_read(key, field, items, opt->nvalues, err);
	free(items);
	if (result != 0)
		return pt_err_prefix(err, "%s", key->name);
	return 0;
}

/* Keys that were written in a block, which may be NULL. */
static int
fill_block(
    cfg_t *block, enum pt_key_section section, void *base, struct pt_err *err)
{
	const cfg_opt_t *opt;

	for (size_t i = 0; block != NULL && i < pt_key_count(); i++) {
		if (pt_key_at(i)->section != section)
			continue;
		opt = cfg_getopt(block, pt_key_at(i)->name);
		/* An empty list was written, too. */
		if (opt == NULL || (opt->flags & CFGF_MODIFIED) == 0)
			continue;
		if (fill_key(opt, pt_key_at(i),
			(char *)base + pt_key_at(i)->offset, err) != 0)
			return -1;
	}
	return 0;
}

/* NULL if it was not written; cfg_getsec() would call that an error. */
static cfg_t *
block_get(cfg_t *cfg, const char *name)
{
	return cfg_opt_getnsec(cfg_getopt(cfg, name), 0);
}

static int
fill_defaults(struct pt_config *config, struct pt_err *err)
{
	for (size_t i = 0; i < pt_key_count(); i++) {
		if (pt_key_at(i)->section == PT_SECTION_PLAN)
			continue;
		if (pt_value_read_text(pt_key_at(i),
			(char *)config + pt_key_at(i)->offset,
			pt_key_at(i)->initial, err) != 0)
			return pt_err_prefix(err, "%s", pt_key_at(i)->name);
	}
	return 0;
}

int
pt_fill_plan(cfg_t *block, struct pt_plan *plan, struct pt_err *err)
{
	pt_plan_defaults(plan, cfg_title(block));
	return fill_block(block, PT_SECTION_PLAN, plan, err);
}

static int
fill_plans(cfg_t *cfg, struct pt_config *config, struct pt_err *err)
{
	unsigned count = cfg_size(cfg, "plan");
	bool is_built_in = count == 0;

	config->plans = calloc(is_built_in ? 1 : count, sizeof(*config->plans));
	if (config->plans == NULL)
		return out_of_memory(err);
	config->plan_count = is_built_in ? 1 : count;
	if (is_built_in) {
		pt_plan_defaults(config->plans, config->default_plan);
		return pt_plan_override(
		    config->plans, "messages", BUILT_IN_MESSAGES, err);
	}
	for (unsigned i = 0; i < count; i++) {
		if (pt_fill_plan(cfg_getnsec(cfg, "plan", i), &config->plans[i],
			err) != 0)
			return -1;
	}
	return 0;
}

static int
derive_networks(struct pt_config *config, struct pt_err *err)
{
	size_t count = config->trusted_texts.count;

	if (count == 0)
		return 0;
	config->networks = calloc(count, sizeof(*config->networks));
	if (config->networks == NULL)
		return out_of_memory(err);
	for (size_t i = 0; i < count; i++) {
		if (pt_network_parse(config->trusted_texts.at[i],
			&config->networks[i], err) != 0)
			return -1;
		config->network_count++;
	}
	return 0;
}

static int
derive_aliases(struct pt_sender_config *sender, struct pt_err *err)
{
	size_t count = sender->alias_domains.count;

	if (count == 0)
		return 0;
	sender->aliases = calloc(count, sizeof(*sender->aliases));
	if (sender->aliases == NULL)
		return out_of_memory(err);
	for (size_t i = 0; i < count; i++) {
		if (pt_alias_parse(sender->alias_domains.at[i],
			&sender->aliases[i], err) != 0)
			return -1;
		sender->alias_count++;
	}
	return 0;
}

static int
derive_domain(struct pt_config *config, struct pt_err *err)
{
	char domain[PT_LOGIN_MAX + 1];
	size_t len = strlen(config->default_domain);

	if (len == 0)
		return 0;
	if (pt_login_domain(
		config->default_domain, len, domain, sizeof(domain), err) != 0)
		return -1;
	return pt_text_copy(
	    config->default_domain, sizeof(config->default_domain), domain);
}

int
pt_fill_config(cfg_t *cfg, struct pt_config *config, struct pt_err *err)
{
	if (fill_defaults(config, err) != 0 ||
	    fill_block(cfg, PT_SECTION_TOP, config, err) != 0 ||
	    fill_block(block_get(cfg, "sender"), PT_SECTION_SENDER, config,
		err) != 0 ||
	    fill_block(block_get(cfg, "notice"), PT_SECTION_NOTICE, config,
		err) != 0 ||
	    fill_block(block_get(cfg, "client"), PT_SECTION_CLIENT, config,
		err) != 0 ||
	    fill_plans(cfg, config, err) != 0)
		return -1;
	if (derive_networks(config, err) != 0 ||
	    derive_aliases(&config->sender, err) != 0 ||
	    derive_domain(config, err) != 0)
		return -1;
	return 0;
}
