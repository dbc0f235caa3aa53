/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/access.h"

#include <stdbool.h>

#include "core/rules/external.h"
#include "core/service/pending.h"
#include "core/service/queue_order.h"

static void
complain(const struct pc_call *call, const struct pt_login *login,
    const struct pt_err *err)
{
	fprintf(call->errors,
	    "posternctl: %s; to hold what %s has in the queue, run posternctl "
	    "queue hold %s\n",
	    err->text, login->text, login->text);
}

void
pc_access_hold(const struct pc_call *call, const struct pt_login *login)
{
	struct pt_err err;

	if (pt_queue_order_add(PT_QUEUE_ORDER_FILE, login, &err) != 0)
		complain(call, login, &err);
}

int
pc_access_settle(const struct pc_call *call, const struct pt_login *login,
    struct pt_err *err)
{
	struct pt_pending pending;
	int rc;

	rc = pt_pending_settle(call->store, call->config, PT_QUEUE_ORDER_FILE,
	    login, call->now, &pending, err);
	if (pending.order_failed)
		complain(call, login, &pending.order_err);
	return rc;
}

bool
pc_access_foresee(const struct pc_call *call, struct pt_account *account,
    struct pt_activity *activity)
{
	enum pt_block_reason before = account->block_reason;
	struct pt_trail unused = {.notice = {.kind = PT_NOTICE_NONE}};

	(void)pt_external_carry_over(
	    call->config, account, activity, call->now, &unused);
	return account->block_reason != before;
}
