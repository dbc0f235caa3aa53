/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/keys.h"

#include <string.h>

#include "core/base/text.h"

/* More than there are keys in a section. */
#define NAMES_MAX 64

const struct pt_key *
pt_key_find(enum pt_key_section section, const char *name)
{
	for (size_t i = 0; i < pt_keys_count; i++) {
		if (pt_keys[i].section == section &&
		    strcmp(pt_keys[i].name, name) == 0)
			return &pt_keys[i];
	}
	return NULL;
}

const char *
pt_key_nearest(enum pt_key_section section, const char *name)
{
	const char *names[NAMES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < pt_keys_count && n < NAMES_MAX; i++) {
		if (pt_keys[i].section == section)
			names[n++] = pt_keys[i].name;
	}
	return pt_text_nearest(name, names, n);
}
