/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* notice list, retry and drop: what is in the outbox. */

#include <inttypes.h>
#include <string.h>

#include "core/base/text.h"
#include "core/notice/template.h"
#include "core/service/outbox_entry.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"

static const char *
kind_of(const struct pt_outbox_entry *entry)
{
	return pt_template_name(pt_template_of(&entry->notice));
}

static bool
print_entry(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	struct pc_call *call = arg;
	struct pc_output *out = call->out;

	if (entry == NULL) {
		pc_call_skip(call, err);
		return true;
	}
	pc_output_number(out, entry->id);
	pc_output_time(out, entry->notice.at);
	pc_output_text(out, entry->login.text);
	pc_output_text(out, kind_of(entry));
	pc_output_text(out, entry->gave_up                       ? "given-up"
			    : pt_outbox_is_due(entry, call->now) ? "due"
								 : "waits");
	pc_output_number(out, entry->tries);
	pc_output_time(out, entry->next_at);
	pc_output_text(out, entry->error[0] == '\0' ? NULL : entry->error);
	return true;
}

enum pc_answer
pc_cmd_notice_list(struct pc_call *call, struct pt_err *err)
{
	pc_output_begin(call->out, pc_columns_notices, true);
	if (pt_store_each_outbox(call->store, print_entry, call, err) != 0 ||
	    pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return PC_YES;
}

/* What retry and drop are to be done to. */
struct choice {
	int64_t now;
	uint64_t id;      /* 0: all that wait or were given up */
	const char *kind; /* of all, these alone; NULL: any */
	bool is_drop;
	size_t count;
	struct pt_outbox_change changes[PT_BATCH_MAX];
};

static bool
choose(const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	struct choice *choice = arg;
	struct pt_outbox_change *change = &choice->changes[choice->count];

	(void)err;
	if (entry == NULL || (choice->id != 0 && entry->id != choice->id) ||
	    (choice->kind != NULL && strcmp(kind_of(entry), choice->kind) != 0))
		return true;
	/* What is due at once is so already, and the walk would not end. */
	if (!choice->is_drop && choice->id == 0 &&
	    pt_outbox_is_due(entry, choice->now))
		return true;
	if (choice->is_drop)
		pt_outbox_drop(entry, change);
	else
		pt_outbox_retry(entry, choice->now, change);
	choice->count++;
	return choice->id == 0 && choice->count < PT_BATCH_MAX;
}

static void
print_changes(struct pc_call *call, const struct choice *choice)
{
	const struct pt_outbox_entry *entry;
	size_t i;

	for (i = 0; i < choice->count; i++) {
		entry = &choice->changes[i].entry;
		pc_output_number(call->out, entry->id);
		pc_output_text(call->out, entry->login.text);
		pc_output_text(call->out, kind_of(entry));
		pc_output_text(call->out, choice->is_drop ? "dropped" : "due");
	}
}

/* In batches, so that neither memory nor a transaction grows. */
static int
change_chosen(struct pc_call *call, struct choice *choice, uint64_t *done_out,
    struct pt_err *err)
{
	*done_out = 0;
	do {
		choice->count = 0;
		if (pt_store_each_outbox(call->store, choose, choice, err) !=
			0 ||
		    pt_store_change_outbox(
			call->store, choice->changes, choice->count, err) != 0)
			return -1;
		print_changes(call, choice);
		*done_out += choice->count;
	} while (choice->id == 0 && choice->count == PT_BATCH_MAX);
	return 0;
}

static enum pc_answer
change(struct pc_call *call, struct choice *choice, struct pt_err *err)
{
	uint64_t done;

	pc_output_begin(call->out, pc_columns_noticed, false);
	if (change_chosen(call, choice, &done, err) != 0 ||
	    pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	if (done > 0)
		return PC_YES;
	if (choice->kind != NULL)
		(void)pt_err_set(err, PT_ERR_NONE,
		    "there is no notice %s in the outbox", choice->kind);
	else if (choice->id == 0)
		(void)pt_err_set(
		    err, PT_ERR_NONE, "no notice waits, and none was given up");
	else
		(void)pt_err_set(err, PT_ERR_NONE,
		    "there is no notice %" PRIu64 " in the outbox", choice->id);
	return PC_NO;
}

static int
read_id(const struct pc_call *call, uint64_t *out, struct pt_err *err)
{
	if (pt_text_to_u64(call->args[0], UINT64_MAX, out) && *out > 0)
		return 0;
	return pt_err_set(err, PT_ERR_USAGE,
	    "cannot read ID: it is a number that posternctl notice list shows");
}

enum pc_answer
pc_cmd_notice_retry(struct pc_call *call, struct pt_err *err)
{
	struct choice choice = {.now = call->now};

	if (strcmp(call->args[0], "all") != 0 &&
	    read_id(call, &choice.id, err) != 0)
		return PC_FAILED;
	return change(call, &choice, err);
}

/* All at once only by name: what was dropped, no owner will ever learn. */
enum pc_answer
pc_cmd_notice_drop(struct pc_call *call, struct pt_err *err)
{
	struct choice choice = {.now = call->now, .is_drop = true};
	const char *name;
	size_t id;

	for (id = 0; id < PT_TEMPLATE_NOTICES; id++) {
		name = pt_template_name((enum pt_template_id)id);
		if (strcmp(call->args[0], name) == 0)
			choice.kind = name;
	}
	if (choice.kind == NULL && read_id(call, &choice.id, err) != 0)
		return PC_FAILED;
	return change(call, &choice, err);
}
