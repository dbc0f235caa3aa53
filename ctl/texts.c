/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/texts.h"

#include <string.h>

int
pc_texts_check_language(
    const struct pt_templates *templates, const char *tag, struct pt_err *err)
{
	const struct pt_template_language *found;
	struct pt_text text;
	char shown[64];

	if (tag == NULL)
		return 0;
	found = pt_templates_find(templates, tag);
	if (strncmp(found->tag, tag, strcspn(tag, "-_")) == 0)
		return 0;
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, tag, strlen(tag));
	return pt_err_set(err, PT_ERR_USAGE,
	    "there are no texts in \"%s\": add it to notice { languages }",
	    shown);
}

/* A line that goes on in the next ends with a blank; a first one is stuffed. */
void
pc_texts_add_plain(struct pt_text *out, const char *flowed)
{
	size_t len;

	while (*flowed != '\0') {
		flowed += *flowed == ' ' ? 1 : 0;
		len = strcspn(flowed, "\n");
		while (len > 0 && flowed[len - 1] == ' ')
			len--;
		pt_text_add_bytes(out, flowed, len);
		pt_text_add(out, "\n");
		flowed += strcspn(flowed, "\n");
		flowed += *flowed == '\n' ? 1 : 0;
	}
}
