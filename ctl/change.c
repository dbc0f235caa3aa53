/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/change.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/service/queue_order.h"
#include "ctl/columns.h"

void
pc_change_mark(const struct pc_call *call, struct pt_records *records)
{
	if (records->account->created_at == 0)
		records->account->created_at = call->now;
	records->account_changed = true;
}

/* What the history shall say, unless the edit said it itself. */
static void
note_change(const struct pc_change *change, struct pc_changed *changed,
    struct pt_history_note *note)
{
	if (note->what[0] != '\0') {
		(void)pt_text_copy(
		    changed->what, sizeof(changed->what), note->what);
		(void)pt_text_copy(
		    changed->detail, sizeof(changed->detail), note->detail);
		return;
	}
	note->at = change->call->now;
	(void)pt_text_copy(note->who, sizeof(note->who), change->call->who);
	(void)pt_text_copy(note->what, sizeof(note->what), changed->what);
	(void)pt_text_copy(note->detail, sizeof(note->detail), changed->detail);
}

static void
run_edit(struct pt_records *records, void *arg)
{
	struct pc_change *change = arg;
	struct pc_changed *changed = &change->changed;
	const struct pc_call *call = change->call;
	bool was_closed = pt_queue_order_is_closed(records->account);
	bool was_held =
	    pt_queue_order_is_wanted(call->config, records->account, call->now);
	struct pt_text detail;

	memset(changed, 0, sizeof(*changed));
	change->answer = PC_YES;
	change->err = (struct pt_err){PT_ERR_INTERNAL, ""};
	pt_text_init(&detail, changed->detail, sizeof(changed->detail));
	(void)pt_text_copy(
	    changed->what, sizeof(changed->what), change->edit.what);
	changed->is_new = !records->account->exists;
	changed->result = change->edit.fn(
	    call, records, change->edit.arg, &detail, &change->err);
	if (changed->result == PC_EDIT_FAILED)
		change->answer =
		    change->err.kind == PT_ERR_NONE ? PC_NO : PC_FAILED;
	if (changed->result != PC_EDIT_DONE)
		return;
	changed->hold =
	    !was_closed && !records->account_deleted &&
	    pt_queue_order_is_wanted(call->config, records->account, call->now);
	changed->held =
	    was_held && (records->account_deleted ||
			    !pt_queue_order_is_closed(records->account));
	note_change(change, changed, &records->trail.note);
}

static void
make_update(struct pc_change *change, struct pt_update *update)
{
	unsigned replace = change->edit.replace;

	*update = (struct pt_update){
	    .login = change->login,
	    .usage = (replace & PT_REPLACE_USAGE) != 0,
	    .evidence = (replace & PT_REPLACE_EVIDENCE) != 0,
	    .signals = (replace & PT_REPLACE_SIGNALS) != 0,
	    .replace_damaged = replace,
	    .fn = run_edit,
	    .arg = change,
	};
}

/* The store tells why the last one failed only; alone, each is the last. */
static void
ask_why(struct pt_store *store, struct pc_change *change)
{
	struct pt_update update;
	struct pt_err err;

	make_update(change, &update);
	if (pt_store_update(store, PT_UPDATE_ACCOUNT, &update, 1, &err) == 0 &&
	    update.failed == PT_ERR_NONE)
		return;
	change->answer = PC_FAILED;
	change->err = err;
}

int
pc_change_apply_all(struct pt_store *store, struct pc_change *const *changes,
    size_t n, struct pt_err *err)
{
	struct pt_update updates[PT_BATCH_MAX];
	size_t i;

	for (i = 0; i < n && n <= PT_ARRAY_LEN(updates); i++)
		make_update(changes[i], &updates[i]);
	if (pt_store_update(store, PT_UPDATE_ACCOUNT, updates, n, err) != 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (updates[i].failed != PT_ERR_NONE)
			ask_why(store, changes[i]);
	}
	return 0;
}

int
pc_change_apply(
    struct pt_store *store, struct pc_change *change, struct pt_err *err)
{
	struct pc_change *one[1] = {change};

	if (pc_change_apply_all(store, one, 1, err) != 0)
		return -1;
	if (change->answer == PC_YES)
		return 0;
	*err = change->err;
	return -1;
}

int
pc_change_tell(struct pc_call *call, const struct pt_login *login,
    const struct pc_changed *changed, struct pt_err *err)
{
	bool done = changed->result == PC_EDIT_DONE;

	pc_output_begin(call->out, pc_columns_change, false);
	pc_output_text(call->out, login->text);
	pc_output_text(call->out, done ? changed->what : "unchanged");
	pc_output_text(call->out, changed->detail);
	pc_output_bool(call->out, done);
	pc_output_bool(call->out, done && changed->is_new);
	return pc_output_end(call->out, err);
}

int
pc_change_note(
    const struct pc_call *call, char *buf, size_t cap, struct pt_err *err)
{
	const char *note = pc_call_option(call, "note");
	size_t i;

	buf[0] = '\0';
	if (note == NULL)
		return 0;
	if (strlen(note) >= cap)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot take the note: it is longer than %zu bytes",
		    cap - 1);
	for (i = 0; note[i] != '\0'; i++) {
		if ((unsigned char)note[i] < ' ' || note[i] == 0x7f)
			return pt_err_set(err, PT_ERR_USAGE,
			    "cannot take the note: it has a control "
			    "character");
	}
	if (!pt_text_is_utf8(note, strlen(note)))
		return pt_err_set(
		    err, PT_ERR_USAGE, "cannot take the note: it is not UTF-8");
	(void)pt_text_copy(buf, cap, note);
	return 0;
}
