/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/account_plan.h"

#include <string.h>

#include "core/base/text.h"

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

const char *
pt_account_plan_name(const struct pt_account *account, int64_t now)
{
	return account->next_plan[0] != '\0' && account->next_plan_at <= now
		   ? account->next_plan
		   : account->plan;
}

const struct pt_plan *
pt_account_plan(const struct pt_config *config,
    const struct pt_account *account, int64_t now, struct pt_plan *room)
{
	const struct pt_plan *plan =
	    pt_config_plan(config, pt_account_plan_name(account, now));

	if (plan == NULL || account->overrides.count == 0)
		return plan;
	*room = *plan;
	if (apply_overrides(room, &account->overrides) != 0)
		return NULL;
	return room;
}

int64_t
pt_account_plan_from(const struct pt_config *config,
    const struct pt_account *account, enum pt_protocol protocol, int64_t now)
{
	const struct pt_plan *plan;
	struct pt_plan room;

	if (account->next_plan[0] == '\0' || account->next_plan_at <= now)
		return 0;
	plan = pt_account_plan(config, account, account->next_plan_at, &room);
	if (plan == NULL || (plan->protocols & protocol) == 0)
		return 0;
	return account->next_plan_at;
}

static void
forget_next(struct pt_account *account)
{
	account->next_plan[0] = '\0';
	account->next_plan_at = 0;
}

bool
pt_account_plan_settle(struct pt_account *account, int64_t now)
{
	if (account->next_plan[0] == '\0' || account->next_plan_at > now)
		return false;
	memcpy(account->plan, account->next_plan, sizeof(account->plan));
	forget_next(account);
	return true;
}

/* "" and the name of the default plan are the same plan. */
static bool
is_same(const struct pt_config *config, const char *a, const char *b)
{
	const struct pt_plan *plan = pt_config_plan(config, a);

	return plan != NULL && plan == pt_config_plan(config, b);
}

void
pt_account_plan_set(const struct pt_config *config, struct pt_account *account,
    const char *name, bool skips_delay, int64_t now)
{
	const struct pt_plan *plan = pt_config_plan(config, name);
	int64_t delay = 0;

	(void)pt_account_plan_settle(account, now);
	if (plan != NULL && plan->plan_delay.on && !skips_delay)
		delay = (int64_t)plan->plan_delay.value;
	if (name[0] == '\0' || delay == 0 ||
	    is_same(config, name, account->plan)) {
		forget_next(account);
		(void)pt_text_copy(account->plan, sizeof(account->plan), name);
		return;
	}
	if (strcmp(account->next_plan, name) == 0 &&
	    account->next_plan_at <= now + delay)
		return;
	(void)pt_text_copy(
	    account->next_plan, sizeof(account->next_plan), name);
	account->next_plan_at = now + delay;
}
