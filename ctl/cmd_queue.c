/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Held mail: queue list, hold, release, apply. */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/service/queue_order.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"
#include "ctl/queue.h"
#include "ctl/queue_hold.h"
#include "ctl/queue_proof.h"

static const char *const fate_names[PC_QUEUE_FATES] = {
    [PC_QUEUE_SEEN] = "in the queue",
    [PC_QUEUE_CHOSEN] = "in the queue",
    [PC_QUEUE_HELD] = "held",
    [PC_QUEUE_RELEASED] = "released",
    [PC_QUEUE_OTHER_LOGIN] = "left alone",
    [PC_QUEUE_NO_LOGIN] = "left alone",
    [PC_QUEUE_GONE] = "gone",
    [PC_QUEUE_STAYED] = "not done",
};

static const char *
name_fate(const struct pc_queue_item *item)
{
	bool held = pc_queue_entry_is_held(&item->entry);

	if (item->fate == PC_QUEUE_WAS_SO)
		return held ? "already held" : "not held";
	return fate_names[item->fate];
}

/* What is put into buf holds until the next call with it. */
static const char *
explain(const struct pc_queue_item *item, char *buf, size_t cap)
{
	switch (item->fate) {
	case PC_QUEUE_OTHER_LOGIN:
		return item->by.proof == PC_QUEUE_LOGIN
			   ? "another login sent it"
			   : "it is not clear who sent it";
	case PC_QUEUE_NO_LOGIN:
		(void)snprintf(buf, cap,
		    "no login is recorded with it; to hold it: postsuper -h %s",
		    item->entry.id);
		return buf;
	case PC_QUEUE_GONE:
		return "it left the queue meanwhile";
	case PC_QUEUE_STAYED:
		return "Postfix did not do it; try again";
	case PC_QUEUE_SEEN:
	case PC_QUEUE_CHOSEN:
	case PC_QUEUE_HELD:
	case PC_QUEUE_RELEASED:
	case PC_QUEUE_WAS_SO:
	case PC_QUEUE_FATES:
		break;
	}
	return NULL;
}

static void
begin(struct pc_call *call)
{
	pc_output_begin(call->out, pc_columns_queue, true);
}

static void
put_items(struct pc_call *call, const struct pc_queue *queue)
{
	const struct pc_queue_item *item;
	char detail[160];
	size_t i;

	for (i = 0; i < queue->count; i++) {
		item = &queue->items[i];
		pc_output_text(call->out, item->entry.id);
		pc_output_text(call->out, item->entry.queue);
		pc_output_time(call->out, item->entry.arrived_at);
		pc_output_size(call->out, item->entry.size);
		pc_output_text(call->out, item->owner->login.text);
		pc_output_text(call->out, item->entry.sender);
		pc_output_text(call->out,
		    item->is_proven && item->by.proof == PC_QUEUE_LOGIN
			? item->by.login.text
			: NULL);
		pc_output_text(call->out, name_fate(item));
		pc_output_text(
		    call->out, explain(item, detail, sizeof(detail)));
	}
	if (queue->unreadable > 0)
		fprintf(call->errors,
		    "posternctl: %zu lines of postqueue could not be read\n",
		    queue->unreadable);
}

/* The helper first: after it this process is root no more. */
static int
open_queue(struct pc_call *call, struct pc_queue *queue,
    struct pc_queue_helper *helper, struct pt_err *err)
{
	memset(queue, 0, sizeof(*queue));
	queue->call = call;
	queue->helper = helper;
	if (pc_queue_helper_start(
		helper, pc_call_option(call, "postfix-config"), err) != 0 ||
	    pc_call_open_store(call, PT_STORE_READ, err) != 0)
		return -1;
	queue->owners.config = &call->config->sender;
	return pt_maps_open(call->config, &queue->owners.maps, err);
}

static void
close_queue(struct pc_queue *queue)
{
	pt_maps_close(queue->owners.maps);
	pc_queue_clear(queue);
	pc_queue_helper_stop(queue->helper);
}

/* What is done with what was found. */
typedef int
deed_fn(struct pc_queue *queue, struct pt_err *err);

static int
list(struct pc_queue *queue, struct pt_err *err)
{
	return pc_queue_proof_look_all(queue, err);
}

static int
hold(struct pc_queue *queue, struct pt_err *err)
{
	return pc_queue_hold(queue, false, err);
}

static int
release(struct pc_queue *queue, struct pt_err *err)
{
	return pc_queue_hold(queue, true, err);
}

static enum pc_answer
run_one(struct pc_call *call, deed_fn *deed, struct pt_err *err)
{
	struct pc_queue_helper helper = {.fd = -1};
	struct pt_account account;
	struct pc_queue queue;
	struct pt_login login;
	int rc = -1;

	if (pc_call_login(call, 0, &login, err) != 0)
		return PC_FAILED;
	if (open_queue(call, &queue, &helper, err) == 0 &&
	    pt_store_read(call->store, &login, &account, NULL, NULL, err) ==
		0 &&
	    pc_queue_owner_add(&queue.owners, &account, err) == 0 &&
	    pc_queue_find(&queue, err) == 0 && deed(&queue, err) == 0) {
		if (queue.count == 0)
			fprintf(call->errors,
			    "posternctl: %s has nothing in Postfix's queue\n",
			    login.text);
		begin(call);
		put_items(call, &queue);
		rc = pc_output_end(call->out, err);
	}
	close_queue(&queue);
	return rc == 0 ? PC_YES : PC_FAILED;
}

enum pc_answer
pc_cmd_queue_list(struct pc_call *call, struct pt_err *err)
{
	return run_one(call, list, err);
}

enum pc_answer
pc_cmd_queue_hold(struct pc_call *call, struct pt_err *err)
{
	return run_one(call, hold, err);
}

enum pc_answer
pc_cmd_queue_release(struct pc_call *call, struct pt_err *err)
{
	return run_one(call, release, err);
}

/* Accounts on their way into the queue's list. */
struct gather {
	struct pc_call *call;
	struct pc_queue *queue;
	size_t orders;
	int rc;
	struct pt_err err;
};

static void
consider(struct gather *gather, const struct pt_account *account)
{
	if (gather->rc == 0 && pt_queue_order_is_wanted(gather->call->config,
				   account, gather->call->now))
		gather->rc = pc_queue_owner_add(
		    &gather->queue->owners, account, &gather->err);
}

static bool
gather_account(
    const struct pt_account *account, const struct pt_err *err, void *arg)
{
	struct gather *gather = arg;

	if (account == NULL)
		pc_call_skip(gather->call, err);
	else
		consider(gather, account);
	return gather->rc == 0;
}

/* An order is looked up: an account that is open again keeps its mail. */
static void
gather_order(const struct pt_login *login, void *arg)
{
	struct gather *gather = arg;
	struct pt_account account;
	struct pt_err err;

	gather->orders++;
	if (pt_store_read(
		gather->call->store, login, &account, NULL, NULL, &err) != 0)
		pc_call_skip(gather->call, &err);
	else
		consider(gather, &account);
}

static int
hold_gathered(struct gather *gather, struct pt_err *err)
{
	struct pc_queue *queue = gather->queue;

	if (gather->rc != 0) {
		*err = gather->err;
		return -1;
	}
	if (queue->owners.count == 0)
		return 0;
	if (pc_queue_find(queue, err) != 0 ||
	    pc_queue_hold(queue, false, err) != 0)
		return -1;
	put_items(gather->call, queue);
	pc_queue_clear(queue);
	return 0;
}

static int
apply_all(struct gather *gather, struct pt_err *err)
{
	if (pt_store_each_account(
		gather->call->store, gather_account, gather, err) != 0)
		return -1;
	return hold_gathered(gather, err);
}

/* New ones may come in meanwhile. */
static int
apply_orders(struct gather *gather, struct pt_err *err)
{
	do {
		gather->orders = 0;
		if (pt_queue_order_take(
			PT_QUEUE_ORDER_FILE, gather_order, gather, err) != 0 ||
		    hold_gathered(gather, err) != 0 ||
		    pt_queue_order_done(PT_QUEUE_ORDER_FILE, err) != 0)
			return -1;
	} while (gather->orders > 0);
	return 0;
}

enum pc_answer
pc_cmd_queue_apply(struct pc_call *call, struct pt_err *err)
{
	bool all = pc_call_option(call, "all") != NULL;
	struct pc_queue_helper helper = {.fd = -1};
	struct pc_queue queue;
	struct gather gather = {.call = call, .queue = &queue};
	int rc = -1;

	if (open_queue(call, &queue, &helper, err) == 0) {
		begin(call);
		rc = all ? apply_all(&gather, err) : apply_orders(&gather, err);
		if (rc == 0)
			rc = pc_output_end(call->out, err);
	}
	close_queue(&queue);
	return rc == 0 ? PC_YES : PC_FAILED;
}
