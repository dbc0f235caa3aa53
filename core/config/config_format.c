/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <string.h>

#include "core/base/text.h"
#include "core/config/config.h"
#include "core/config/keys.h"
#include "core/config/value.h"

int
pt_config_format_key(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_key *key, char *buf, size_t cap, bool *differs_out)
{
	const void *base = config;
	const void *field;
	struct pt_text text;

	if (key->section == PT_SECTION_PLAN)
		base = plan;
	field = (const char *)base + key->offset;
	/* Every default of the table is written as it is formatted. */
	pt_text_init(&text, buf, cap);
	pt_value_format(key, field, &text);
	*differs_out = text.cut || strcmp(buf, key->initial) != 0;
	pt_text_init(&text, buf, cap);
	pt_value_format_conf(key, field, &text);
	return text.cut ? -1 : 0;
}
