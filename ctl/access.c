/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/access.h"

#include <stdbool.h>
#include <string.h>

#include "core/rules/external.h"

static enum pc_edit_result
edit_carry_over(const struct pc_call *call, struct pt_records *records,
    void *arg, struct pt_text *detail, struct pt_err *err)
{
	struct pt_pending_block *pending = &records->activity->block;
	struct pt_external_actor actor = {.who = "postern", .note = ""};
	bool blocked;

	(void)arg;
	(void)detail;
	(void)err;
	if (pending->reason == PT_BLOCK_NONE)
		return PC_EDIT_NOTHING;
	actor.now = pending->at < call->now ? pending->at : call->now;
	blocked = pt_external_block(records->account,
	    (enum pt_block_reason)pending->reason, &actor, &records->note);
	if (blocked)
		pc_change_mark(call, records);
	memset(pending, 0, sizeof(*pending));
	records->activity_changed = true;
	return blocked ? PC_EDIT_DONE : PC_EDIT_NOTHING;
}

int
pc_access_change(const struct pc_call *call, const struct pt_login *login,
    const struct pc_edit *edit, struct pc_changed *changed_out,
    struct pt_err *err)
{
	struct pc_edit carry_over = {.what = "block", .fn = edit_carry_over};
	struct pt_activity activity;
	struct pt_account account;

	if (pt_store_read(call->store, login, &account, &activity, NULL, err) !=
	    0)
		return -1;
	if (activity.block.reason != PT_BLOCK_NONE &&
	    pc_change_apply(call, login, &carry_over, changed_out, err) != 0)
		return -1;
	return pc_change_apply(call, login, edit, changed_out, err);
}

enum pc_answer
pc_access_run(struct pc_call *call, const char *what, pc_edit_fn *fn,
    struct pc_access_order *order, struct pt_err *err)
{
	char note[PT_NOTE_MAX + 1];
	struct pc_edit edit = {.what = what, .fn = fn, .arg = order};
	struct pc_changed changed;
	struct pt_login login;

	order->actor = (struct pt_external_actor){
	    .who = call->who, .note = note, .now = call->now};
	if (pc_call_login(call, 0, &login, err) != 0 ||
	    pc_change_note(call, note, sizeof(note), err) != 0)
		return PC_FAILED;
	if (pc_access_change(call, &login, &edit, &changed, err) != 0)
		return err->kind == PT_ERR_NONE ? PC_NO : PC_FAILED;
	return pc_change_tell(call, &login, &changed, err) == 0 ? PC_YES
								: PC_FAILED;
}
