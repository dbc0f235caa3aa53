/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/load_input.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

/* An account with full lists, every character of it escaped, and more. */
#define LINE_BYTES ((size_t)128 << 10)

int
pc_load_input_open(
    struct pc_load_input *input, const char *name, struct pt_err *err)
{
	bool is_stdin = name == NULL || strcmp(name, "-") == 0;

	memset(input, 0, sizeof(*input));
	input->name = is_stdin ? "standard input" : name;
	input->line = malloc(LINE_BYTES);
	if (input->line == NULL)
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "cannot load: out of memory");
	input->file = is_stdin ? stdin : fopen(name, "re");
	if (input->file == NULL)
		return pt_err_sys(
		    err, PT_ERR_INPUT, errno, "cannot open %.200s", name);
	return 0;
}

void
pc_load_input_close(struct pc_load_input *input)
{
	if (input->file != NULL && input->file != stdin)
		(void)fclose(input->file);
	free(input->line);
	memset(input, 0, sizeof(*input));
}

int
pc_load_input_refuse(const struct pc_load_input *input, struct pt_err *err)
{
	struct pt_text text;
	char shown[128];

	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, input->name, strlen(input->name));
	return pt_err_prefix(
	    err, "%s:%llu", shown, (unsigned long long)input->number);
}

static int
refuse(const struct pc_load_input *input, struct pt_err *err, const char *why)
{
	(void)pt_err_set(err, PT_ERR_INPUT, "%s", why);
	return pc_load_input_refuse(input, err);
}

static int
parse_line(struct pc_load_input *input, size_t len, json_t **object_out,
    struct pt_err *err)
{
	json_error_t error;
	struct pt_text text;
	char why[160];

	*object_out =
	    json_loadb(input->line, len, JSON_REJECT_DUPLICATES, &error);
	if (*object_out == NULL) {
		pt_text_init(&text, why, sizeof(why));
		pt_text_add(&text, "not JSON: ");
		pt_text_add_escaped(&text, error.text, strlen(error.text));
		return refuse(input, err, why);
	}
	if (!json_is_object(*object_out)) {
		json_decref(*object_out);
		*object_out = NULL;
		return refuse(input, err, "not a JSON object");
	}
	return 1;
}

/* Not getline(): a line of a hostile file must not fill the memory. */
static int
read_line(struct pc_load_input *input, size_t *len_out, struct pt_err *err)
{
	size_t len = 0;
	int c;

	while ((c = getc_unlocked(input->file)) != EOF && c != '\n') {
		if (len == LINE_BYTES) {
			input->number++;
			return refuse(input, err, "longer than 128 KiB");
		}
		input->line[len++] = (char)c;
	}
	if (ferror(input->file) != 0)
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "cannot read the dump");
	*len_out = len;
	if (c == EOF && len == 0)
		return 0;
	input->number++;
	return 1;
}

int
pc_load_input_next(
    struct pc_load_input *input, json_t **object_out, struct pt_err *err)
{
	size_t len;
	int rc;

	do {
		rc = read_line(input, &len, err);
		if (rc != 1)
			return rc;
	} while (len == 0);
	return parse_line(input, len, object_out, err);
}
