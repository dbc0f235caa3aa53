/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/batch.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "ctl/args.h"
#include "ctl/shell_words.h"

int
pc_batch_init(struct pc_batch *batch, struct pc_call *call, struct pt_err *err)
{
	memset(batch, 0, sizeof(*batch));
	batch->call = call;
	batch->slots = calloc(PT_BATCH_MAX, sizeof(*batch->slots));
	if (batch->slots == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot run a batch: out of memory");
	return pc_batch_report_init(&batch->report, call, err);
}

static void
forget(struct pc_batch *batch)
{
	size_t i;

	for (i = 0; i < batch->count; i++)
		pc_order_clear(&batch->slots[i].order);
	batch->count = 0;
}

void
pc_batch_clear(struct pc_batch *batch)
{
	forget(batch);
	free(batch->slots);
	pc_batch_report_clear(&batch->report);
}

/* A call of its own, on the configuration and the state of the batch. */
static int
read_call(struct pc_batch *batch, struct pc_batch_slot *slot, size_t words,
    struct pt_err *err)
{
	struct pc_call *call = &slot->call;

	if (pc_args_parse((int)words + 1, slot->words, call, err) != 0)
		return -1;
	if (call->help || call->version || call->format_given ||
	    call->config_file != NULL)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot run: -c, -f, -h and -V stand on the command line "
		    "of the batch, not in its lines");
	if (call->command->prepare == NULL)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot run \"%s\" in a batch: it changes no account",
		    call->command->words);
	call->now = pt_clock_now();
	memcpy(call->who, batch->call->who, sizeof(call->who));
	call->config = batch->call->config;
	call->store = batch->call->store;
	call->errors = batch->call->errors;
	return 0;
}

/* 1: an order, 0: an empty line, -1. */
static int
read_line(
    struct pc_batch *batch, struct pc_batch_slot *slot, struct pt_err *err)
{
	size_t words;

	(void)pt_text_copy(slot->program, sizeof(slot->program), "posternctl");
	slot->words[0] = slot->program;
	if (pc_shell_words(slot->line, slot->words + 1, PC_BATCH_WORDS_MAX,
		&words, err) != 0)
		return -1;
	if (words == 0)
		return 0;
	slot->words[words + 1] = NULL;
	if (read_call(batch, slot, words, err) != 0 ||
	    pc_order_prepare(&slot->call, &slot->order, err) != 0)
		return -1;
	return 1;
}

void
pc_batch_take(
    struct pc_batch *batch, uint64_t number, const struct pt_err *refusal)
{
	struct pc_batch_slot *slot = &batch->slots[batch->count];
	struct pt_err err;
	int rc = -1;

	memset(&slot->call, 0, sizeof(slot->call));
	memset(&slot->order, 0, sizeof(slot->order));
	slot->number = number;
	if (refusal == NULL)
		rc = read_line(batch, slot, &err);
	if (rc == 0)
		return;
	slot->is_order = rc == 1;
	if (rc < 0) {
		slot->order.change.answer = PC_FAILED;
		slot->order.change.err = refusal != NULL ? *refusal : err;
	}
	batch->count++;
}

static void
fail_all(struct pc_order *const *orders, size_t n, const struct pt_err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		orders[i]->change.answer = PC_FAILED;
		orders[i]->change.err = *err;
	}
}

/* Nobody has seen these app passwords. */
static void
take_back(struct pc_batch *batch, struct pc_order *const *orders, size_t n)
{
	const struct pc_call *call = batch->call;
	struct pt_err err;
	size_t i;

	for (i = 0; i < n; i++) {
		if (orders[i]->change.answer != PC_YES ||
		    orders[i]->issue.made.id == 0)
			continue;
		(void)pt_err_set(&err, PT_ERR_UNAVAILABLE, "standard output");
		pc_issue_take_back(
		    call, &orders[i]->issue, &orders[i]->login, &err);
		fprintf(call->errors, "posternctl: %s: %s\n",
		    orders[i]->login.text, err.text);
	}
}

int
pc_batch_apply(struct pc_batch *batch, struct pt_err *err)
{
	struct pc_order *orders[PT_BATCH_MAX] = {NULL};
	struct pc_batch_slot *slot;
	struct pt_err whole;
	size_t n = 0;
	size_t i;
	int rc;

	for (i = 0; i < batch->count; i++) {
		if (batch->slots[i].is_order)
			orders[n++] = &batch->slots[i].order;
	}
	if (n > 0 && pc_order_apply(batch->call, orders, n, &whole) != 0)
		fail_all(orders, n, &whole);
	for (i = 0; i < batch->count; i++) {
		slot = &batch->slots[i];
		pc_batch_report_add(&batch->report, slot->number,
		    slot->call.command, &slot->order);
	}
	rc = pc_batch_report_write(&batch->report, orders, n, err);
	if (rc != 0)
		take_back(batch, orders, n);
	pc_batch_report_progress(&batch->report);
	forget(batch);
	return rc;
}
