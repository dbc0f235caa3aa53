/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Any text as postern.conf, and as the override of every plan key.  What is
 * accepted must format to a text that is accepted and means the same; what is
 * refused must come with an error that can be shown.
 */

#include <string.h>

#include "core/base/text.h"
#include "core/config/config.h"
#include "core/config/keys.h"
#include "tests/fuzz/fuzz.h"

static void
check_error(const struct pt_err *err)
{
	fuzz_check(err->kind == PT_ERR_CONFIG || err->kind == PT_ERR_INPUT,
	    "an error is of a kind that the postmaster can mend");
	fuzz_check(err->text[0] != '\0', "an error has a text");
	for (const char *at = err->text; *at != '\0'; at++)
		fuzz_check((unsigned char)*at >= 0x20 && *at != 0x7f,
		    "an error can be shown");
}

/* Every key of one section, each on a line of its own. */
static void
format_section(const struct pt_config *config, const struct pt_plan *plan,
    enum pt_key_section section, struct pt_text *out)
{
	bool differs;

	for (size_t i = 0; i < pt_key_count(); i++) {
		if (pt_key_at(i)->section != section)
			continue;
		fuzz_check(
		    pt_config_format_key(config, plan, pt_key_at(i),
			out->at + out->len, out->cap - out->len, &differs) == 0,
		    "every key can be formatted");
		out->len += strlen(out->at + out->len);
		pt_text_add(out, "\n");
	}
}

static void
format_all(const struct pt_config *config, struct pt_text *out)
{
	format_section(config, NULL, PT_SECTION_TOP, out);
	pt_text_add(out, "sender {\n");
	format_section(config, NULL, PT_SECTION_SENDER, out);
	pt_text_add(out, "}\nnotice {\n");
	format_section(config, NULL, PT_SECTION_NOTICE, out);
	pt_text_add(out, "}\nclient {\n");
	format_section(config, NULL, PT_SECTION_CLIENT, out);
	pt_text_add(out, "}\n");
	for (size_t i = 0; i < config->plan_count; i++) {
		pt_text_addf(out, "plan %s {\n", config->plans[i].name);
		format_section(config, &config->plans[i], PT_SECTION_PLAN, out);
		pt_text_add(out, "}\n");
	}
	fuzz_check(!out->cut, "there is room for the text");
}

static char *
format_new(const struct pt_config *config, size_t cap)
{
	struct pt_text text;
	char *at = malloc(cap);

	fuzz_check(at != NULL, "there is memory");
	pt_text_init(&text, at, cap);
	format_all(config, &text);
	return at;
}

static void
check_text(const char *text, size_t size)
{
	/* Plans say all their keys, quotation marks may double a value. */
	size_t cap = (size + 64) * 200;
	struct pt_config *config = NULL;
	struct pt_config *again = NULL;
	struct pt_err err;
	char *first;
	char *second;

	if (pt_config_parse("fuzz.conf", text, &config, &err) != 0) {
		check_error(&err);
		return;
	}
	fuzz_check(
	    pt_config_plan(config, "") != NULL, "the default plan exists");
	first = format_new(config, cap);
	fuzz_check(pt_config_parse("again.conf", first, &again, &err) == 0,
	    "what was formatted is accepted");
	second = format_new(again, cap);
	fuzz_check(
	    strcmp(first, second) == 0, "what was formatted means the same");
	free(first);
	free(second);
	pt_config_free(config);
	pt_config_free(again);
}

static void
check_override(const struct pt_key *key, const char *value)
{
	struct pt_plan plan;
	struct pt_plan again;
	struct pt_err err;
	char first[1024];
	char second[1024];

	pt_plan_defaults(&plan, "fuzz");
	if (pt_plan_override(&plan, key->name, value, &err) != 0) {
		check_error(&err);
		return;
	}
	fuzz_check(pt_plan_format(&plan, key->name, first, sizeof(first)) == 0,
	    "an override can be formatted");
	pt_plan_defaults(&again, "fuzz");
	fuzz_check(pt_plan_override(&again, key->name, first, &err) == 0,
	    "a formatted override is accepted");
	fuzz_check(
	    pt_plan_format(&again, key->name, second, sizeof(second)) == 0,
	    "an override can be formatted again");
	fuzz_check(
	    strcmp(first, second) == 0, "what was formatted means the same");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	fuzz_check(text != NULL, "there is memory");
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	check_text(text, size);
	for (size_t i = 0; i < pt_key_count(); i++) {
		if (pt_key_at(i)->section == PT_SECTION_PLAN)
			check_override(pt_key_at(i), text);
	}
	free(text);
	return 0;
}
