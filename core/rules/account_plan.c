/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/account_plan.h"

#include <string.h>

static int
apply_overrides(struct pt_plan *plan, const struct pt_words *overrides)
{
	const char *word = NULL;
	const char *sign;
	struct pt_err err;
	char key[64];
	size_t len;

	while ((word = pt_words_next(overrides, word)) != NULL) {
		sign = strchr(word, '=');
		if (sign == NULL)
			return -1;
		len = (size_t)(sign - word);
		if (len >= sizeof(key))
			return -1;
		memcpy(key, word, len);
		key[len] = '\0';
		if (pt_plan_override(plan, key, sign + 1, &err) != 0)
			return -1;
	}
	return 0;
}

const struct pt_plan *
pt_account_plan(const struct pt_config *config,
    const struct pt_account *account, struct pt_plan *room)
{
	const struct pt_plan *plan = pt_config_plan(config, account->plan);

	if (plan == NULL || account->overrides.count == 0)
		return plan;
	*room = *plan;
	if (apply_overrides(room, &account->overrides) != 0)
		return NULL;
	return room;
}
