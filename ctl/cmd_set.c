/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* set LOGIN KEY=VALUE...: plan, status, language and overrides. */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/config/keys.h"
#include "core/rules/account_plan.h"
#include "core/rules/external.h"
#include "ctl/change.h"
#include "ctl/handlers.h"

#define KEY_MAX   64
#define VALUE_MAX 1024
#define NAMES_MAX 64

/* One KEY=VALUE at work on the account. */
struct setting {
	const struct pt_config *config;
	struct pt_account *account;
	char key[KEY_MAX];
	const char *value; /* "": take it back */
	char old_value[VALUE_MAX];
	char new_value[VALUE_MAX];
};

static int
remember_old(struct setting *setting, const char *value)
{
	return pt_text_copy(
	    setting->old_value, sizeof(setting->old_value), value);
}

static int
remember_new(struct setting *setting, const char *value)
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
refuse_plan(const struct setting *setting, struct pt_err *err)
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

static const char *
plan_name(const struct setting *setting)
{
	return setting->account->plan[0] != '\0'
		   ? setting->account->plan
		   : setting->config->default_plan;
}

static int
set_plan(struct setting *setting, struct pt_err *err)
{
	char *plan = setting->account->plan;

	(void)remember_old(setting, plan_name(setting));
	if (setting->value[0] != '\0' &&
	    pt_config_plan(setting->config, setting->value) == NULL)
		return refuse_plan(setting, err);
	(void)pt_text_copy(
	    plan, sizeof(setting->account->plan), setting->value);
	(void)remember_new(setting, plan_name(setting));
	return 0;
}

static int
set_status(struct setting *setting, struct pt_err *err)
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
set_language(struct setting *setting, struct pt_err *err)
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
refuse_key(const struct setting *setting, struct pt_err *err)
{
	static const char *const own[] = {"plan", "status", "language"};
	const char *nearest;
	struct pt_text text;
	char shown[KEY_MAX];

	nearest = pt_text_nearest(setting->key, own, PT_ARRAY_LEN(own));
	if (nearest == NULL)
		nearest = pt_key_nearest(PT_SECTION_PLAN, setting->key);
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, setting->key, strlen(setting->key));
	return pt_err_set(err, PT_ERR_USAGE,
	    "cannot set %s: there is no such key%s%s%s", shown,
	    nearest == NULL ? "" : "; did you mean ",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
}

/* The value that holds for the account, or that the default plan has. */
static void
format_effective(const struct setting *setting, char *buf, size_t cap)
{
	const struct pt_plan *plan;
	struct pt_plan room;

	plan = pt_account_plan(setting->config, setting->account, &room);
	if (plan == NULL || pt_plan_format(plan, setting->key, buf, cap) != 0)
		(void)pt_text_copy(buf, cap, "unknown");
	else if (buf[0] == '\0')
		(void)pt_text_copy(buf, cap, "unlimited");
}

/* Checks the value and writes it as the plan would: "60m" becomes "1h". */
static int
normalise(
    const struct setting *setting, char *buf, size_t cap, struct pt_err *err)
{
	struct pt_plan plan;

	pt_plan_defaults(&plan, "");
	if (pt_plan_override(&plan, setting->key, setting->value, err) != 0) {
		err->kind = PT_ERR_USAGE;
		return pt_err_prefix(err, "cannot set");
	}
	if (pt_plan_format(&plan, setting->key, buf, cap) != 0)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot set %s: the value is too long", setting->key);
	return 0;
}

static int
set_override(struct setting *setting, struct pt_err *err)
{
	struct pt_words *overrides = &setting->account->overrides;
	char value[VALUE_MAX];
	char word[KEY_MAX + VALUE_MAX];
	char prefix[KEY_MAX + 1];

	if (pt_key_find(PT_SECTION_PLAN, setting->key) == NULL)
		return refuse_key(setting, err);
	format_effective(
	    setting, setting->old_value, sizeof(setting->old_value));
	snprintf(prefix, sizeof(prefix), "%s=", setting->key);
	(void)pt_words_remove(overrides, prefix, strlen(prefix));
	if (setting->value[0] != '\0') {
		if (normalise(setting, value, sizeof(value), err) != 0)
			return -1;
		snprintf(word, sizeof(word), "%s%s", prefix, value);
		if (!pt_words_add(overrides, word))
			return pt_err_set(err, PT_ERR_USAGE,
			    "cannot set %s: the account has too many "
			    "overrides",
			    setting->key);
	}
	format_effective(
	    setting, setting->new_value, sizeof(setting->new_value));
	return 0;
}

static int
split(const char *word, struct setting *setting, struct pt_err *err)
{
	size_t len = strcspn(word, "=");
	struct pt_text key;

	pt_text_init(&key, setting->key, sizeof(setting->key));
	pt_text_add_bytes(&key, word, len);
	if (word[len] != '=')
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot set \"%.64s\": write KEY=VALUE, or KEY= to take a "
		    "value back",
		    setting->key);
	if (key.cut || len == 0)
		return refuse_key(setting, err);
	setting->value = word + len + 1;
	return 0;
}

static int
apply(struct setting *setting, struct pt_err *err)
{
	if (strcmp(setting->key, "plan") == 0)
		return set_plan(setting, err);
	if (strcmp(setting->key, "status") == 0)
		return set_status(setting, err);
	if (strcmp(setting->key, "language") == 0)
		return set_language(setting, err);
	return set_override(setting, err);
}

/*
 * A mailbox that the provider closed keeps no app password: when it is open
 * again, its owner enables external access again.
 */
static void
end_access(const struct pc_call *call, struct pt_account *account,
    struct pt_text *detail)
{
	struct pt_external_actor actor = {
	    .who = call->who, .note = "", .now = call->now};
	struct pt_history_note note;

	if (account->status != PT_STATUS_INACTIVE ||
	    account->access != PT_ACCESS_ON)
		return;
	if (pt_external_block(account, PT_BLOCK_INACTIVE, &actor, &note))
		pt_text_add(detail, "; external access: blocked (inactive)");
}

static enum pc_edit_result
edit_set(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	struct setting setting = {
	    .config = call->config, .account = records->account};
	struct pt_words before = records->account->overrides;
	bool changed = false;
	size_t i;

	(void)arg;
	for (i = 1; i < call->arg_count; i++) {
		if (split(call->args[i], &setting, err) != 0 ||
		    apply(&setting, err) != 0)
			return PC_EDIT_FAILED;
		pt_text_addf(
		    detail, "%s%s: ", detail->len > 0 ? "; " : "", setting.key);
		if (strcmp(setting.old_value, setting.new_value) != 0) {
			changed = true;
			pt_text_addf(detail, "%s -> ", setting.old_value);
		}
		pt_text_add(detail, setting.new_value);
	}
	/* An override may say the same as the plan; it stays when that goes. */
	if (before.len != records->account->overrides.len ||
	    memcmp(before.bytes, records->account->overrides.bytes,
		before.len) != 0)
		changed = true;
	if (!changed)
		return PC_EDIT_NOTHING;
	end_access(call, records->account, detail);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

enum pc_answer
pc_cmd_set(struct pc_call *call, struct pt_err *err)
{
	return pc_change(call, "set", edit_set, NULL, err);
}
