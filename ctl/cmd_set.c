/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* set LOGIN KEY=VALUE...: what an account has of its own, and overrides. */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/config/keys.h"
#include "core/rules/account_plan.h"
#include "core/rules/external.h"
#include "ctl/handlers.h"
#include "ctl/order.h"
#include "ctl/set_own.h"

static int
refuse_key(const struct pc_set_pair *setting, struct pt_err *err)
{
	const char *nearest;
	struct pt_text text;
	char shown[PC_SET_KEY_MAX];

	nearest = pc_set_own_nearest(setting->key);
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
format_effective(const struct pc_set_pair *setting, char *buf, size_t cap)
{
	const struct pt_plan *plan;
	struct pt_plan room;

	plan = pt_account_plan(
	    setting->config, setting->account, setting->now, &room);
	if (plan == NULL || pt_plan_format(plan, setting->key, buf, cap) != 0)
		(void)pt_text_copy(buf, cap, "unknown");
	else if (buf[0] == '\0')
		(void)pt_text_copy(buf, cap, "unlimited");
}

/* Checks the value and writes it as the plan would: "60m" becomes "1h". */
static int
normalise(const struct pc_set_pair *setting, char *buf, size_t cap,
    struct pt_err *err)
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
set_override(struct pc_set_pair *setting, struct pt_err *err)
{
	struct pt_words *overrides = &setting->account->overrides;
	char value[PC_SET_VALUE_MAX];
	char word[PC_SET_KEY_MAX + PC_SET_VALUE_MAX];
	char prefix[PC_SET_KEY_MAX + 1];

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
split(const char *word, struct pc_set_pair *setting, struct pt_err *err)
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
apply(struct pc_set_pair *setting, struct pt_err *err)
{
	return pc_set_own_knows(setting->key) ? pc_set_own(setting, err)
					      : set_override(setting, err);
}

/*
 * A mailbox that the provider closed keeps no app password: when it is open
 * again, its owner enables external access again.
 */
static void
end_access(const struct pc_call *call, struct pt_records *records,
    const struct pt_text *detail)
{
	const struct pt_external_actor actor = {
	    .who = call->who, .note = "", .now = call->now};
	struct pt_account *account = records->account;
	struct pt_history_note *note = &records->trail.note;
	struct pt_text text;

	if (account->status != PT_STATUS_INACTIVE ||
	    account->access != PT_ACCESS_ON ||
	    !pt_external_block(call->config, account, PT_BLOCK_INACTIVE, NULL,
		&actor, &records->trail))
		return;
	text = (struct pt_text){
	    .at = note->detail,
	    .cap = sizeof(note->detail),
	    .len = strlen(note->detail),
	};
	pt_text_addf(&text, " set=\"%s\"", detail->at);
}

/* What the call gives the key; NULL: it does not name it. */
static const char *
value_of(const struct pc_call *call, const char *key)
{
	size_t len = strlen(key);
	const char *value = NULL;
	size_t i;

	for (i = 1; i < call->arg_count; i++) {
		if (strncmp(call->args[i], key, len) == 0 &&
		    call->args[i][len] == '=')
			value = call->args[i] + len + 1;
	}
	return value;
}

/*
 * Do the limits of the plan that the account ends up with fit together?  A
 * penalty that would do nothing is refused, as in a plan; another limit is not
 * held up by the penalty that was there before it.
 */
static int
check_limits(const struct pc_call *call, const struct pt_account *account,
    struct pt_err *doubt, struct pt_err *err)
{
	const char *penalty = value_of(call, "penalty");
	const struct pt_plan *plan;
	struct pt_plan room;

	*doubt = (struct pt_err){.kind = PT_ERR_NONE};
	if (penalty == NULL && value_of(call, "messages") == NULL &&
	    value_of(call, "plan") == NULL)
		return 0;
	plan = pt_account_plan(call->config, account, INT64_MAX, &room);
	if (plan == NULL || pt_plan_check(plan, doubt) == 0 ||
	    penalty == NULL || penalty[0] == '\0')
		return 0;
	return pt_err_set(err, PT_ERR_USAGE, "cannot set %s", doubt->text);
}

static enum pc_edit_result
edit_set(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	struct pc_set_pair setting = {
	    .config = call->config,
	    .account = records->account,
	    .now = call->now,
	    .skips_delay = pc_call_option(call, "now") != NULL,
	};
	struct pc_set_order *order = arg;
	struct pt_words before = records->account->overrides;
	bool changed = false;
	size_t i;

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
	if (check_limits(call, records->account, &order->doubt, err) != 0)
		return PC_EDIT_FAILED;
	/* An override may say the same as the plan; it stays when that goes. */
	if (before.len != records->account->overrides.len ||
	    memcmp(before.bytes, records->account->overrides.bytes,
		before.len) != 0)
		changed = true;
	if (!changed)
		return PC_EDIT_NOTHING;
	end_access(call, records, detail);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

/* As the notices choose it: "pt" will do for "pt-BR". */
static bool
is_written(const struct pt_strings *languages, const char *tag)
{
	size_t len = strcspn(tag, "-_");
	size_t i;

	for (i = 0; i < languages->count; i++) {
		if (strcasecmp(languages->at[i], tag) == 0 ||
		    (strncasecmp(languages->at[i], tag, len) == 0 &&
			languages->at[i][len] == '\0'))
			return true;
	}
	return false;
}

static void
advise_language(const struct pc_order *order)
{
	const struct pc_call *call = order->change.call;
	const struct pt_strings *languages = &call->config->notice.languages;
	const char *tag = value_of(call, "language");

	if (tag != NULL && tag[0] != '\0' && languages->count > 0 &&
	    !is_written(languages, tag))
		fprintf(call->errors,
		    "posternctl: notices are not written in %s: %s is used\n",
		    tag, languages->at[0]);
}

static void
advise(const struct pc_order *order)
{
	const char *doubt = order->set.doubt.text;

	if (doubt[0] != '\0')
		fprintf(order->change.call->errors, "posternctl: %s\n", doubt);
	advise_language(order);
}

int
pc_order_set(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	if (pc_call_option(call, "now") != NULL &&
	    value_of(call, "plan") == NULL)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot set: --now is for plan=NAME, and everything else "
		    "holds at once anyway");
	pc_order_edit(order, "set", edit_set);
	order->change.edit.arg = &order->set;
	order->advise = advise;
	return 0;
}
