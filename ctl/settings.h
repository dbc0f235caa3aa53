/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* "name = value" lines as postconf prints them. */
#ifndef PC_SETTINGS_H
#define PC_SETTINGS_H

#include <stddef.h>

#include "core/base/err.h"

struct pc_setting {
	const char *name;
	const char *value; /* "" for none */
};

/* In the order of the lines. */
struct pc_settings {
	char *text; /* owned; what the settings point into */
	struct pc_setting *at;
	size_t count;
};

/* Takes "text" (from malloc), also on failure.  Other lines are left out. */
int
pc_settings_parse(char *text, struct pc_settings *out, struct pt_err *err);

void
pc_settings_clear(struct pc_settings *settings);

/* NULL if there is no such name. */
const char *
pc_settings_get(const struct pc_settings *settings, const char *name);

#endif
