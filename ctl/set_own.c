/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/set_own.h"

#include <string.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/zone.h"
#include "core/rules/account_plan.h"

#define NAMES_MAX 64

static int
remember_old(struct pc_set_pair *setting, const char *value)
{
	return pt_text_copy(
	    setting->old_value, sizeof(setting->old_value), value);
}

static int
remember_new(struct pc_set_pair *setting, const char *value)
{
	return pt_text_copy(
	    setting->new_value, sizeof(setting->new_value), value);
}

/* "free, premium" */
static void
name_plans(const struct pt_config *config, char *buf, size_t cap)
{
	struct pt_text text;
	size_t i;

	pt_text_init(&text, buf, cap);
	for (i = 0; i < config->plan_count; i++)
		pt_text_addf(
		    &text, "%s%s", i == 0 ? "" : ", ", config->plans[i].name);
}

static int
refuse_plan(const struct pc_set_pair *setting, struct pt_err *err)
{
	const char *names[NAMES_MAX];
	const char *nearest;
	char known[256];
	size_t n;

	for (n = 0; n < setting->config->plan_count && n < NAMES_MAX; n++)
		names[n] = setting->config->plans[n].name;
	nearest = pt_text_nearest(setting->value, names, n);
	name_plans(setting->config, known, sizeof(known));
	return pt_err_set(err, PT_ERR_USAGE,
	    "cannot set plan: there is none of that name%s%s%s (the plans are "
	    "%s)",
	    nearest == NULL ? "" : "; did you mean ",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?", known);
}

/* "premium"; if it is on its way "premium from 2026-11-24 14:05:10 UTC" */
static void
describe_plan(const struct pc_set_pair *setting, char *buf, size_t cap)
{
	const struct pt_account *account = setting->account;
	struct pt_text text;
	char at[PT_CLOCK_TEXT_MAX];

	pt_text_init(&text, buf, cap);
	if (account->next_plan[0] == '\0') {
		pt_text_add(&text, account->plan[0] != '\0'
				       ? account->plan
				       : setting->config->default_plan);
		return;
	}
	/* With its date, whatever day it is read. */
	pt_clock_format(account->next_plan_at, 0, at, sizeof(at));
	pt_text_addf(&text, "%s from %s", account->next_plan, at);
}

static int
set_plan(struct pc_set_pair *setting, struct pt_err *err)
{
	if (setting->value[0] != '\0' &&
	    pt_config_plan(setting->config, setting->value) == NULL)
		return refuse_plan(setting, err);
	(void)pt_account_plan_settle(setting->account, setting->now);
	describe_plan(setting, setting->old_value, sizeof(setting->old_value));
	pt_account_plan_set(setting->config, setting->account, setting->value,
	    setting->skips_delay, setting->now);
	describe_plan(setting, setting->new_value, sizeof(setting->new_value));
	return 0;
}

static int
set_status(struct pc_set_pair *setting, struct pt_err *err)
{
	static const char *const names[] = {
	    [PT_STATUS_ACTIVE] = "active",
	    [PT_STATUS_INACTIVE] = "inactive",
	};
	const char *value = setting->value;
	size_t i;

	if (value[0] == '\0')
		value = names[PT_STATUS_ACTIVE];
	for (i = 0; i < PT_ARRAY_LEN(names); i++) {
		if (strcmp(value, names[i]) != 0)
			continue;
		(void)remember_old(setting, names[setting->account->status]);
		(void)remember_new(setting, names[i]);
		setting->account->status = (enum pt_status)i;
		return 0;
	}
	return pt_err_set(
	    err, PT_ERR_USAGE, "cannot set status: it is active or inactive");
}

/* A tag such as "en" or "pt-BR"; which ones there are is the notices' part. */
static int
set_language(struct pc_set_pair *setting, struct pt_err *err)
{
	char *language = setting->account->language;
	size_t len = strlen(setting->value);

	(void)remember_old(setting, language[0] == '\0' ? "none" : language);
	if (len > PT_LANGUAGE_MAX ||
	    strspn(setting->value,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-") != len)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot set language: write a tag such as en or pt-BR");
	(void)pt_text_copy(
	    language, sizeof(setting->account->language), setting->value);
	(void)remember_new(setting, language[0] == '\0' ? "none" : language);
	return 0;
}

static int
set_timezone(struct pc_set_pair *setting, struct pt_err *err)
{
	char *timezone = setting->account->timezone;

	(void)remember_old(setting, timezone[0] == '\0' ? "none" : timezone);
	if (setting->value[0] != '\0' &&
	    (strlen(setting->value) > PT_TIMEZONE_MAX ||
		!pt_zone_exists(setting->value)))
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot set timezone: this system knows none of that "
		    "name; write one such as Europe/Vilnius or UTC");
	(void)pt_text_copy(
	    timezone, sizeof(setting->account->timezone), setting->value);
	(void)remember_new(setting, timezone[0] == '\0' ? "none" : timezone);
	return 0;
}

static const struct {
	const char *key;
	int (*set)(struct pc_set_pair *setting, struct pt_err *err);
} keys[] = {
    {"plan", set_plan},
    {"status", set_status},
    {"language", set_language},
    {"timezone", set_timezone},
};

static size_t
find(const char *key)
{
	size_t i = 0;

	while (i < PT_ARRAY_LEN(keys) && strcmp(keys[i].key, key) != 0)
		i++;
	return i;
}

bool
pc_set_own_knows(const char *key)
{
	return find(key) < PT_ARRAY_LEN(keys);
}

int
pc_set_own(struct pc_set_pair *setting, struct pt_err *err)
{
	return keys[find(setting->key)].set(setting, err);
}

const char *
pc_set_own_nearest(const char *word)
{
	const char *names[PT_ARRAY_LEN(keys)];
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(keys); i++)
		names[i] = keys[i].key;
	return pt_text_nearest(word, names, PT_ARRAY_LEN(keys));
}
