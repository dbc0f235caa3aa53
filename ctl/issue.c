/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/issue.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/rules/access.h"
#include "core/rules/account_plan.h"
#include "ctl/columns.h"
#include "ctl/names.h"

/* What is told about it. */
struct told {
	const struct pc_call *call;
	const struct pt_login *login;
	struct pc_changed *changed;
	const struct pc_issue *issue;
};

void
pc_issue_made(const struct pc_call *call, struct pc_issue *issue,
    struct pt_account *account, uint32_t id)
{
	const struct pt_password *password = pt_password_living(account, id);
	const struct pt_plan *plan;
	struct pt_plan room;

	if (password == NULL)
		return;
	issue->made = *password;
	issue->locked_at = account->lock.at;
	plan = pt_account_plan(call->config, account, call->now, &room);
	issue->active_from =
	    plan == NULL ? 0 : pt_access_begins(plan, account, call->now);
}

static void
put_setting(struct pc_output *out, const char *name, const char *value)
{
	pc_output_text(out, name);
	pc_output_text(out, value);
}

/* What the owner may wonder about. */
static void
put_hindrances(struct pc_output *out, const struct told *told)
{
	const struct pc_issue *issue = told->issue;
	char since[PT_CLOCK_TEXT_MAX];
	char text[PT_CLOCK_TEXT_MAX + PT_LOGIN_MAX + 64];

	if (issue->active_from != 0) {
		pc_output_text(out, "active from");
		pc_output_time(out, issue->active_from);
	}
	if (issue->locked_at == 0)
		return;
	pt_clock_format(
	    issue->locked_at, told->call->now, since, sizeof(since));
	(void)snprintf(text, sizeof(text),
	    "locked since %s, and stays so; posternctl unlock %s ends that",
	    since, told->login->text);
	put_setting(out, "sending", text);
}

/* For people: a line for each part. */
static int
put_block(struct pc_output *out, const struct told *told, const char *secret,
    struct pt_err *err)
{
	const struct pt_password *made = &told->issue->made;
	char protocols[PC_PROTOCOLS_TEXT_MAX];
	char networks[PC_NETWORKS_TEXT_MAX];
	const char *from = pc_name_networks(made, networks, sizeof(networks));

	pt_external_protocols_format(
	    made->protocols, protocols, sizeof(protocols));
	pc_output_begin(out, pc_columns_settings, false);
	put_setting(out, "login", told->login->text);
	if (told->changed->is_new)
		put_setting(out, "record", "new: nothing was known of it");
	pc_output_text(out, "id");
	pc_output_number(out, made->id);
	put_setting(out, "label", made->label[0] == '\0' ? NULL : made->label);
	put_setting(out, "app password", secret);
	put_setting(out, "protocols", protocols);
	put_setting(out, "networks", from == NULL ? "any" : from);
	pc_output_text(out, "expires");
	if (made->expires_at == 0)
		pc_output_text(out, "never");
	else
		pc_output_time(out, made->expires_at);
	put_hindrances(out, told);
	put_setting(out, "shown", "this once only");
	return pc_output_end(out, err);
}

/*
 * For programs: one row, the same whether an app password was made or not
 * ("secret" is NULL then).
 */
static int
put_row(struct pc_output *out, const struct told *told, const char *secret,
    struct pt_err *err)
{
	const struct pc_changed *changed = told->changed;
	const struct pt_password *made = &told->issue->made;
	bool done = changed->result == PC_EDIT_DONE;
	char text[PC_NETWORKS_TEXT_MAX];

	pc_output_begin(out, pc_columns_issue, false);
	pc_output_text(out, told->login->text);
	pc_output_text(out, done ? changed->what : "unchanged");
	pc_output_text(out, changed->detail);
	pc_output_bool(out, done);
	pc_output_bool(out, done && changed->is_new);
	if (secret == NULL) {
		for (unsigned i = 0; i < 8; i++)
			pc_output_none(out);
		return pc_output_end(out, err);
	}
	pc_output_number(out, made->id);
	pc_output_text(out, made->label);
	pc_output_text(out, secret);
	pt_external_protocols_format(made->protocols, text, sizeof(text));
	pc_output_text(out, text);
	pc_output_text(out, pc_name_networks(made, text, sizeof(text)));
	pc_output_time(out, made->expires_at);
	pc_output_time(out, told->issue->active_from);
	pc_output_time(out, told->issue->locked_at);
	return pc_output_end(out, err);
}

static int
put_secret(struct pc_output *out, const char *stand_in, const void *arg,
    struct pt_err *err)
{
	if (pc_output_format(out) == PC_FORMAT_TABLE)
		return put_block(out, arg, stand_in, err);
	return put_row(out, arg, stand_in, err);
}

static enum pc_edit_result
edit_take_back(const struct pc_call *call, struct pt_records *records,
    void *arg, struct pt_text *detail, struct pt_err *err)
{
	struct pt_external_actor actor = {
	    .who = call->who,
	    .note = "it could not be printed",
	    .now = call->now,
	};
	const uint32_t *id = arg;

	(void)detail;
	if (pt_external_revoke(
		records->account, *id, &actor, &records->trail, err) != 0)
		return PC_EDIT_FAILED;
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

void
pc_issue_take_back(const struct pc_call *call, const struct pc_issue *issue,
    const struct pt_login *login, struct pt_err *err)
{
	uint32_t id = issue->made.id;
	struct pc_change change = {
	    .call = call,
	    .login = login,
	    .edit = {.what = "password revoke",
		.fn = edit_take_back,
		.arg = &id},
	};
	struct pt_err why = *err;
	struct pt_err second;

	if (pc_change_apply(call->store, &change, &second) == 0)
		(void)pt_err_set(err, why.kind,
		    "cannot print the app password: %.128s; it was revoked "
		    "again: run posternctl password create %s",
		    why.text, login->text);
	else
		(void)pt_err_set(err, why.kind,
		    "cannot print the app password: %.128s; it could not be "
		    "revoked either: run posternctl password revoke %s "
		    "%" PRIu32,
		    why.text, login->text, id);
}

/* Nobody shall wait for one. */
static void
add_none_made(struct pc_changed *changed)
{
	struct pt_text detail = {
	    .at = changed->detail,
	    .cap = sizeof(changed->detail),
	    .len = strlen(changed->detail),
	};

	pt_text_add(&detail, "; no app password was made");
}

int
pc_issue_prepare(
    const struct pc_call *call, struct pc_issue *issue, struct pt_err *err)
{
	if (pc_wish_read(call, &issue->wish, err) != 0)
		return -1;
	return pc_secret_make(&issue->secret, err);
}

enum pc_answer
pc_issue_tell(struct pc_call *call, const struct pc_issue *issue,
    struct pc_change *change, struct pt_err *err)
{
	struct told told = {call, change->login, &change->changed, issue};

	if (issue->made.id == 0) {
		add_none_made(told.changed);
		return put_row(call->out, &told, NULL, err) == 0 ? PC_YES
								 : PC_FAILED;
	}
	if (pc_secret_write(call, &issue->secret, put_secret, &told, err) == 0)
		return PC_YES;
	pc_issue_take_back(call, issue, change->login, err);
	return PC_FAILED;
}
