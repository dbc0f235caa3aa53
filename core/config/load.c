/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <confuse.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/config/check.h"
#include "core/config/complain.h"
#include "core/config/fill.h"
#include "core/config/options.h"
#include "core/config/scan.h"
#include "core/config/source.h"
#include "core/config/value.h"

#define DEPTH_MAX 10
#define SHOWN_MAX 256

/* Items of lists that are checked whole; windows say how many they allow. */
#define ITEMS_MAX 32

/* The file that is being read. */
struct file {
	const char *path;
	char shown[SHOWN_MAX];
};

struct pt_load {
	cfg_t *cfg;
	const struct file *file; /* NULL outside */
	unsigned depth;
	unsigned files;
	bool has_failed; /* then err tells why; the first error counts */
	struct pt_err err;
	/* FILE:LINE of default_plan, else of the first plan. */
	char plan_place[SHOWN_MAX + 16];
	bool has_default_plan;
};

/* Keeps the first error; libconfuse may have more to say.  Returns -1. */
static int
fail(struct pt_load *load, const struct pt_err *err)
{
	if (!load->has_failed)
		load->err = *err;
	load->has_failed = true;
	return -1;
}

static int
fail_at(struct pt_load *load, int line, struct pt_err *err)
{
	if (err->kind != PT_ERR_UNAVAILABLE)
		err->kind = PT_ERR_CONFIG;
	(void)pt_err_prefix(err, "%s:%d", load->file->shown, line);
	return fail(load, err);
}

static int
fail_memory(struct pt_load *load, const char *path)
{
	struct pt_err err;
	char shown[SHOWN_MAX];

	pt_source_show(path, shown, sizeof(shown));
	(void)pt_err_set(
	    &err, PT_ERR_UNAVAILABLE, "cannot read %s: out of memory", shown);
	return fail(load, &err);
}

static void
confuse_failed(cfg_t *cfg, const char *fmt, va_list args) PT_PRINTF(2, 0);

/* Called by libconfuse for what it finds itself. */
static void
confuse_failed(cfg_t *cfg, const char *fmt, va_list args)
{
	struct pt_load *load = pt_options_owner(cfg);
	struct pt_err err;

	pt_complain(pt_options_section(cfg), fmt, args, &err);
	(void)fail_at(load, cfg->line, &err);
}

static int
value_check(const struct pt_key *key, const cfg_opt_t *opt, struct pt_err *err)
{
	const char *items[ITEMS_MAX];
	unsigned count = opt->nvalues;

	if (count == 0)
		return 0;
	if (key->type == PT_KEY_LIST || key->type == PT_KEY_NETWORKS) {
		items[0] = opt->values[count - 1]->string;
		count = 1;
	} else if (count > ITEMS_MAX) {
		return pt_err_set(err, PT_ERR_CONFIG,
		    "there are more than %d items", ITEMS_MAX);
	} else {
		for (unsigned i = 0; i < count; i++)
			items[i] = opt->values[i]->string;
	}
	if (pt_value_check(key, items, count, err) != 0)
		return -1;
	return pt_check_item(key, items[count - 1], err);
}

/* Called by libconfuse after each value, and at the end of a list. */
static int
value_seen(cfg_t *cfg, cfg_opt_t *opt)
{
	struct pt_load *load = pt_options_owner(cfg);
	enum pt_key_section section = pt_options_section(cfg);
	const struct pt_key *key = pt_key_find(section, opt->name);
	struct pt_err err;

	if (value_check(key, opt, &err) != 0) {
		(void)pt_err_prefix(&err, "%s", key->name);
		return fail_at(load, cfg->line, &err);
	}
	if (section == PT_SECTION_TOP &&
	    strcmp(key->name, "default_plan") == 0) {
		load->has_default_plan = true;
		(void)snprintf(load->plan_place, sizeof(load->plan_place),
		    "%s:%d", load->file->shown, cfg->line);
	}
	return 0;
}

/* Called by libconfuse at the end of a plan block. */
static int
plan_seen(cfg_t *cfg, cfg_opt_t *opt)
{
	struct pt_load *load = pt_options_owner(cfg);
	cfg_t *block = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	struct pt_plan plan;
	struct pt_err err;

	if (pt_fill_plan(block, &plan, &err) == 0 &&
	    pt_plan_check(&plan, &err) == 0)
		return 0;
	(void)pt_err_prefix(&err, "plan %s", plan.name);
	return fail_at(load, cfg->line, &err);
}

/* What libconfuse makes of a text that the scan has let pass. */
static int
parse(struct pt_load *load, cfg_t *cfg, char *text, size_t len)
{
	int line = cfg->line;
	FILE *stream;
	int result;

	/* No stream can be opened on nothing. */
	if (len == 0)
		return 0;
	stream = fmemopen(text, len, "r");
	if (stream == NULL)
		return fail_memory(load, load->file->path);
	result = cfg_parse_fp(cfg, stream);
	(void)fclose(stream);
	/* It fails without a word only when memory is short. */
	if (result != CFG_SUCCESS && !load->has_failed)
		return fail_memory(load, load->file->path);
	/* An included file has begun to count anew. */
	cfg->line = line;
	return result == CFG_SUCCESS ? 0 : -1;
}

static int
read_text(
    struct pt_load *load, cfg_t *cfg, const char *path, char *text, size_t len)
{
	const struct file *outer = load->file;
	struct file file = {.path = path};
	unsigned plan_line = 0;
	struct pt_err err;
	int result;

	pt_source_show(path, file.shown, sizeof(file.shown));
	if (pt_scan_prepare(file.shown, text, len, &plan_line, &err) != 0)
		return fail(load, &err);
	if (plan_line != 0 && load->plan_place[0] == '\0')
		(void)snprintf(load->plan_place, sizeof(load->plan_place),
		    "%s:%u", file.shown, plan_line);
	load->file = &file;
	result = parse(load, cfg, text, len);
	load->file = outer;
	return result;
}

/* Called by libconfuse for include("FILE"), in any block. */
static int
include_seen(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	struct pt_load *load = pt_options_owner(cfg);
	struct pt_err err;
	char *path = NULL;
	char *text = NULL;
	size_t len = 0;
	int result = -1;

	(void)opt;
	(void)argc;
	if (load->depth == DEPTH_MAX || load->files == PT_SOURCE_FILES_MAX) {
		(void)pt_err_set(&err, PT_ERR_CONFIG,
		    load->depth == DEPTH_MAX
			? "files are included more than 10 deep"
			: "more than 256 files are included");
		return fail_at(load, cfg->line, &err);
	}
	path = pt_source_beside(load->file->path, argv[0]);
	if (path == NULL)
		return fail_memory(load, argv[0]);
	load->files++;
	load->depth++;
	if (pt_source_read(path, &text, &len, &err) == 0)
		result = read_text(load, cfg, path, text, len);
	else
		(void)fail_at(load, cfg->line, &err);
	load->depth--;
	free(text);
	free(path);
	return result;
}

struct pt_load *
pt_load_new(struct pt_err *err)
{
	static const struct pt_options_callbacks callbacks = {
	    .value = value_seen,
	    .include = include_seen,
	    .plan = plan_seen,
	};
	struct pt_load *load = calloc(1, sizeof(*load));

	if (load != NULL)
		load->cfg = pt_options_new(&callbacks, load);
	if (load == NULL || load->cfg == NULL) {
		free(load);
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the configuration: out of memory");
		return NULL;
	}
	/* Without it, libconfuse would write to standard error. */
	(void)cfg_set_error_function(load->cfg, confuse_failed);
	return load;
}

int
pt_load_file(struct pt_load *load, const char *path, struct pt_err *err)
{
	char *text = NULL;
	size_t len = 0;
	int result;

	if (pt_source_read(path, &text, &len, err) != 0)
		return -1;
	result = read_text(load, load->cfg, path, text, len);
	free(text);
	if (result != 0)
		*err = load->err;
	return result;
}

int
pt_load_text(struct pt_load *load, const char *name, const char *text,
    struct pt_err *err)
{
	size_t len = strlen(text);
	char *copy;
	int result;

	if (len > PT_SOURCE_BYTES_MAX)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot read the configuration: it is larger than 1 MiB");
	copy = malloc(len + 1);
	if (copy == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the configuration: out of memory");
	memcpy(copy, text, len + 1);
	result = read_text(load, load->cfg, name, copy, len);
	free(copy);
	if (result != 0)
		*err = load->err;
	return result;
}

static int
find_default_plan(
    const struct pt_load *load, struct pt_config *config, struct pt_err *err)
{
	const struct pt_plan *plan =
	    pt_config_plan(config, config->default_plan);

	if (plan != NULL) {
		config->default_place = (size_t)(plan - config->plans);
		return 0;
	}
	return pt_err_set(err, PT_ERR_CONFIG,
	    "%s: default_plan: there is no plan \"%s\"%s", load->plan_place,
	    config->default_plan,
	    load->has_default_plan
		? ""
		: "; write it, or set default_plan to another one");
}

int
pt_load_finish(
    struct pt_load *load, struct pt_config **config_out, struct pt_err *err)
{
	struct pt_config *config = calloc(1, sizeof(*config));

	if (config == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot keep the configuration: out of memory");
	if (pt_fill_config(load->cfg, config, err) != 0 ||
	    find_default_plan(load, config, err) != 0) {
		pt_config_free(config);
		return -1;
	}
	*config_out = config;
	return 0;
}

void
pt_load_free(struct pt_load *load)
{
	if (load == NULL)
		return;
	/* This also brings libconfuse's lexer back to its beginning. */
	(void)cfg_free(load->cfg);
	free(load);
}
