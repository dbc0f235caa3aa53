/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* App passwords: password create, list, revoke. */

#include <stdbool.h>

#include "core/base/text.h"
#include "core/rules/external.h"
#include "ctl/access.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"
#include "ctl/names.h"
#include "ctl/order.h"

static enum pc_edit_result
edit_create(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	struct pc_issue *issue = arg;
	uint32_t id;

	(void)detail;
	if (pt_external_add_password(call->config, records->account,
		&issue->wish.wish, issue->secret.text, &issue->actor, &id,
		&records->trail, err) != 0)
		return PC_EDIT_FAILED;
	pc_issue_made(call, issue, records->account, id);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

int
pc_order_password_create(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	return pc_order_issue(order, "password create", edit_create, err);
}

static enum pc_edit_result
edit_revoke(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	const struct pc_access_order *order = arg;

	(void)detail;
	if (pt_external_revoke(records->account, order->id, &order->actor,
		&records->trail, err) != 0) {
		/* No such app password: understood, and the answer is no. */
		err->kind = PT_ERR_NONE;
		return PC_EDIT_FAILED;
	}
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

int
pc_order_password_revoke(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	uint64_t id;

	if (!pt_text_to_u64(call->args[1], UINT32_MAX, &id))
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot revoke: an app password is named by its number; "
		    "posternctl password list shows them");
	order->access.id = (uint32_t)id;
	pc_order_access(order, "password revoke", edit_revoke);
	return 0;
}

static void
put_last_use(struct pc_call *call, const struct pt_last_use *use)
{
	char text[PC_ADDRESS_TEXT_MAX];

	if (use == NULL) {
		pc_output_none(call->out);
		pc_output_none(call->out);
		pc_output_none(call->out);
		return;
	}
	pc_output_time(call->out, use->at);
	pt_external_protocols_format(use->protocol, text, sizeof(text));
	pc_output_text(call->out, text);
	pc_output_text(
	    call->out, pc_name_address(use->address, text, sizeof(text)));
}

static void
put_password(struct pc_call *call, const struct pt_password *password,
    const struct pt_usage *usage)
{
	char text[PC_NETWORKS_TEXT_MAX];

	pc_output_number(call->out, password->id);
	pc_output_text(
	    call->out, password->label[0] == '\0' ? NULL : password->label);
	pt_external_protocols_format(password->protocols, text, sizeof(text));
	pc_output_text(call->out, text);
	pc_output_text(
	    call->out, pc_name_networks(password, text, sizeof(text)));
	pc_output_time(call->out, password->created_at);
	pc_output_time(call->out, password->expires_at);
	put_last_use(call, pt_usage_last(usage, password->id));
	pc_output_time(call->out, password->ended_at);
	pc_output_text(call->out, pc_name_ending(password->ending));
	pc_output_text(call->out, pc_name_block(password->ending_block));
}

enum pc_answer
pc_cmd_password_list(struct pc_call *call, struct pt_err *err)
{
	bool all = pc_call_option(call, "all") != NULL;
	struct pt_activity activity;
	struct pt_account account;
	struct pt_usage usage;
	struct pt_login login;
	unsigned i;

	if (pc_call_login(call, 0, &login, err) != 0 ||
	    pc_call_read(call, &login, &account, &activity, &usage, err) != 0)
		return PC_FAILED;
	(void)pc_access_foresee(call, &account, &activity);
	if (all)
		pc_output_detailed(call->out);
	pc_output_begin(call->out, pc_columns_passwords, true);
	for (i = 0; i < account.password_count; i++) {
		if (all || account.passwords[i].ended_at == 0)
			put_password(call, &account.passwords[i], &usage);
	}
	if (pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return account.exists ? PC_YES : pc_call_no_record(&login, err);
}
