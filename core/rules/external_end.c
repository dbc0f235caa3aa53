/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The transitions that take something away, and back from a block. */

#include "core/rules/account_plan.h"
#include "core/rules/external_private.h"

bool
pt_external_disable(struct pt_account *account,
    const struct pt_external_actor *actor, struct pt_history_note *note_out)
{
	struct pt_external_entry entry;
	unsigned ended;

	if (account->access != PT_ACCESS_ON)
		return false;
	ended = pt_password_end_all(
	    account, PT_ENDING_DISABLED, PT_BLOCK_NONE, actor->now);
	account->access = PT_ACCESS_OFF;
	account->access_at = actor->now;
	pt_external_entry_begin(&entry, account, note_out, actor, "disable");
	pt_external_entry_add_number(&entry, "app-passwords-ended", ended);
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	return true;
}

int
pt_external_revoke(struct pt_account *account, uint32_t id,
    const struct pt_external_actor *actor, struct pt_history_note *note_out,
    struct pt_err *err)
{
	struct pt_password *password = pt_password_living(account, id);
	struct pt_external_entry entry;

	if (password == NULL)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot revoke app password %lu of %s: there is none that "
		    "lives under that number; posternctl password list %s "
		    "shows them",
		    (unsigned long)id, account->login.text,
		    account->login.text);
	pt_password_end(password, PT_ENDING_REVOKED, PT_BLOCK_NONE, actor->now);
	pt_external_entry_begin(
	    &entry, account, note_out, actor, "password-revoke");
	pt_external_entry_add_id(&entry, password);
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	(void)pt_password_forget(account, actor->now);
	return 0;
}

/* How hard it is to come back. */
static int
rank(enum pt_block_reason reason)
{
	switch (reason) {
	case PT_BLOCK_ABUSE:
	case PT_BLOCK_ADMIN:
		return 3;
	case PT_BLOCK_CRACKED:
		return 2;
	case PT_BLOCK_QUOTA:
	case PT_BLOCK_CONNECTIONS:
	case PT_BLOCK_INACTIVE:
	case PT_BLOCK_UNUSED:
		return 1;
	case PT_BLOCK_NONE:
		break;
	}
	return 0;
}

bool
pt_external_block(struct pt_account *account, enum pt_block_reason reason,
    const struct pt_external_actor *actor, struct pt_history_note *note_out)
{
	struct pt_text note;
	struct pt_external_entry entry;
	unsigned ended;

	if (account->block_reason == reason ||
	    rank(reason) < rank(account->block_reason))
		return false;
	ended =
	    pt_password_end_all(account, PT_ENDING_BLOCKED, reason, actor->now);
	account->block_reason = reason;
	account->block.at = actor->now;
	pt_text_init(&note, account->block.note, sizeof(account->block.note));
	pt_text_add(&note, actor->note);
	if (account->access == PT_ACCESS_ON) {
		account->access = PT_ACCESS_OFF;
		account->access_at = actor->now;
	}
	pt_external_entry_begin(&entry, account, note_out, actor, "block");
	pt_external_entry_add(&entry, "reason", pt_block_reason_name(reason));
	pt_external_entry_add_number(&entry, "app-passwords-ended", ended);
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	return true;
}

/*
 * A login that never switched external access on has no record, and may send
 * all the same where Postern only filters mail.  It gets one if it is cracked;
 * the other blocks need access that was switched on.
 */
static bool
can_be_blocked(const struct pt_account *account, enum pt_block_reason reason)
{
	return account->exists || reason == PT_BLOCK_CRACKED;
}

bool
pt_external_mark_block(const struct pt_account *account,
    struct pt_activity *activity, enum pt_block_reason reason, int64_t now)
{
	struct pt_pending_block *pending = &activity->block;

	if (!can_be_blocked(account, reason) ||
	    account->block_reason == reason ||
	    rank(reason) < rank(account->block_reason) ||
	    rank(reason) <= rank((enum pt_block_reason)pending->reason))
		return false;
	pending->reason = (unsigned char)reason;
	pending->at = now;
	return true;
}

bool
pt_external_carry_over(struct pt_account *account, struct pt_activity *activity,
    int64_t now, struct pt_history_note *note_out)
{
	struct pt_pending_block block = activity->block;
	struct pt_external_actor actor = {
	    .who = "postern",
	    .note = "",
	    .now = block.at < now ? block.at : now,
	};

	activity->block = (struct pt_pending_block){.reason = PT_BLOCK_NONE};
	if (block.reason == PT_BLOCK_NONE ||
	    !can_be_blocked(account, (enum pt_block_reason)block.reason))
		return false;
	return pt_external_block(
	    account, (enum pt_block_reason)block.reason, &actor, note_out);
}

bool
pt_external_unblock(struct pt_account *account,
    const struct pt_external_actor *actor, struct pt_history_note *note_out)
{
	enum pt_block_reason block = account->block_reason;
	struct pt_external_entry entry;

	if (block == PT_BLOCK_NONE)
		return false;
	pt_external_end_block(account);
	pt_external_entry_begin(&entry, account, note_out, actor, "unblock");
	pt_external_entry_add(&entry, "reason", pt_block_reason_name(block));
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	return true;
}

void
pt_external_password_changed(const struct pt_config *config,
    struct pt_account *account, const struct pt_external_actor *actor,
    struct pt_history_note *note_out)
{
	struct pt_external_entry entry;
	const struct pt_plan *plan;
	struct pt_plan room;
	unsigned ended = 0;

	plan = pt_account_plan(config, account, &room);
	if (plan != NULL && plan->password_change_ends)
		ended = pt_password_end_all(
		    account, PT_ENDING_CHANGED, PT_BLOCK_NONE, actor->now);
	account->main_password_at = actor->now;
	/* The change came after the block, whatever the clock says. */
	if (account->block_reason != PT_BLOCK_NONE &&
	    account->main_password_at < account->block.at)
		account->main_password_at = account->block.at;
	pt_external_entry_begin(
	    &entry, account, note_out, actor, "password-changed");
	pt_external_entry_add_number(&entry, "app-passwords-ended", ended);
	pt_external_entry_add_quoted(&entry, "note", actor->note);
}
