/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A line of a dump: it is refused with a reason, or is a record that dump
 * writes in a form that is read as the same record.
 */
#include <jansson.h>

#include "ctl/record.h"
#include "tests/fuzz/fuzz.h"

/* One of them, by its kind. */
union record {
	struct pt_account account;
	struct pt_activity activity;
	struct pt_usage usage;
	struct pt_signals signals;
	struct pt_history history;
};

/* What dump writes for the record that the object tells; NULL: refused. */
static json_t *
write_again(enum pc_record_kind kind, const json_t *object, struct pt_err *err)
{
	static union record record;
	uint32_t key_name;

	memset(&record, 0, sizeof(record));
	switch (kind) {
	case PC_RECORD_ACCOUNT:
		if (pc_record_to_account(object, &record.account, err) == 0)
			return pc_record_from_account(&record.account);
		break;
	case PC_RECORD_ACTIVITY:
		if (pc_record_to_activity(object, &record.activity, err) == 0)
			return pc_record_from_activity(&record.activity);
		break;
	case PC_RECORD_USAGE:
		if (pc_record_to_usage(object, &record.usage, err) == 0)
			return pc_record_from_usage(&record.usage);
		break;
	case PC_RECORD_SIGNALS:
		if (pc_record_to_signals(
			object, &record.signals, &key_name, err) == 0)
			return pc_record_from_signals(
			    &record.signals, key_name);
		break;
	case PC_RECORD_HISTORY:
		if (pc_record_to_history(object, &record.history, err) == 0)
			return pc_record_from_history(&record.history);
		break;
	case PC_RECORD_DUMP:
		if (pc_record_check_header(object, err) == 0)
			return pc_record_header(0);
		break;
	}
	return NULL;
}

static void
check(const json_t *object)
{
	struct pt_err err = {.kind = PT_ERR_NONE};
	enum pc_record_kind kind;
	json_t *written;
	json_t *again;

	if (pc_record_kind(object, &kind, &err) != 0) {
		fuzz_check(err.kind == PT_ERR_INPUT && err.text[0] != '\0',
		    "an unknown kind is refused with a reason");
		return;
	}
	written = write_again(kind, object, &err);
	if (written == NULL) {
		fuzz_check(err.kind != PT_ERR_NONE && err.text[0] != '\0',
		    "a record is refused with a reason");
		return;
	}
	again = write_again(kind, written, &err);
	fuzz_check(again != NULL, "what dump writes can be loaded");
	fuzz_check(json_equal(written, again) != 0,
	    "what was loaded is dumped as it was");
	json_decref(written);
	json_decref(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *object = json_loadb((const char *)data, size, 0, NULL);

	if (json_is_object(object))
		check(object);
	json_decref(object);
	return 0;
}
