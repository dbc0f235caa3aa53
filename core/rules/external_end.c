/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The transitions that take something away, but for blocks. */

#include "core/rules/account_plan.h"
#include "core/rules/external_private.h"
#include "core/rules/notice.h"

bool
pt_external_disable(struct pt_account *account,
    const struct pt_external_actor *actor, struct pt_trail *trail_out)
{
	struct pt_external_entry entry;
	unsigned ended;

	if (account->access != PT_ACCESS_ON)
		return false;
	ended = pt_password_end_all(
	    account, PT_ENDING_DISABLED, PT_BLOCK_NONE, actor->now);
	account->access = PT_ACCESS_OFF;
	account->access_at = actor->now;
	pt_external_entry_begin(&entry, account, trail_out, actor, "disable");
	pt_external_entry_add_number(&entry, "app-passwords-ended", ended);
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	return true;
}

int
pt_external_revoke(struct pt_account *account, uint32_t id,
    const struct pt_external_actor *actor, struct pt_trail *trail_out,
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
	    &entry, account, trail_out, actor, "password-revoke");
	pt_external_entry_add_id(&entry, password);
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	(void)pt_password_forget(account, actor->now);
	return 0;
}

static void
tell_ended(const struct pt_config *config, struct pt_account *account,
    int64_t now, struct pt_trail *trail)
{
	const struct pt_notice notice = {
	    .kind = PT_NOTICE_PASSWORDS_ENDED,
	    .at = now,
	};

	(void)pt_notice_put(config, account, &notice, trail);
}

void
pt_external_password_changed(const struct pt_config *config,
    struct pt_account *account, const struct pt_external_actor *actor,
    struct pt_trail *trail_out)
{
	struct pt_external_entry entry;
	const struct pt_plan *plan;
	struct pt_plan room;
	unsigned ended = 0;

	plan = pt_account_plan(config, account, actor->now, &room);
	if (plan != NULL && plan->password_change_ends)
		ended = pt_password_end_all(
		    account, PT_ENDING_CHANGED, PT_BLOCK_NONE, actor->now);
	account->main_password_at = actor->now;
	/* The change came after the block, whatever the clock says. */
	if (account->block_reason != PT_BLOCK_NONE &&
	    account->main_password_at < account->block.at)
		account->main_password_at = account->block.at;
	pt_external_entry_begin(
	    &entry, account, trail_out, actor, "password-changed");
	pt_external_entry_add_number(&entry, "app-passwords-ended", ended);
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	if (ended > 0)
		tell_ended(config, account, actor->now, trail_out);
}
