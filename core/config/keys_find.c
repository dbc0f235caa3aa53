/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/keys.h"

#include <string.h>

#include "core/base/text.h"
#include "core/config/keys_private.h"

/* More than there are keys in a section. */
#define NAMES_MAX 64

size_t
pt_key_count(void)
{
	return pt_key_table_general.count + pt_key_table_plan.count;
}

const struct pt_key *
pt_key_at(size_t index)
{
	if (index < pt_key_table_general.count)
		return &pt_key_table_general.keys[index];
	return &pt_key_table_plan.keys[index - pt_key_table_general.count];
}

const struct pt_key *
pt_key_find(enum pt_key_section section, const char *name)
{
	const struct pt_key_table *table = section == PT_SECTION_PLAN
					       ? &pt_key_table_plan
					       : &pt_key_table_general;
	const struct pt_key *end = table->keys + table->count;

	for (const struct pt_key *key = table->keys; key < end; key++) {
		if (key->section == section && strcmp(key->name, name) == 0)
			return key;
	}
	return NULL;
}

const char *
pt_key_nearest(enum pt_key_section section, const char *name)
{
	const char *names[NAMES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < pt_key_count() && n < NAMES_MAX; i++) {
		if (pt_key_at(i)->section == section)
			names[n++] = pt_key_at(i)->name;
	}
	return pt_text_nearest(name, names, n);
}
