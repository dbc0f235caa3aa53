/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* check-config and config. */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/config/keys.h"
#include "core/maps/maps.h"
#include "core/notice/template.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"

/* A list of addresses may be long. */
#define LINE_BYTES ((size_t)64 << 10)

enum pc_answer
pc_cmd_check_config(struct pc_call *call, struct pt_err *err)
{
	const struct pt_config *config = call->config;
	struct pt_maps *maps;
	char plans[256];
	struct pt_text text;
	size_t i;

	/* What else is wrong was reported when it was loaded. */
	if (pt_maps_open(config, &maps, err) != 0)
		return PC_FAILED;
	pt_maps_close(maps);
	if (pt_templates_check(config, err) != 0)
		return PC_FAILED;
	pt_text_init(&text, plans, sizeof(plans));
	for (i = 0; i < config->plan_count; i++)
		pt_text_addf(
		    &text, "%s%s", i == 0 ? "" : ", ", config->plans[i].name);
	pc_output_begin(call->out, pc_columns_check, true);
	pc_output_text(call->out, call->config_file);
	pc_output_text(call->out, "ok");
	pc_output_text(
	    call->out, config->mode == PT_MODE_ENFORCE ? "enforce" : "observe");
	pc_output_text(call->out, plans);
	return pc_output_end(call->out, err) == 0 ? PC_YES : PC_FAILED;
}

struct printer {
	struct pc_call *call;
	bool changed_only;
	bool as_file; /* in the form of postern.conf, else in rows */
	char *line;
};

/* One section (of one plan), with its braces in a file. */
struct section {
	enum pt_key_section which;
	const char *name; /* "plan free"; "" at the top */
	const struct pt_plan *plan;
	bool always; /* braces also around nothing */
};

static void
print_key(struct printer *printer, const struct section *section,
    const struct pt_key *key, bool differs)
{
	const char *line = printer->line;
	size_t len = strlen(key->name);

	if (printer->as_file) {
		fprintf(printer->call->stream, "%s%s\n",
		    section->name[0] == '\0' ? "" : "    ", line);
		return;
	}
	/* "key = value" */
	pc_output_text(printer->call->out,
	    section->name[0] == '\0' ? NULL : section->name);
	pc_output_text(printer->call->out, key->name);
	line += strncmp(line, key->name, len) == 0 ? len : 0;
	pc_output_text(printer->call->out, line + strspn(line, " ="));
	pc_output_bool(printer->call->out, !differs);
}

static int
print_section(
    struct printer *printer, const struct section *section, struct pt_err *err)
{
	FILE *stream = printer->call->stream;
	bool braces = printer->as_file && section->name[0] != '\0';
	bool opened = braces && section->always;
	bool differs;
	size_t i;

	if (opened)
		fprintf(stream, "%s {\n", section->name);
	for (i = 0; i < pt_key_count(); i++) {
		if (pt_key_at(i)->section != section->which)
			continue;
		if (pt_config_format_key(printer->call->config, section->plan,
			pt_key_at(i), printer->line, LINE_BYTES, &differs) != 0)
			return pt_err_set(err, PT_ERR_INTERNAL,
			    "cannot print %s: its value is too long",
			    pt_key_at(i)->name);
		if (printer->changed_only && !differs)
			continue;
		if (braces && !opened)
			fprintf(stream, "%s {\n", section->name);
		opened = braces;
		print_key(printer, section, pt_key_at(i), differs);
	}
	if (opened)
		fputs("}\n", stream);
	return 0;
}

static int
print_plan(
    struct printer *printer, const struct pt_plan *plan, struct pt_err *err)
{
	char name[PT_PLAN_NAME_MAX + 8];
	struct pt_text text;
	struct section section = {PT_SECTION_PLAN, name, plan, true};

	pt_text_init(&text, name, sizeof(name));
	pt_text_addf(&text, "plan %s", plan->name);
	return print_section(printer, &section, err);
}

static int
print_all(struct printer *printer, struct pt_err *err)
{
	static const struct section top = {PT_SECTION_TOP, "", NULL, false};
	static const struct section sender = {
	    PT_SECTION_SENDER, "sender", NULL, false};
	static const struct section notice = {
	    PT_SECTION_NOTICE, "notice", NULL, false};
	static const struct section client = {
	    PT_SECTION_CLIENT, "client", NULL, false};
	const struct pt_config *config = printer->call->config;
	size_t i;

	if (print_section(printer, &top, err) != 0)
		return -1;
	for (i = 0; i < config->plan_count; i++) {
		if (print_plan(printer, &config->plans[i], err) != 0)
			return -1;
	}
	if (print_section(printer, &sender, err) != 0 ||
	    print_section(printer, &notice, err) != 0)
		return -1;
	return print_section(printer, &client, err);
}

static int
print_what_was_asked(struct printer *printer, struct pt_err *err)
{
	const char *name = pc_call_option(printer->call, "plan");
	const struct pt_plan *plan;
	struct pt_text text;
	char shown[64];

	if (name == NULL)
		return print_all(printer, err);
	plan = pt_config_plan(printer->call->config, name);
	if (plan != NULL)
		return print_plan(printer, plan, err);
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, name, strlen(name));
	return pt_err_set(err, PT_ERR_USAGE,
	    "cannot show plan %s: the configuration has none of that name",
	    shown);
}

enum pc_answer
pc_cmd_config(struct pc_call *call, struct pt_err *err)
{
	struct printer printer = {
	    .call = call,
	    .changed_only = pc_call_option(call, "n") != NULL,
	    .as_file = pc_output_format(call->out) == PC_FORMAT_TABLE,
	    .line = malloc(LINE_BYTES),
	};
	int rc;

	if (printer.line == NULL) {
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot print the configuration: out of memory");
		return PC_FAILED;
	}
	pc_output_begin(call->out, pc_columns_config, true);
	rc = print_what_was_asked(&printer, err);
	free(printer.line);
	if (rc != 0 || pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return PC_YES;
}
