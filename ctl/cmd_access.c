/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* External access: enable, disable, block, unblock, password-changed. */

#include "core/base/clock.h"
#include "ctl/handlers.h"
#include "ctl/names.h"
#include "ctl/order.h"

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
		&issue->actor, &records->trail, err) != 0)
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
		issue->wish.wish.protocols, &wish, issue->secret.text,
		issue->secret.salt, &issue->actor, &id, &records->trail,
		err) != 0) {
		/* There is nothing to change, so it is no failure. */
		if (was_on)
			err->kind = PT_ERR_NONE;
		return PC_EDIT_FAILED;
	}
	pc_issue_made(call, issue, account, id);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

int
pc_order_enable(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	return pc_order_issue(order, "enable", edit_enable, err);
}

static enum pc_edit_result
edit_disable(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	const struct pc_access_order *order = arg;

	(void)err;
	if (!pt_external_disable(
		records->account, &order->actor, &records->trail)) {
		pt_text_add(detail, "external access is not on");
		return PC_EDIT_NOTHING;
	}
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

int
pc_order_disable(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	(void)err;
	pc_order_access(order, "disable", edit_disable);
	return 0;
}

static enum pc_edit_result
edit_block(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	const struct pc_access_order *order = arg;
	const struct pt_account *account = records->account;
	char since[PT_CLOCK_TEXT_MAX];

	(void)err;
	if (!pt_external_block(call->config, records->account, order->reason,
		NULL, &order->actor, &records->trail)) {
		pt_clock_format(
		    account->block.at, call->now, since, sizeof(since));
		pt_text_addf(detail, "blocked (%s) since %s",
		    pc_name_block(account->block_reason), since);
		return PC_EDIT_NOTHING;
	}
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

int
pc_order_block(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	const char *name = pc_call_option(call, "reason");

	if (name == NULL || !pc_name_block_parse(name, &order->access.reason))
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot block: --reason must be admin, abuse, quota, "
		    "cracked, connections, inactive or unused");
	pc_order_access(order, "block", edit_block);
	return 0;
}

static enum pc_edit_result
edit_unblock(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err)
{
	const struct pc_access_order *order = arg;

	(void)err;
	if (!pt_external_unblock(
		records->account, &order->actor, &records->trail)) {
		pt_text_add(detail, "there is no block");
		return PC_EDIT_NOTHING;
	}
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

int
pc_order_unblock(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	(void)err;
	pc_order_access(order, "unblock", edit_unblock);
	return 0;
}

static enum pc_edit_result
edit_password_changed(const struct pc_call *call, struct pt_records *records,
    void *arg, struct pt_text *detail, struct pt_err *err)
{
	const struct pc_access_order *order = arg;

	(void)detail;
	(void)err;
	pt_external_password_changed(
	    call->config, records->account, &order->actor, &records->trail);
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

int
pc_order_password_changed(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	(void)call;
	(void)err;
	pc_order_access(order, "password-changed", edit_password_changed);
	return 0;
}
