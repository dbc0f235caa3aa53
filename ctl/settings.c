/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/settings.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

static void
trim_end(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
		line[--len] = '\0';
}

/* Splits the line at its first " =". */
static void
add_line(struct pc_settings *out, char *line)
{
	char *sign = strstr(line, " =");
	char *value;

	if (sign == NULL || sign == line)
		return;
	*sign = '\0';
	value = sign + 2;
	value += strspn(value, " \t");
	trim_end(line);
	trim_end(value);
	out->at[out->count].name = line;
	out->at[out->count].value = value;
	out->count++;
}

int
pc_settings_parse(char *text, struct pc_settings *out, struct pt_err *err)
{
	struct pc_settings settings = {.text = text};
	char *line = text;
	char *end;

	settings.at = calloc(pt_text_count_lines(text), sizeof(*settings.at));
	if (settings.at == NULL) {
		free(text);
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot keep the settings of Postfix: out of memory");
	}
	while (line != NULL) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		add_line(&settings, line);
		line = end;
	}
	*out = settings;
	return 0;
}

void
pc_settings_clear(struct pc_settings *settings)
{
	free(settings->text);
	free(settings->at);
	memset(settings, 0, sizeof(*settings));
}

const char *
pc_settings_get(const struct pc_settings *settings, const char *name)
{
	size_t i;

	for (i = 0; i < settings->count; i++) {
		if (strcmp(settings->at[i].name, name) == 0)
			return settings->at[i].value;
	}
	return NULL;
}
