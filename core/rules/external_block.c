/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Blocks: decided, marked, carried over, ended by the postmaster. */

#include "core/rules/external_private.h"
#include "core/rules/notice.h"

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

static void
tell_block(const struct pt_config *config, struct pt_account *account,
    struct pt_trail *trail)
{
	const struct pt_notice notice = {
	    .kind = PT_NOTICE_BLOCKED,
	    .at = account->block.at,
	    .block = account->block_reason,
	    .figures = account->block_figures,
	};

	(void)pt_notice_put(config, account, &notice, trail);
}

bool
pt_external_block(const struct pt_config *config, struct pt_account *account,
    enum pt_block_reason reason, const struct pt_figures *figures,
    const struct pt_external_actor *actor, struct pt_trail *trail_out)
{
	struct pt_text note;
	struct pt_external_entry entry;
	unsigned ended;

	if (reason == PT_BLOCK_NONE || account->block_reason == reason ||
	    rank(reason) < rank(account->block_reason))
		return false;
	ended =
	    pt_password_end_all(account, PT_ENDING_BLOCKED, reason, actor->now);
	account->block_reason = reason;
	account->block.at = actor->now;
	account->block_figures = (struct pt_figures){.unit = PT_FIGURES_NONE};
	if (figures != NULL)
		account->block_figures = *figures;
	pt_text_init(&note, account->block.note, sizeof(account->block.note));
	pt_text_add(&note, actor->note);
	/* A main password of before, whatever the clock said then. */
	if (reason == PT_BLOCK_CRACKED &&
	    account->main_password_at >= actor->now)
		account->main_password_at = actor->now - 1;
	if (account->access == PT_ACCESS_ON) {
		account->access = PT_ACCESS_OFF;
		account->access_at = actor->now;
	}
	pt_external_entry_begin(&entry, account, trail_out, actor, "block");
	pt_external_entry_add(&entry, "reason", pt_block_reason_name(reason));
	pt_external_entry_add_figures(&entry, &account->block_figures);
	pt_external_entry_add_number(&entry, "app-passwords-ended", ended);
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	tell_block(config, account, trail_out);
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
    struct pt_activity *activity, enum pt_block_reason reason,
    const struct pt_figures *figures, int64_t now)
{
	struct pt_pending_block *pending = &activity->block;

	if (!can_be_blocked(account, reason) ||
	    account->block_reason == reason ||
	    rank(reason) < rank(account->block_reason) ||
	    rank(reason) <= rank((enum pt_block_reason)pending->reason))
		return false;
	*pending = (struct pt_pending_block){
	    .reason = (unsigned char)reason,
	    .at = now,
	};
	if (figures != NULL)
		pending->figures = *figures;
	return true;
}

static bool
carry_block(const struct pt_config *config, struct pt_account *account,
    const struct pt_pending_block *block, int64_t now, struct pt_trail *trail)
{
	enum pt_block_reason reason = (enum pt_block_reason)block->reason;
	struct pt_carried *carried = &account->carried;
	const struct pt_external_actor actor = {
	    .who = "postern",
	    .note = "",
	    .now = block->at < now ? block->at : now,
	};

	if (reason == PT_BLOCK_NONE || !can_be_blocked(account, reason) ||
	    (carried->block == block->reason && carried->block_at == block->at))
		return false;
	if (!pt_external_block(
		config, account, reason, &block->figures, &actor, trail))
		return false;
	carried->block = block->reason;
	carried->block_at = block->at;
	return true;
}

static void
note_notice(struct pt_carried *carried, const struct pt_pending_notice *pending)
{
	carried->notice = pending->kind;
	carried->notice_at = pending->at;
}

static bool
carry_notice(const struct pt_config *config, struct pt_account *account,
    const struct pt_pending_notice *pending, int64_t now,
    struct pt_trail *trail)
{
	struct pt_carried *carried = &account->carried;
	const struct pt_notice notice = {
	    .kind = (enum pt_notice_kind)pending->kind,
	    .at = pending->at < now ? pending->at : now,
	    .until = pending->until,
	    .figures = pending->figures,
	};

	if (notice.kind == PT_NOTICE_NONE ||
	    (carried->notice == pending->kind &&
		carried->notice_at == pending->at) ||
	    !pt_notice_put(config, account, &notice, trail))
		return false;
	note_notice(carried, pending);
	return true;
}

bool
pt_external_carry_over(const struct pt_config *config,
    struct pt_account *account, struct pt_activity *activity, int64_t now,
    struct pt_trail *trail_out)
{
	const struct pt_pending_block block = activity->block;
	const struct pt_pending_notice notice = activity->notice;

	activity->block = (struct pt_pending_block){.reason = PT_BLOCK_NONE};
	activity->notice = (struct pt_pending_notice){.kind = PT_NOTICE_NONE};
	trail_out->note.what[0] = '\0';
	trail_out->notice.kind = PT_NOTICE_NONE;
	/* Who is blocked need not be warned as well, now or after a crash. */
	if (!carry_block(config, account, &block, now, trail_out))
		return carry_notice(config, account, &notice, now, trail_out);
	if (notice.kind != PT_NOTICE_NONE)
		note_notice(&account->carried, &notice);
	return true;
}

bool
pt_external_unblock(struct pt_account *account,
    const struct pt_external_actor *actor, struct pt_trail *trail_out)
{
	enum pt_block_reason block = account->block_reason;
	struct pt_external_entry entry;

	if (block == PT_BLOCK_NONE)
		return false;
	pt_external_end_block(account);
	pt_external_entry_begin(&entry, account, trail_out, actor, "unblock");
	pt_external_entry_add(&entry, "reason", pt_block_reason_name(block));
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	return true;
}
