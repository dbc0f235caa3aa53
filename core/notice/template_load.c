/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* From the directories of notice { templates } to all texts of a language. */

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/base/text.h"
#include "core/config/source.h"
#include "core/notice/template_private.h"

#define PATH_MAX_BYTES 1024

void
pt_template_clear(struct pt_template_language *language)
{
	size_t i;
	size_t form;

	for (i = 0; i < PT_TEMPLATE_TEXTS; i++) {
		free(language->texts[i].subject);
		free(language->texts[i].body);
	}
	for (i = 0; i < PT_UNITS; i++) {
		for (form = 0; form < PT_TEMPLATE_FORMS; form++)
			free(language->words.forms[i][form]);
	}
	for (i = 0; i < PT_FIGURES_UNITS; i++)
		free(language->figures[i]);
	*language = (struct pt_template_language){.has_figures = false};
}

/* The name of the first section that is missing, or NULL. */
static const char *
first_missing(const struct pt_template_language *language)
{
	size_t i;

	if (!language->words.is_read)
		return "words";
	if (!language->has_figures)
		return "figures";
	for (i = 0; i < PT_TEMPLATE_TEXTS; i++) {
		if (language->texts[i].body == NULL)
			return pt_template_name((enum pt_template_id)i);
	}
	return NULL;
}

/* A directory without such a file has nothing to say. */
static int
read_file(
    const char *path, struct pt_template_language *language, struct pt_err *err)
{
	struct stat st;
	size_t len;
	char *text;
	int rc;

	if (stat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (pt_source_read(path, &text, &len, err) != 0)
		return -1;
	if (len > PT_TEMPLATE_FILE_MAX)
		rc = pt_err_set(err, PT_ERR_CONFIG,
		    "cannot use %s: it is larger than 64 kB", path);
	else
		rc = pt_template_read(path, text, len, language, err);
	free(text);
	return rc;
}

static int
read_language(const struct pt_config *config, const char *tag,
    struct pt_template_language *language, struct pt_err *err)
{
	const struct pt_strings *dirs = &config->notice.templates;
	const char *missing;
	char path[PATH_MAX_BYTES];
	struct pt_text text;
	size_t i;

	if (pt_text_copy(language->tag, sizeof(language->tag), tag) != 0)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot read texts in \"%s\": the name of the language is "
		    "too long",
		    tag);
	path[0] = '\0';
	for (i = 0; i < dirs->count; i++) {
		pt_text_init(&text, path, sizeof(path));
		pt_text_addf(&text, "%s/%s.txt", dirs->at[i], tag);
		if (text.cut)
			return pt_err_set(err, PT_ERR_CONFIG,
			    "cannot use %.200s...: the path is too long", path);
		if (read_file(path, language, err) != 0)
			return -1;
	}
	missing = first_missing(language);
	if (missing == NULL)
		return 0;
	return pt_err_set(err, PT_ERR_CONFIG,
	    "cannot write notices in \"%s\": no directory of notice { "
	    "templates } has a file %s.txt with section [%s]; write it (see "
	    "postern-notices(5)) or take the language out of notice { "
	    "languages }",
	    tag, tag, missing);
}

int
pt_templates_open(const struct pt_config *config,
    struct pt_templates **templates_out, struct pt_err *err)
{
	const struct pt_strings *tags = &config->notice.languages;
	size_t count = tags->count > 0 ? tags->count : 1;
	struct pt_templates *templates;
	const char *tag;

	templates = calloc(1, sizeof(*templates));
	if (templates != NULL)
		templates->languages =
		    calloc(count, sizeof(*templates->languages));
	if (templates == NULL || templates->languages == NULL) {
		free(templates);
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the texts of notices: out of memory");
	}
	while (templates->count < count) {
		tag = tags->count > 0 ? tags->at[templates->count] : "en";
		/* Counted first, so that a half-read one is freed, too. */
		templates->count++;
		if (read_language(config, tag,
			&templates->languages[templates->count - 1],
			err) != 0) {
			pt_templates_free(templates);
			return -1;
		}
	}
	*templates_out = templates;
	return 0;
}

void
pt_templates_free(struct pt_templates *templates)
{
	size_t i;

	if (templates == NULL)
		return;
	for (i = 0; i < templates->count; i++)
		pt_template_clear(&templates->languages[i]);
	free(templates->languages);
	free(templates);
}

int
pt_templates_check(const struct pt_config *config, struct pt_err *err)
{
	struct pt_templates *templates;

	if (config->notice.from[0] == '\0')
		return 0;
	if (pt_templates_open(config, &templates, err) != 0)
		return -1;
	pt_templates_free(templates);
	return 0;
}
