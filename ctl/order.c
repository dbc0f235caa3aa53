/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/order.h"

#include <stdio.h>
#include <string.h>

void
pc_order_edit(struct pc_order *order, const char *what, pc_edit_fn *fn)
{
	order->change.edit =
	    (struct pc_edit){.what = what, .fn = fn, .arg = order->note};
}

static struct pt_external_actor
actor_of(const struct pc_order *order)
{
	return (struct pt_external_actor){
	    .who = order->change.call->who,
	    .note = order->note,
	    .now = order->change.call->now,
	};
}

void
pc_order_access(struct pc_order *order, const char *what, pc_edit_fn *fn)
{
	order->is_access = true;
	order->access.actor = actor_of(order);
	order->change.edit =
	    (struct pc_edit){.what = what, .fn = fn, .arg = &order->access};
}

int
pc_order_issue(struct pc_order *order, const char *what, pc_edit_fn *fn,
    struct pt_err *err)
{
	order->is_access = true;
	order->is_issue = true;
	order->issue.actor = actor_of(order);
	order->change.edit =
	    (struct pc_edit){.what = what, .fn = fn, .arg = &order->issue};
	return pc_issue_prepare(order->change.call, &order->issue, err);
}

int
pc_order_prepare_as(const struct pc_call *call, struct pc_order *order,
    pc_prepare_fn *prepare, struct pt_err *err)
{
	memset(order, 0, sizeof(*order));
	order->change.call = call;
	order->change.login = &order->login;
	if (pc_call_login(call, 0, &order->login, err) != 0 ||
	    pc_change_note(call, order->note, sizeof(order->note), err) != 0)
		return -1;
	return prepare(call, order, err);
}

int
pc_order_prepare(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	return pc_order_prepare_as(call, order, call->command->prepare, err);
}

void
pc_order_clear(struct pc_order *order)
{
	pc_secret_wipe(&order->issue.secret);
}

/* What comes after a change, and beside what is told about it. */
static void
follow(const struct pc_call *call, const struct pc_order *order)
{
	const struct pc_changed *changed = &order->change.changed;

	if (order->change.answer != PC_YES)
		return;
	if (changed->hold)
		pc_access_hold(call, &order->login);
	if (changed->held)
		fprintf(call->errors, "posternctl: " PC_ACCESS_MAY_HOLD "\n",
		    order->login.text);
	if (order->advise != NULL)
		order->advise(order);
}

int
pc_order_apply(const struct pc_call *call, struct pc_order *const *orders,
    size_t n, struct pt_err *err)
{
	struct pc_change *changes[PT_BATCH_MAX];
	struct pc_change *change;
	size_t count = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		change = &orders[i]->change;
		change->answer = PC_FAILED;
		if (orders[i]->is_access &&
		    pc_access_settle(call, &orders[i]->login, &change->err) !=
			0)
			continue;
		changes[count++] = change;
	}
	if (count > 0 &&
	    pc_change_apply_all(call->store, changes, count, err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		follow(call, orders[i]);
	return 0;
}

static enum pc_answer
tell(struct pc_call *call, struct pc_order *order, struct pt_err *err)
{
	if (order->change.answer != PC_YES) {
		*err = order->change.err;
		return order->change.answer;
	}
	if (order->is_issue)
		return pc_issue_tell(call, &order->issue, &order->change, err);
	return pc_change_tell(
		   call, &order->login, &order->change.changed, err) == 0
		   ? PC_YES
		   : PC_FAILED;
}

enum pc_answer
pc_order_run(struct pc_call *call, struct pt_err *err)
{
	enum pc_answer answer = PC_FAILED;
	struct pc_order order;
	struct pc_order *one[1] = {&order};

	if (pc_order_prepare(call, &order, err) == 0 &&
	    pc_order_apply(call, one, 1, err) == 0)
		answer = tell(call, &order, err);
	pc_order_clear(&order);
	return answer;
}
