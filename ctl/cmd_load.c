/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* load: a dump back into the state, all of it checked first. */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/state/account_codec.h"
#include "core/state/activity_codec.h"
#include "core/state/usage_codec.h"
#include "ctl/call.h"
#include "ctl/handlers.h"
#include "ctl/load_history.h"
#include "ctl/load_input.h"
#include "ctl/record.h"

#define KINDS (PC_RECORD_HISTORY + 1)

/* A record on its way into the state. */
struct item {
	const struct load *load;
	enum pc_record_kind kind;
	bool changed; /* set by each run of the update */
	union {
		struct pt_account account;
		struct pt_activity activity;
		struct pt_usage usage;
		struct pt_history history;
	} record;
};

struct load {
	struct pc_call *call;
	struct pc_load_input input;
	struct pc_load_history known;
	struct item *items; /* PT_BATCH_MAX of them, owned */
	size_t count;
	uint64_t read[KINDS];
	uint64_t changed[KINDS];
};

static int
parse_item(const json_t *object, struct item *item, struct pt_err *err)
{
	if (pc_record_kind(object, &item->kind, err) != 0)
		return -1;
	switch (item->kind) {
	case PC_RECORD_ACCOUNT:
		return pc_record_to_account(object, &item->record.account, err);
	case PC_RECORD_ACTIVITY:
		return pc_record_to_activity(
		    object, &item->record.activity, err);
	case PC_RECORD_USAGE:
		return pc_record_to_usage(object, &item->record.usage, err);
	case PC_RECORD_HISTORY:
		return pc_record_to_history(object, &item->record.history, err);
	case PC_RECORD_DUMP:
		break;
	}
	return pt_err_set(err, PT_ERR_INPUT, "a second dump begins here");
}

/* Puts the line before what is wrong. */
static int
refuse_line(const struct load *load, struct pt_err *err)
{
	if (err->kind == PT_ERR_DAMAGED)
		err->kind = PT_ERR_INPUT;
	return pc_load_input_refuse(&load->input, err);
}

static int
read_header(struct load *load, struct pt_err *err)
{
	json_t *object;
	int rc;

	rc = pc_load_input_next(&load->input, &object, err);
	if (rc == 0)
		return pt_err_set(
		    err, PT_ERR_INPUT, "cannot load: the dump is empty");
	if (rc != 1)
		return -1;
	rc = pc_record_check_header(object, err);
	json_decref(object);
	return rc == 0 ? 0 : refuse_line(load, err);
}

/* 1 and the next record, 0 at the end, -1. */
static int
next_item(struct load *load, struct item *item, struct pt_err *err)
{
	json_t *object;
	int rc;

	rc = pc_load_input_next(&load->input, &object, err);
	if (rc != 1)
		return rc;
	rc = parse_item(object, item, err);
	json_decref(object);
	return rc == 0 ? 1 : refuse_line(load, err);
}

static int
check_all(struct load *load, struct pt_err *err)
{
	int rc;

	if (read_header(load, err) != 0)
		return -1;
	do {
		rc = next_item(load, &load->items[0], err);
	} while (rc == 1);
	return rc;
}

static bool
same_account(const struct pt_account *a, const struct pt_account *b)
{
	unsigned char x[PT_ACCOUNT_BYTES_MAX];
	unsigned char y[PT_ACCOUNT_BYTES_MAX];
	size_t len = pt_account_encode(a, x, sizeof(x));

	return len == pt_account_encode(b, y, sizeof(y)) &&
	       memcmp(x, y, len) == 0;
}

static bool
same_activity(const struct pt_activity *a, const struct pt_activity *b)
{
	unsigned char x[PT_ACTIVITY_BYTES_MAX];
	unsigned char y[PT_ACTIVITY_BYTES_MAX];
	size_t len = pt_activity_encode(a, x, sizeof(x));

	return len == pt_activity_encode(b, y, sizeof(y)) &&
	       memcmp(x, y, len) == 0;
}

static bool
same_usage(const struct pt_usage *a, const struct pt_usage *b)
{
	unsigned char x[PT_USAGE_BYTES_MAX];
	unsigned char y[PT_USAGE_BYTES_MAX];
	size_t len = pt_usage_encode(a, x, sizeof(x));

	return len == pt_usage_encode(b, y, sizeof(y)) &&
	       memcmp(x, y, len) == 0;
}

static void
load_account(struct item *item, struct pt_records *records)
{
	const struct pc_call *call = item->load->call;
	struct pt_history_note *note = &records->note;

	item->changed = !records->account->exists ||
			!same_account(records->account, &item->record.account);
	if (!item->changed)
		return;
	/* What the dump brings along tells about a new record. */
	if (records->account->exists) {
		note->at = call->now;
		(void)pt_text_copy(note->who, sizeof(note->who), call->who);
		(void)pt_text_copy(note->what, sizeof(note->what), "load");
		(void)pt_text_copy(note->detail, sizeof(note->detail),
		    "replaced by the record of a dump");
	}
	*records->account = item->record.account;
	records->account_changed = true;
}

static void
load_item(struct pt_records *records, void *arg)
{
	struct item *item = arg;

	switch (item->kind) {
	case PC_RECORD_ACCOUNT:
		load_account(item, records);
		break;
	case PC_RECORD_ACTIVITY:
		item->changed =
		    !records->activity->exists ||
		    !same_activity(records->activity, &item->record.activity);
		*records->activity = item->record.activity;
		records->activity_changed = item->changed;
		break;
	case PC_RECORD_USAGE:
		item->changed =
		    !records->usage->exists ||
		    !same_usage(records->usage, &item->record.usage);
		*records->usage = item->record.usage;
		records->usage_changed = item->changed;
		break;
	case PC_RECORD_HISTORY:
		item->changed = true;
		records->note = item->record.history.note;
		break;
	case PC_RECORD_DUMP:
		break;
	}
}

static const struct pt_login *
login_of(const struct item *item)
{
	switch (item->kind) {
	case PC_RECORD_ACTIVITY:
		return &item->record.activity.login;
	case PC_RECORD_USAGE:
		return &item->record.usage.login;
	case PC_RECORD_HISTORY:
		return &item->record.history.login;
	case PC_RECORD_ACCOUNT:
	case PC_RECORD_DUMP:
		break;
	}
	return &item->record.account.login;
}

/* The items of one batch all have one scope. */
static enum pt_update_scope
scope_of(const struct item *item)
{
	return item->kind == PC_RECORD_ACTIVITY || item->kind == PC_RECORD_USAGE
		   ? PT_UPDATE_ACTIVITY
		   : PT_UPDATE_ACCOUNT;
}

static int
flush_batch(struct load *load, struct pt_err *err)
{
	struct pt_update updates[PT_BATCH_MAX];
	size_t i;

	if (load->count == 0)
		return 0;
	for (i = 0; i < load->count; i++) {
		updates[i] = (struct pt_update){
		    .login = login_of(&load->items[i]),
		    .usage = load->items[i].kind == PC_RECORD_USAGE,
		    .replace_damaged = PT_REPLACE_ACCOUNT |
				       PT_REPLACE_ACTIVITY | PT_REPLACE_USAGE,
		    .fn = load_item,
		    .arg = &load->items[i],
		};
	}
	if (pt_store_update(load->call->store, scope_of(&load->items[0]),
		updates, load->count, err) != 0)
		return pt_err_prefix(err, "cannot load all of it");
	for (i = 0; i < load->count; i++) {
		if (updates[i].failed != PT_ERR_NONE)
			return pt_err_set(err, updates[i].failed,
			    "cannot replace the record of %s: what is there "
			    "cannot be read; load into a new state",
			    updates[i].login->text);
		if (load->items[i].changed)
			load->changed[load->items[i].kind]++;
	}
	load->count = 0;
	return 0;
}

/* The item at the end of the batch stays in it, or goes. */
static int
keep_item(struct load *load, struct pt_err *err)
{
	struct item *item = &load->items[load->count];
	struct item *first = &load->items[0];

	load->read[item->kind]++;
	if (item->kind == PC_RECORD_HISTORY &&
	    pc_load_history_take(&load->known, &item->record.history))
		return 0;
	item->load = load;
	if (scope_of(item) != scope_of(first)) {
		if (flush_batch(load, err) != 0)
			return -1;
		*first = *item;
	}
	load->count++;
	if (load->count == PT_BATCH_MAX)
		return flush_batch(load, err);
	return 0;
}

static int
load_all(struct load *load, struct pt_err *err)
{
	int rc;

	if (pc_load_history_read(&load->known, load->call->store, err) != 0 ||
	    pc_load_input_rewind(&load->input, err) != 0 ||
	    read_header(load, err) != 0)
		return -1;
	while ((rc = next_item(load, &load->items[load->count], err)) == 1) {
		if (keep_item(load, err) != 0)
			return -1;
	}
	if (rc != 0)
		return -1;
	if (flush_batch(load, err) != 0)
		return -1;
	return pt_store_sync(load->call->store, err);
}

static int
tell(struct load *load, struct pt_err *err)
{
	static const struct pc_column columns[] = {
	    {"kind", NULL, 0},
	    {"read", NULL, PC_RIGHT},
	    {"changed", NULL, PC_RIGHT},
	};
	static const char *const names[KINDS] = {
	    [PC_RECORD_ACCOUNT] = "account",
	    [PC_RECORD_ACTIVITY] = "activity",
	    [PC_RECORD_USAGE] = "usage",
	    [PC_RECORD_HISTORY] = "history",
	};
	struct pc_output *out = load->call->out;
	size_t i;

	pc_output_begin(out, columns, PT_ARRAY_LEN(columns), true);
	for (i = PC_RECORD_ACCOUNT; i < KINDS; i++) {
		pc_output_text(out, names[i]);
		pc_output_number(out, load->read[i]);
		pc_output_number(out, load->changed[i]);
	}
	return pc_output_end(out, err);
}

enum pc_answer
pc_cmd_load(struct pc_call *call, struct pt_err *err)
{
	struct load load;
	const char *name = call->arg_count > 0 ? call->args[0] : NULL;
	int rc = -1;

	memset(&load, 0, sizeof(load));
	load.call = call;
	load.items = calloc(PT_BATCH_MAX, sizeof(*load.items));
	if (load.items == NULL)
		(void)pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "cannot load: out of memory");
	/* The file is opened with the rights of the caller. */
	else if (pc_load_input_open(&load.input, name, err) == 0 &&
		 check_all(&load, err) == 0 &&
		 pc_call_open_store(call, PT_STORE_WRITE, err) == 0 &&
		 load_all(&load, err) == 0)
		rc = tell(&load, err);
	pc_load_input_close(&load.input);
	pc_load_history_clear(&load.known);
	free(load.items);
	return rc == 0 ? PC_YES : PC_FAILED;
}
