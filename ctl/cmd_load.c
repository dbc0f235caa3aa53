/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * load: a dump back into the state.  All of it is checked before any of it is
 * loaded.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"
#include "ctl/load_history.h"
#include "ctl/load_input.h"
#include "ctl/load_item.h"
#include "ctl/load_spool.h"

#define KINDS       (PC_RECORD_HISTORY + 1)
#define PROGRESS_MS 500

/* The bytes of a batch; it is full when no further record is sure to fit. */
#define ROOM_BYTES ((size_t)1 << 20)

struct batch {
	size_t count;
	size_t used; /* of room */
	struct pc_load_item items[PT_BULK_MAX];
	struct pt_update updates[PT_BULK_MAX];
	unsigned char room[ROOM_BYTES];
};

struct load {
	struct pc_call *call;
	struct pc_load_input input;
	struct pc_load_spool spool;
	struct pc_load_history known;
	struct batch *batch; /* owned */
	uint32_t key_name;   /* of the state: signals */
	uint64_t read[KINDS];
	uint64_t changed[KINDS];
	int64_t shown_ms; /* progress */
};

/* Where standard error is a terminal: how far it is, now and then. */
static void
show_progress(struct load *load, const char *done, uint64_t count)
{
	FILE *errors = load->call->errors;
	int64_t now = pt_clock_ticks_ms();
	int fd = fileno(errors);

	if (fd < 0 || isatty(fd) == 0 || now - load->shown_ms < PROGRESS_MS)
		return;
	load->shown_ms = now;
	fprintf(errors, "\r%s %" PRIu64 " records", done, count);
	if (load->spool.count > count)
		fprintf(errors, " of %" PRIu64, load->spool.count);
	fprintf(errors, " ");
	(void)fflush(errors);
}

static void
end_progress(const struct load *load)
{
	if (load->shown_ms != 0)
		fprintf(load->call->errors, "\r%60s\r", "");
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

/* Reads the dump; what is right of it goes into the temporary file. */
static int
check_all(struct load *load, struct pt_err *err)
{
	struct pc_load_item item = {.bytes = load->batch->room};
	json_t *object;
	int rc;

	if (read_header(load, err) != 0)
		return -1;
	while ((rc = pc_load_input_next(&load->input, &object, err)) == 1) {
		rc = pc_load_item_parse(object, &item, err);
		json_decref(object);
		if (rc != 0)
			return refuse_line(load, err);
		if (pc_load_spool_add(&load->spool, &item, err) != 0)
			return -1;
		if (load->spool.count % 1024 == 0)
			show_progress(load, "checked", load->spool.count);
	}
	return rc != 0 ? -1 : pc_load_spool_rewind(&load->spool, err);
}

static int
flush_batch(struct load *load, struct pt_err *err)
{
	struct batch *batch = load->batch;
	struct pc_load_item *items = batch->items;
	struct pt_update *updates = batch->updates;

	if (batch->count == 0)
		return 0;
	for (size_t i = 0; i < batch->count; i++)
		updates[i] = pc_load_item_update(&items[i]);
	if (pt_store_update(load->call->store, pc_load_item_scope(&items[0]),
		updates, batch->count, err) != 0)
		return pt_err_prefix(err, "cannot load all of it");
	for (size_t i = 0; i < batch->count; i++) {
		if (updates[i].failed != PT_ERR_NONE)
			return pt_err_set(err, updates[i].failed,
			    "cannot replace the record of %s: what is there "
			    "cannot be read; load into a new state",
			    updates[i].login->text);
		load->changed[items[i].kind] += items[i].changed;
	}
	batch->count = 0;
	batch->used = 0;
	return 0;
}

/* Has the state what it says already, or no use for it? */
static bool
is_settled(struct load *load, const struct pc_load_item *item)
{
	struct pt_history entry;
	struct pt_err err;

	if (item->kind == PC_RECORD_SIGNALS)
		return item->key_name != load->key_name;
	return item->kind == PC_RECORD_HISTORY &&
	       pc_load_item_history(item, &entry, &err) == 0 &&
	       pc_load_history_take(&load->known, &entry);
}

static bool
is_full(const struct batch *batch)
{
	size_t max = pc_load_item_scope(&batch->items[0]) == PT_UPDATE_ACCOUNT
			 ? PT_BULK_MAX
			 : PT_BATCH_MAX;

	return batch->count == max ||
	       ROOM_BYTES - batch->used < PC_LOAD_BYTES_MAX;
}

/* The item at the end of the batch stays in it, or goes. */
static int
keep_item(struct load *load, struct pt_err *err)
{
	struct batch *batch = load->batch;
	struct pc_load_item *first = &batch->items[0];
	struct pc_load_item *item = &batch->items[batch->count];

	load->read[item->kind]++;
	if (is_settled(load, item))
		return 0;
	if (pc_load_item_scope(item) != pc_load_item_scope(first)) {
		if (flush_batch(load, err) != 0)
			return -1;
		/* Its bytes stay where they are. */
		batch->used = (size_t)(item->bytes - batch->room);
		*first = *item;
		item = first;
	}
	item->call = load->call;
	batch->used += item->len;
	batch->count++;
	return is_full(batch) ? flush_batch(load, err) : 0;
}

static int
load_all(struct load *load, struct pt_err *err)
{
	struct pt_store *store = load->call->store;
	struct batch *batch = load->batch;
	uint64_t done = 0;
	int rc;

	if (pc_load_history_read(&load->known, store, err) != 0)
		return -1;
	load->key_name = pc_record_key_name(pt_store_token_key(store));
	do {
		struct pc_load_item *item = &batch->items[batch->count];

		item->bytes = batch->room + batch->used;
		rc = pc_load_spool_next(&load->spool, item, err);
		if (rc == 1 && keep_item(load, err) != 0)
			return -1;
		if (++done % 1024 == 0)
			show_progress(load, "loaded", done);
	} while (rc == 1);
	if (rc != 0 || flush_batch(load, err) != 0)
		return -1;
	return pt_store_sync(store, err);
}

static int
tell(struct load *load, struct pt_err *err)
{
	struct pc_output *out = load->call->out;

	pc_output_begin(out, pc_columns_load, true);
	for (int i = PC_RECORD_ACCOUNT; i < KINDS; i++) {
		pc_output_text(out, pc_load_item_name((enum pc_record_kind)i));
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
	load.batch = calloc(1, sizeof(*load.batch));
	if (load.batch == NULL)
		(void)pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "cannot load: out of memory");
	/* The file is opened with the rights of the caller. */
	else if (pc_load_input_open(&load.input, name, err) == 0 &&
		 pc_load_spool_open(&load.spool, err) == 0 &&
		 check_all(&load, err) == 0 &&
		 pc_call_open_store(call, PT_STORE_WRITE, err) == 0)
		rc = load_all(&load, err);
	end_progress(&load);
	if (rc == 0)
		rc = tell(&load, err);
	pc_load_input_close(&load.input);
	pc_load_spool_close(&load.spool);
	pc_load_history_clear(&load.known);
	free(load.batch);
	return rc == 0 ? PC_YES : PC_FAILED;
}
