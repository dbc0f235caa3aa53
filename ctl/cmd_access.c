/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* External access: enable, disable, block, unblock, password-changed. */

#include <string.h>

#include "core/base/clock.h"
#include "ctl/access.h"
#include "ctl/handlers.h"
#include "ctl/issue.h"
#include "ctl/names.h"

/* While access is on: other protocols, and no app password. */
static enum pc_edit_result
change_protocols(const struct pc_call *call, struct pt_records *records,
    const struct pc_issue *issue, struct pt_text *detail, struct pt_err *err)
{
	unsigned protocols = issue->wish.wish.protocols;
	char names[PC_PROTOCOLS_TEXT_MAX];

	pt_external_protocols_format(protocols, names, sizeof(names));
	if (records->account->protocols == protocols) {
		pt_text_addf(detail, "external access is on for %s", names);
		return PC_EDIT_NOTHING;
	}
	if (pt_external_set_protocols(call->config, records->account, protocols,
		&issue->actor, &records->note, err) != 0)
		return PC_EDIT_FAILED;
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

static enum pc_edit_result
edit_enable(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	struct pc_issue *issue = arg;
	struct pt_account *account = records->account;
	struct pt_password_wish wish = issue->wish.wish;
	bool was_on = account->access == PT_ACCESS_ON &&
		      account->block_reason == PT_BLOCK_NONE;
	uint32_t id;

	if (was_on && pc_wish_is_protocols_only(&issue->wish))
		return change_protocols(call, records, issue, detail, err);
	/* They are the account's, and the app password is for all of them. */
	wish.protocols = 0;
	if (pt_external_enable(call->config, account,
		issue->wish.wish.protocols, &wish, issue->secret, issue->salt,
		&issue->actor, &id, &records->note, err) != 0) {
		/* There is nothing to change, so it is no failure. */
		if (was_on)
			err->kind = PT_ERR_NONE;
		return PC_EDIT_FAILED;
	}
	pc_issue_made(issue, account, id);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

enum pc_answer
pc_cmd_enable(struct pc_call *call, struct pt_err *err)
{
	return pc_issue_run(call, "enable", edit_enable, err);
}

static enum pc_edit_result
edit_disable(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	const struct pc_access_order *order = arg;

	(void)err;
	if (!pt_external_disable(
		records->account, &order->actor, &records->note)) {
		pt_text_add(detail, "external access is not on");
		return PC_EDIT_NOTHING;
	}
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

enum pc_answer
pc_cmd_disable(struct pc_call *call, struct pt_err *err)
{
	struct pc_access_order order = {0};

	return pc_access_run(call, "disable", edit_disable, &order, err);
}

static enum pc_edit_result
edit_block(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	const struct pc_access_order *order = arg;
	const struct pt_account *account = records->account;
	char since[PT_CLOCK_TEXT_MAX];

	(void)err;
	if (!pt_external_block(records->account, order->reason, &order->actor,
		&records->note)) {
		pt_clock_format(
		    account->block.at, call->now, since, sizeof(since));
		pt_text_addf(detail, "blocked (%s) since %s",
		    pc_name_block(account->block_reason), since);
		return PC_EDIT_NOTHING;
	}
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

enum pc_answer
pc_cmd_block(struct pc_call *call, struct pt_err *err)
{
	const char *name = pc_call_option(call, "reason");
	struct pc_access_order order = {0};

	if (name == NULL || !pc_name_block_parse(name, &order.reason)) {
		(void)pt_err_set(err, PT_ERR_USAGE,
		    "cannot block: --reason must be admin, abuse, quota, "
		    "cracked, connections, inactive or unused");
		return PC_FAILED;
	}
	return pc_access_run(call, "block", edit_block, &order, err);
}

static enum pc_edit_result
edit_unblock(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	const struct pc_access_order *order = arg;

	(void)err;
	if (!pt_external_unblock(
		records->account, &order->actor, &records->note)) {
		pt_text_add(detail, "there is no block");
		return PC_EDIT_NOTHING;
	}
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

enum pc_answer
pc_cmd_unblock(struct pc_call *call, struct pt_err *err)
{
	struct pc_access_order order = {0};

	return pc_access_run(call, "unblock", edit_unblock, &order, err);
}

static enum pc_edit_result
edit_password_changed(const struct pc_call *call, struct pt_records *records,
    void *arg, struct pt_text *detail, struct pt_err *err)
{
	const struct pc_access_order *order = arg;

	(void)detail;
	(void)err;
	pt_external_password_changed(
	    call->config, records->account, &order->actor, &records->note);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

enum pc_answer
pc_cmd_password_changed(struct pc_call *call, struct pt_err *err)
{
	struct pc_access_order order = {0};

	return pc_access_run(
	    call, "password-changed", edit_password_changed, &order, err);
}
