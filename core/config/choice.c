/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/choice.h"

#include <string.h>

bool
pt_choice_next(const char *words, struct pt_choice *choice)
{
	const char *at = words;
	unsigned value = 0;

	if (choice->at != NULL) {
		at = choice->at + choice->len;
		at += strcspn(at, " ");
		at += strspn(at, " ");
		value = choice->value + 1;
	}
	if (*at == '\0')
		return false;
	choice->at = at;
	choice->len = strcspn(at, "= ");
	if (at[choice->len] == '=')
		value = (unsigned)(at[choice->len + 1] - '0');
	choice->value = value;
	return true;
}

bool
pt_choice_find(const char *words, const char *name, unsigned *value_out)
{
	struct pt_choice choice = {0};
	size_t len = strlen(name);

	while (pt_choice_next(words, &choice)) {
		if (choice.len == len && memcmp(choice.at, name, len) == 0) {
			*value_out = choice.value;
			return true;
		}
	}
	return false;
}

void
pt_choice_list(const char *words, struct pt_text *out)
{
	struct pt_choice choice = {0};

	while (pt_choice_next(words, &choice)) {
		if (choice.at != words)
			pt_text_add(out, ", ");
		pt_text_add_bytes(out, choice.at, choice.len);
	}
}
