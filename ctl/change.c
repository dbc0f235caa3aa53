/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/change.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/attr.h"

struct change {
	const struct pc_call *call;
	const char *what;
	pc_edit_fn *edit;
	void *arg;
	/* made anew by each run */
	enum pc_edit_result result;
	bool is_new;
	char detail[PT_HISTORY_DETAIL_MAX + 1];
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
	struct pt_history_note *note = &records->note;
	struct pt_text detail;

	pt_text_init(&detail, change->detail, sizeof(change->detail));
	change->is_new = !records->account->exists;
	change->result = change->edit(
	    change->call, records, change->arg, &detail, &change->err);
	if (change->result != PC_EDIT_DONE)
		return;
	note->at = change->call->now;
	(void)pt_text_copy(note->who, sizeof(note->who), change->call->who);
	(void)pt_text_copy(note->what, sizeof(note->what), change->what);
	(void)pt_text_copy(note->detail, sizeof(note->detail), change->detail);
}

static int
tell(struct pc_call *call, const struct pt_login *login,
    const struct change *change, struct pt_err *err)
{
	static const struct pc_column columns[] = {
	    {"login", NULL, 0},
	    {"what", NULL, 0},
	    {"detail", NULL, 0},
	    {"changed", NULL, PC_MACHINE},
	    {"new_record", NULL, PC_MACHINE},
	};
	bool done = change->result == PC_EDIT_DONE;

	pc_output_begin(call->out, columns, PT_ARRAY_LEN(columns), false);
	pc_output_text(call->out, login->text);
	pc_output_text(call->out, done ? change->what : "unchanged");
	pc_output_text(call->out, change->detail);
	pc_output_bool(call->out, done);
	pc_output_bool(call->out, done && change->is_new);
	return pc_output_end(call->out, err);
}

enum pc_answer
pc_change(struct pc_call *call, const char *what, pc_edit_fn *edit, void *arg,
    struct pt_err *err)
{
	return pc_change_replacing(call, what, edit, arg, 0, err);
}

enum pc_answer
pc_change_replacing(struct pc_call *call, const char *what, pc_edit_fn *edit,
    void *arg, unsigned replace, struct pt_err *err)
{
	struct change change = {
	    .call = call, .what = what, .edit = edit, .arg = arg};
	struct pt_login login;
	struct pt_update update = {
	    .login = &login,
	    .replace_damaged = replace,
	    .fn = run_edit,
	    .arg = &change,
	};

	if (pc_call_login(call, 0, &login, err) != 0)
		return PC_FAILED;
	if (pt_store_update(call->store, PT_UPDATE_ACCOUNT, &update, 1, err) !=
		0 ||
	    update.failed != PT_ERR_NONE)
		return PC_FAILED;
	if (change.result == PC_EDIT_FAILED) {
		*err = change.err;
		return err->kind == PT_ERR_NONE ? PC_NO : PC_FAILED;
	}
	return tell(call, &login, &change, err) == 0 ? PC_YES : PC_FAILED;
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
