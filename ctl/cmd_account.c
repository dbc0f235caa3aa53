/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* account show, list, delete. */

#include "core/rules/access.h"
#include "core/rules/account_plan.h"
#include "core/rules/external.h"
#include "core/rules/figures.h"
#include "core/rules/password.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"
#include "ctl/names.h"
#include "ctl/order.h"

static void
show_text(struct pc_call *call, const char *name, const char *value)
{
	pc_output_text(call->out, name);
	pc_output_text(
	    call->out, value == NULL || value[0] == '\0' ? NULL : value);
}

static void
show_time(struct pc_call *call, const char *name, int64_t at)
{
	pc_output_text(call->out, name);
	pc_output_time(call->out, at);
}

static void
show_mark(struct pc_call *call, const char *name, const struct pt_mark *mark,
    const char *note_name)
{
	show_time(call, name, mark->at);
	if (mark->at != 0)
		show_text(call, note_name, mark->note);
}

static void
show_words(struct pc_call *call, const char *name, const struct pt_words *words)
{
	const char *word = NULL;

	while ((word = pt_words_next(words, word)) != NULL)
		show_text(call, name, word);
}

static void
show_access(struct pc_call *call, const struct pt_account *account)
{
	char protocols[PC_PROTOCOLS_TEXT_MAX];
	const struct pt_plan *plan;
	struct pt_plan room;

	pt_external_protocols_format(
	    account->protocols, protocols, sizeof(protocols));
	show_text(call, "access", pt_external_access_name(account->access));
	show_time(call, "access_since", account->access_at);
	show_text(call, "protocols",
	    account->access == PT_ACCESS_ON ? protocols : NULL);
	plan = pt_account_plan(call->config, account, call->now, &room);
	if (plan != NULL && pt_access_begins(plan, account, call->now) != 0)
		show_time(call, "active_from",
		    pt_access_begins(plan, account, call->now));
	pc_output_text(call->out, "app_passwords");
	pc_output_number(call->out, pt_password_count_living(account));
	show_time(call, "main_password_changed", account->main_password_at);
}

static void
show_plan(struct pc_call *call, const struct pt_account *account)
{
	show_text(call, "plan", pc_name_plan(call->config, account, call->now));
	if (!pc_name_has_next_plan(account, call->now))
		return;
	show_text(call, "next_plan", account->next_plan);
	show_time(call, "next_plan_from", account->next_plan_at);
}

static void
show_block(struct pc_call *call, const struct pt_account *account)
{
	char figures[PT_FIGURES_TEXT_MAX];

	show_text(call, "block", pc_name_block(account->block_reason));
	if (account->block_reason == PT_BLOCK_NONE)
		return;
	show_mark(call, "blocked", &account->block, "block_note");
	pt_figures_format(&account->block_figures, figures, sizeof(figures));
	show_text(call, "block_figures", figures);
}

static void
show_account(struct pc_call *call, const struct pt_account *account)
{
	show_text(call, "login", account->login.text);
	show_time(call, "created", account->created_at);
	show_plan(call, account);
	show_text(call, "status", pc_name_status(account->status));
	show_text(call, "language", account->language);
	show_text(call, "timezone", account->timezone);
	show_access(call, account);
	show_mark(call, "locked", &account->lock, "lock_note");
	show_block(call, account);
	if (account->grant.until > call->now) {
		pc_output_text(call->out, "grant");
		pc_output_number(call->out, account->grant.amount);
		show_time(call, "grant_until", account->grant.until);
	}
	show_words(call, "override", &account->overrides);
	show_words(call, "sender", &account->senders);
}

enum pc_answer
pc_cmd_account_show(struct pc_call *call, struct pt_err *err)
{
	struct pt_activity activity;
	struct pt_account account;
	struct pt_login login;

	if (pc_call_login(call, 0, &login, err) != 0 ||
	    pc_call_read(call, &login, &account, &activity, NULL, err) != 0)
		return PC_FAILED;
	(void)pc_access_foresee(call, &account, &activity);
	pc_output_begin(call->out, pc_columns_settings, false);
	if (account.exists)
		show_account(call, &account);
	if (pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return account.exists ? PC_YES : pc_call_no_record(&login, err);
}

static bool
list_account(
    const struct pt_account *account, const struct pt_err *err, void *arg)
{
	struct pc_call *call = arg;

	if (account == NULL) {
		pc_call_skip(call, err);
		return true;
	}
	pc_output_text(call->out, account->login.text);
	pc_output_text(
	    call->out, pc_name_plan(call->config, account, call->now));
	pc_output_text(call->out, pc_name_status(account->status));
	pc_output_text(call->out, pt_external_access_name(account->access));
	pc_output_number(call->out, pt_password_count_living(account));
	pc_output_bool(call->out, account->lock.at != 0);
	pc_output_text(call->out, pc_name_block(account->block_reason));
	pc_output_number(call->out, account->overrides.count);
	pc_output_number(call->out, account->senders.count);
	pc_output_time(call->out, account->created_at);
	return true;
}

static enum pc_edit_result
edit_delete(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	const char *note = arg;

	(void)call;
	if (!records->account->exists && !records->activity->exists &&
	    !records->usage->exists && !records->evidence->exists &&
	    records->replaced == 0) {
		(void)pc_call_no_record(&records->account->login, err);
		return PC_EDIT_FAILED;
	}
	records->account_deleted = true;
	records->activity_deleted = true;
	records->usage_deleted = true;
	records->evidence_deleted = true;
	records->signals_deleted = true;
	pt_text_add(detail, "the account was forgotten");
	if (note[0] != '\0')
		pt_text_addf(detail, ": %s", note);
	return PC_EDIT_DONE;
}

int
pc_order_account_delete(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	(void)err;
	pc_order_edit(order, "delete", edit_delete);
	order->change.edit.replace = PT_REPLACE_ACCOUNT | PT_REPLACE_ACTIVITY |
				     PT_REPLACE_USAGE | PT_REPLACE_EVIDENCE |
				     PT_REPLACE_SIGNALS;
	return 0;
}

enum pc_answer
pc_cmd_account_list(struct pc_call *call, struct pt_err *err)
{
	pc_output_begin(call->out, pc_columns_accounts, true);
	if (pt_store_each_account(call->store, list_account, call, err) != 0 ||
	    pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return PC_YES;
}
