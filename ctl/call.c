/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/call.h"

#include <string.h>

#include "core/base/text.h"
#include "core/rules/account_plan.h"
#include "ctl/privilege.h"

const char *
pc_call_option(const struct pc_call *call, const char *name)
{
	const struct pc_option *option;
	size_t i;

	for (i = 0; i < PC_OPTIONS_MAX; i++) {
		option = &call->command->options[i];
		if (option->name != NULL ? strcmp(option->name, name) == 0
					 : option->letter == name[0])
			return call->values[i];
	}
	return NULL;
}

int
pc_call_login(const struct pc_call *call, size_t i, struct pt_login *out,
    struct pt_err *err)
{
	const char *word = call->args[i];
	struct pt_text text;
	char shown[128];

	if (pt_login_parse(word, strlen(word), call->config->default_domain,
		out, err) == 0)
		return 0;
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, word, strlen(word));
	return pt_err_prefix(err, "cannot take \"%s\" for a login", shown);
}

int
pc_call_open_store(
    struct pc_call *call, enum pt_store_mode mode, struct pt_err *err)
{
	if (pc_privilege_drop(call->config->state_dir, err) != 0)
		return -1;
	return pt_store_open(call->config->state_dir, mode, &call->store, err);
}

const struct pt_plan *
pc_call_plan(const struct pc_call *call, const struct pt_account *account,
    struct pt_plan *room, struct pt_err *err)
{
	const struct pt_plan *plan;

	plan = pt_account_plan(call->config, account, call->now, room);
	if (plan != NULL)
		return plan;
	if (pt_config_plan(call->config, account->plan) == NULL)
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "plan \"%s\" of %s is not in the configuration: add it, or "
		    "run posternctl set %s plan=",
		    account->plan, account->login.text, account->login.text);
	else
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "an override of %s is unknown to this version: take it "
		    "back with posternctl set %s KEY=",
		    account->login.text, account->login.text);
	return NULL;
}

void
pc_call_skip(struct pc_call *call, const struct pt_err *err)
{
	call->skipped++;
	fprintf(call->errors, "posternctl: %s\n", err->text);
}

int
pc_call_read(struct pc_call *call, const struct pt_login *login,
    struct pt_account *account, struct pt_activity *activity,
    struct pt_usage *usage, struct pt_err *err)
{
	if (pt_store_read(call->store, login, account, activity, usage, err) !=
	    0)
		return -1;
	if (activity != NULL)
		(void)pt_activity_settle(activity, call->now);
	if (usage != NULL)
		(void)pt_usage_settle(usage, call->now);
	return 0;
}

enum pc_answer
pc_call_no_record(const struct pt_login *login, struct pt_err *err)
{
	(void)pt_err_set(err, PT_ERR_NONE,
	    "there is no record of %s: it has the defaults", login->text);
	return PC_NO;
}
