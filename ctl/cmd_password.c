/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* App passwords: password create, list, revoke. */

#include <stdbool.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/rules/external.h"
#include "ctl/access.h"
#include "ctl/handlers.h"
#include "ctl/issue.h"
#include "ctl/names.h"

static enum pc_edit_result
edit_create(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	struct pc_issue *issue = arg;
	uint32_t id;

	(void)detail;
	if (pt_external_add_password(call->config, records->account,
		&issue->wish.wish, issue->secret, &issue->actor, &id,
		&records->note, err) != 0)
		return PC_EDIT_FAILED;
	pc_issue_made(issue, records->account, id);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

enum pc_answer
pc_cmd_password_create(struct pc_call *call, struct pt_err *err)
{
	return pc_issue_run(call, "password create", edit_create, err);
}

static enum pc_edit_result
edit_revoke(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	const struct pc_access_order *order = arg;

	(void)detail;
	if (pt_external_revoke(records->account, order->id, &order->actor,
		&records->note, err) != 0) {
		/* No such app password: understood, and the answer is no. */
		err->kind = PT_ERR_NONE;
		return PC_EDIT_FAILED;
	}
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

enum pc_answer
pc_cmd_password_revoke(struct pc_call *call, struct pt_err *err)
{
	struct pc_access_order order = {0};
	uint64_t id;

	if (!pt_text_to_u64(call->args[1], UINT32_MAX, &id)) {
		(void)pt_err_set(err, PT_ERR_USAGE,
		    "cannot revoke: an app password is named by its number; "
		    "posternctl password list shows them");
		return PC_FAILED;
	}
	order.id = (uint32_t)id;
	return pc_access_run(call, "password revoke", edit_revoke, &order, err);
}

#define COLUMNS(ended_flags)                                                \
	{                                                                   \
		{"id", NULL, PC_RIGHT}, {"label", NULL, 0},                 \
		    {"protocols", NULL, 0}, {"networks", NULL, PC_MACHINE}, \
		    {"created", NULL, 0}, {"expires", NULL, 0},             \
		    {"last_used", "last used", 0}, {"by", NULL, 0},         \
		    {"from", NULL, 0}, {"ended", NULL, ended_flags},        \
		    {"ending", "how", ended_flags},                         \
		    {"block", NULL, ended_flags},                           \
	}

static const struct pc_column columns_living[] = COLUMNS(PC_MACHINE);
static const struct pc_column columns_all[] = COLUMNS(0);

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
	struct pt_account account;
	struct pt_usage usage;
	struct pt_login login;
	unsigned i;

	if (pc_call_login(call, 0, &login, err) != 0 ||
	    pc_call_read(call, &login, &account, NULL, &usage, err) != 0)
		return PC_FAILED;
	pc_output_begin(call->out, all ? columns_all : columns_living,
	    PT_ARRAY_LEN(columns_all), true);
	for (i = 0; i < account.password_count; i++) {
		if (all || account.passwords[i].ended_at == 0)
			put_password(call, &account.passwords[i], &usage);
	}
	if (pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return account.exists ? PC_YES : pc_call_no_record(&login, err);
}
