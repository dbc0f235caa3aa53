/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* dump: the whole state as JSON Lines. */

#include <stdbool.h>
#include <stdint.h>

#include "ctl/call.h"
#include "ctl/handlers.h"
#include "ctl/record.h"

#define JSON_FLAGS (JSON_ENSURE_ASCII | JSON_PRESERVE_ORDER)

struct dump {
	struct pc_call *call;
	uint32_t key_name;
	bool failed; /* memory or output */
};

/* Takes the object. */
static bool
write_line(struct dump *dump, json_t *object)
{
	FILE *stream = dump->call->stream;

	if (object == NULL || json_dumpf(object, stream, JSON_FLAGS) != 0 ||
	    fputc('\n', stream) == EOF)
		dump->failed = true;
	json_decref(object);
	return !dump->failed;
}

static bool
dump_account(
    const struct pt_account *account, const struct pt_err *err, void *arg)
{
	struct dump *dump = arg;

	if (account == NULL) {
		pc_call_skip(dump->call, err);
		return true;
	}
	return write_line(dump, pc_record_from_account(account));
}

static bool
dump_activity(
    const struct pt_activity *activity, const struct pt_err *err, void *arg)
{
	struct dump *dump = arg;

	if (activity == NULL) {
		pc_call_skip(dump->call, err);
		return true;
	}
	return write_line(dump, pc_record_from_activity(activity));
}

static bool
dump_usage(const struct pt_usage *usage, const struct pt_err *err, void *arg)
{
	struct dump *dump = arg;

	if (usage == NULL) {
		pc_call_skip(dump->call, err);
		return true;
	}
	return write_line(dump, pc_record_from_usage(usage));
}

static bool
dump_signals(
    const struct pt_signals *signals, const struct pt_err *err, void *arg)
{
	struct dump *dump = arg;

	if (signals == NULL) {
		pc_call_skip(dump->call, err);
		return true;
	}
	return write_line(
	    dump, pc_record_from_signals(signals, dump->key_name));
}

static bool
dump_history(const struct pt_history *entry, void *arg)
{
	return write_line(arg, pc_record_from_history(entry));
}

enum pc_answer
pc_cmd_dump(struct pc_call *call, struct pt_err *err)
{
	struct dump dump = {
	    .call = call,
	    .key_name = pc_record_key_name(pt_store_token_key(call->store)),
	};

	(void)write_line(&dump, pc_record_header(call->now));
	if (pt_store_each_account(call->store, dump_account, &dump, err) != 0 ||
	    pt_store_each_activity(call->store, dump_activity, &dump, err) !=
		0 ||
	    pt_store_each_usage(call->store, dump_usage, &dump, err) != 0 ||
	    pt_store_each_signals(call->store, dump_signals, &dump, err) != 0 ||
	    pt_store_each_history(
		call->store, NULL, dump_history, &dump, err) != 0)
		return PC_FAILED;
	if (!dump.failed && fflush(call->stream) == 0)
		return PC_YES;
	(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "cannot write the dump: output is closed or full, or memory is "
	    "short");
	return PC_FAILED;
}
