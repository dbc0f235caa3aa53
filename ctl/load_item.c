/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/load_item.h"

#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/state/activity_codec.h"
#include "core/state/signals_codec.h"
#include "core/state/usage_codec.h"

_Static_assert(PC_LOAD_BYTES_MAX >= PT_ACTIVITY_BYTES_MAX &&
		   PC_LOAD_BYTES_MAX >= PT_USAGE_BYTES_MAX &&
		   PC_LOAD_BYTES_MAX >= PT_SIGNALS_BYTES_MAX &&
		   PC_LOAD_BYTES_MAX >= PT_HISTORY_BYTES_MAX,
    "PC_LOAD_BYTES_MAX is too small");

struct kind {
	const char *name;
	enum pt_update_scope scope;
	int (*parse)(const json_t *object, struct pc_load_item *item,
	    struct pt_err *err);
	pt_update_fn *load;
};

static int
parse_account(
    const json_t *object, struct pc_load_item *item, struct pt_err *err)
{
	struct pt_account account;

	if (pc_record_to_account(object, &account, err) != 0)
		return -1;
	item->login = account.login;
	item->len = pt_account_encode(&account, item->bytes, PC_LOAD_BYTES_MAX);
	return 0;
}

static int
parse_activity(
    const json_t *object, struct pc_load_item *item, struct pt_err *err)
{
	struct pt_activity activity;

	if (pc_record_to_activity(object, &activity, err) != 0)
		return -1;
	item->login = activity.login;
	item->len =
	    pt_activity_encode(&activity, item->bytes, PC_LOAD_BYTES_MAX);
	return 0;
}

static int
parse_usage(const json_t *object, struct pc_load_item *item, struct pt_err *err)
{
	struct pt_usage usage;

	if (pc_record_to_usage(object, &usage, err) != 0)
		return -1;
	item->login = usage.login;
	item->len = pt_usage_encode(&usage, item->bytes, PC_LOAD_BYTES_MAX);
	return 0;
}

static int
parse_signals(
    const json_t *object, struct pc_load_item *item, struct pt_err *err)
{
	struct pt_signals signals;

	if (pc_record_to_signals(object, &signals, &item->key_name, err) != 0)
		return -1;
	item->login = signals.login;
	item->len = pt_signals_encode(&signals, item->bytes, PC_LOAD_BYTES_MAX);
	return 0;
}

static int
parse_history(
    const json_t *object, struct pc_load_item *item, struct pt_err *err)
{
	struct pt_history history;

	if (pc_record_to_history(object, &history, err) != 0)
		return -1;
	item->login = history.login;
	item->len = pt_history_encode(&history, item->bytes, PC_LOAD_BYTES_MAX);
	return 0;
}

static bool
is_same(const struct pc_load_item *item, const unsigned char *bytes, size_t len)
{
	return len == item->len && memcmp(bytes, item->bytes, len) == 0;
}

static void
load_account(struct pt_records *records, void *arg)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pc_load_item *item = arg;
	struct pt_account *account = records->account;
	struct pt_history_note *note = &records->trail.note;
	struct pt_err err;

	item->changed = !account->exists ||
			!is_same(item, bytes,
			    pt_account_encode(account, bytes, sizeof(bytes)));
	if (!item->changed)
		return;
	/* What the dump brings along tells about a new record. */
	if (account->exists) {
		note->at = item->call->now;
		(void)pt_text_copy(
		    note->who, sizeof(note->who), item->call->who);
		(void)pt_text_copy(note->what, sizeof(note->what), "load");
		(void)pt_text_copy(note->detail, sizeof(note->detail),
		    "replaced by the record of a dump");
	}
	records->account_changed = pt_account_decode(item->bytes, item->len,
				       &item->login, account, &err) == 0;
}

static void
load_activity(struct pt_records *records, void *arg)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pc_load_item *item = arg;
	struct pt_activity *activity = records->activity;
	struct pt_err err;

	item->changed = !activity->exists ||
			!is_same(item, bytes,
			    pt_activity_encode(activity, bytes, sizeof(bytes)));
	records->activity_changed =
	    item->changed &&
	    pt_activity_decode(item->bytes, item->len, activity, &err) == 0;
}

static void
load_usage(struct pt_records *records, void *arg)
{
	unsigned char bytes[PT_USAGE_BYTES_MAX];
	struct pc_load_item *item = arg;
	struct pt_usage *usage = records->usage;
	struct pt_err err;

	item->changed =
	    !usage->exists ||
	    !is_same(item, bytes, pt_usage_encode(usage, bytes, sizeof(bytes)));
	records->usage_changed =
	    item->changed &&
	    pt_usage_decode(item->bytes, item->len, usage, &err) == 0;
}

static void
load_signals(struct pt_records *records, void *arg)
{
	unsigned char bytes[PT_SIGNALS_BYTES_MAX];
	struct pc_load_item *item = arg;
	struct pt_signals *signals = records->signals;
	struct pt_err err;

	item->changed = !signals->exists ||
			!is_same(item, bytes,
			    pt_signals_encode(signals, bytes, sizeof(bytes)));
	records->signals_changed =
	    item->changed &&
	    pt_signals_decode(item->bytes, item->len, signals, &err) == 0;
}

static void
load_history(struct pt_records *records, void *arg)
{
	struct pc_load_item *item = arg;
	struct pt_history history;
	struct pt_err err;

	item->changed = pc_load_item_history(item, &history, &err) == 0;
	if (item->changed)
		records->trail.note = history.note;
}

static const struct kind kinds[] = {
    [PC_RECORD_ACCOUNT] = {"account", PT_UPDATE_ACCOUNT, parse_account,
	load_account},
    [PC_RECORD_ACTIVITY] = {"activity", PT_UPDATE_ACTIVITY, parse_activity,
	load_activity},
    [PC_RECORD_USAGE] = {"usage", PT_UPDATE_ACTIVITY, parse_usage, load_usage},
    [PC_RECORD_SIGNALS] = {"signals", PT_UPDATE_ACTIVITY, parse_signals,
	load_signals},
    [PC_RECORD_HISTORY] = {"history", PT_UPDATE_ACCOUNT, parse_history,
	load_history},
};

const char *
pc_load_item_name(enum pc_record_kind kind)
{
	return (size_t)kind < PT_ARRAY_LEN(kinds) ? kinds[kind].name : NULL;
}

int
pc_load_item_parse(
    const json_t *object, struct pc_load_item *item, struct pt_err *err)
{
	if (pc_record_kind(object, &item->kind, err) != 0)
		return -1;
	if (pc_load_item_name(item->kind) == NULL)
		return pt_err_set(
		    err, PT_ERR_INPUT, "a second dump begins here");
	item->key_name = 0;
	return kinds[item->kind].parse(object, item, err);
}

int
pc_load_item_history(
    const struct pc_load_item *item, struct pt_history *out, struct pt_err *err)
{
	return pt_history_decode(item->bytes, item->len, out, err);
}

enum pt_update_scope
pc_load_item_scope(const struct pc_load_item *item)
{
	return kinds[item->kind].scope;
}

struct pt_update
pc_load_item_update(struct pc_load_item *item)
{
	return (struct pt_update){
	    .login = &item->login,
	    .usage = item->kind == PC_RECORD_USAGE,
	    .signals = item->kind == PC_RECORD_SIGNALS,
	    .block_only = item->kind != PC_RECORD_ACTIVITY,
	    .replace_damaged = PT_REPLACE_ACCOUNT | PT_REPLACE_ACTIVITY |
			       PT_REPLACE_USAGE | PT_REPLACE_SIGNALS,
	    .fn = kinds[item->kind].load,
	    .arg = item,
	};
}
