/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/access.h"

#include <stdbool.h>

#include "core/rules/external.h"

static void
carry_over(struct pt_records *records, void *arg)
{
	const int64_t *now = arg;

	records->account_changed = pt_external_carry_over(
	    records->account, records->activity, *now, &records->note);
}

/* Once the account has it. */
static void
forget(struct pt_records *records, void *arg)
{
	const int64_t *now = arg;
	struct pt_history_note unused;

	records->activity_changed = !pt_external_carry_over(
	    records->account, records->activity, *now, &unused);
}

int
pc_access_change(const struct pc_call *call, const struct pt_login *login,
    const struct pc_edit *edit, struct pc_changed *changed_out,
    struct pt_err *err)
{
	struct pt_activity activity;
	struct pt_account account;
	int64_t now = call->now;

	if (pt_store_read(call->store, login, &account, &activity, NULL, err) !=
	    0)
		return -1;
	if (activity.block.reason != PT_BLOCK_NONE &&
	    (pt_store_update_one(call->store, PT_UPDATE_ACCOUNT, login,
		 carry_over, &now, err) != 0 ||
		pt_store_update_one(call->store, PT_UPDATE_ACTIVITY, login,
		    forget, &now, err) != 0))
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
