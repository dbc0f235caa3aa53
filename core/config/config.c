/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/config.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/alias.h"
#include "core/config/keys.h"
#include "core/config/load.h"
#include "core/config/source.h"
#include "core/config/value.h"

#define CONF_D "conf.d"

static int
load_conf_d(struct pt_load *load, const char *file, struct pt_err *err)
{
	struct pt_source_list list;
	char *dir = pt_source_beside(file, CONF_D);
	int result;

	if (dir == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read " CONF_D ": out of memory");
	result = pt_source_list(dir, &list, err);
	free(dir);
	if (result != 0)
		return -1;
	for (size_t i = 0; result == 0 && i < list.count; i++)
		result = pt_load_file(load, list.at[i], err);
	pt_source_list_free(&list);
	return result;
}

int
pt_config_load(
    const char *file, struct pt_config **config_out, struct pt_err *err)
{
	struct pt_load *load = pt_load_new(err);
	int result;

	if (load == NULL)
		return -1;
	result = pt_load_file(load, file, err);
	if (result == 0)
		result = load_conf_d(load, file, err);
	if (result == 0)
		result = pt_load_finish(load, config_out, err);
	pt_load_free(load);
	return result;
}

int
pt_config_parse(const char *name, const char *text,
    struct pt_config **config_out, struct pt_err *err)
{
	struct pt_load *load = pt_load_new(err);
	int result;

	if (load == NULL)
		return -1;
	result = pt_load_text(load, name, text, err);
	if (result == 0)
		result = pt_load_finish(load, config_out, err);
	pt_load_free(load);
	return result;
}

void
pt_config_free(struct pt_config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; i < pt_key_count(); i++) {
		if (pt_key_at(i)->section != PT_SECTION_PLAN)
			pt_value_clear(pt_key_at(i),
			    (char *)config + pt_key_at(i)->offset);
	}
	for (size_t i = 0; i < config->sender.alias_count; i++)
		pt_alias_clear(&config->sender.aliases[i]);
	free(config->sender.aliases);
	free(config->networks);
	free(config->plans);
	free(config);
}

const struct pt_plan *
pt_config_plan(const struct pt_config *config, const char *name)
{
	if (name[0] == '\0')
		return config->default_place < config->plan_count
			   ? &config->plans[config->default_place]
			   : NULL;
	for (size_t i = 0; i < config->plan_count; i++) {
		if (strcmp(config->plans[i].name, name) == 0)
			return &config->plans[i];
	}
	return NULL;
}
