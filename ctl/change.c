/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/change.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/attr.h"

struct change {
	const struct pc_call *call;
	const struct pc_edit *edit;
	/* made anew by each run */
	struct pc_changed changed;
	struct pt_err err;
};

void
pc_change_mark(const struct pc_call *call, struct pt_records *records)
{
	if (records->account->created_at == 0)
		records->account->created_at = call->now;
	records->account_changed = true;
}

static void
run_edit(struct pt_records *records, void *arg)
{
	struct change *change = arg;
	struct pc_changed *changed = &change->changed;
	struct pt_history_note *note = &records->note;
	struct pt_text detail;

	pt_text_init(&detail, changed->detail, sizeof(changed->detail));
	(void)pt_text_copy(
	    changed->what, sizeof(changed->what), change->edit->what);
	changed->is_new = !records->account->exists;
	changed->result = change->edit->fn(
	    change->call, records, change->edit->arg, &detail, &change->err);
	if (changed->result != PC_EDIT_DONE)
		return;
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

int
pc_change_apply(const struct pc_call *call, const struct pt_login *login,
    const struct pc_edit *edit, struct pc_changed *changed_out,
    struct pt_err *err)
{
	struct change change = {.call = call, .edit = edit};
	struct pt_update update = {
	    .login = login,
	    .usage = (edit->replace & PT_REPLACE_USAGE) != 0,
	    .evidence = (edit->replace & PT_REPLACE_EVIDENCE) != 0,
	    .replace_damaged = edit->replace,
	    .fn = run_edit,
	    .arg = &change,
	};

	if (pt_store_update(call->store, PT_UPDATE_ACCOUNT, &update, 1, err) !=
		0 ||
	    update.failed != PT_ERR_NONE)
		return -1;
	if (change.changed.result == PC_EDIT_FAILED) {
		*err = change.err;
		return -1;
	}
	*changed_out = change.changed;
	return 0;
}

int
pc_change_tell(struct pc_call *call, const struct pt_login *login,
    const struct pc_changed *changed, struct pt_err *err)
{
	static const struct pc_column columns[] = {
	    {"login", NULL, 0},
	    {"what", NULL, 0},
	    {"detail", NULL, 0},
	    {"changed", NULL, PC_MACHINE},
	    {"new_record", NULL, PC_MACHINE},
	};
	bool done = changed->result == PC_EDIT_DONE;

	pc_output_begin(call->out, columns, PT_ARRAY_LEN(columns), false);
	pc_output_text(call->out, login->text);
	pc_output_text(call->out, done ? changed->what : "unchanged");
	pc_output_text(call->out, changed->detail);
	pc_output_bool(call->out, done);
	pc_output_bool(call->out, done && changed->is_new);
	return pc_output_end(call->out, err);
}

enum pc_answer
pc_change(struct pc_call *call, const char *what, pc_edit_fn *fn, void *arg,
    struct pt_err *err)
{
	struct pc_edit edit = {.what = what, .fn = fn, .arg = arg};

	return pc_change_run(call, &edit, err);
}

enum pc_answer
pc_change_run(
    struct pc_call *call, const struct pc_edit *edit, struct pt_err *err)
{
	struct pc_changed changed;
	struct pt_login login;

	if (pc_call_login(call, 0, &login, err) != 0)
		return PC_FAILED;
	if (pc_change_apply(call, &login, edit, &changed, err) != 0)
		return err->kind == PT_ERR_NONE ? PC_NO : PC_FAILED;
	return pc_change_tell(call, &login, &changed, err) == 0 ? PC_YES
								: PC_FAILED;
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
