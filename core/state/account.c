/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/account.h"

#include <string.h>

#include "core/base/attr.h"

static const char *const block_reason_names[] = {
    [PT_BLOCK_NONE] = "none",
    [PT_BLOCK_QUOTA] = "quota",
    [PT_BLOCK_CRACKED] = "cracked",
    [PT_BLOCK_CONNECTIONS] = "connections",
    [PT_BLOCK_INACTIVE] = "inactive",
    [PT_BLOCK_UNUSED] = "unused",
    [PT_BLOCK_ABUSE] = "abuse",
    [PT_BLOCK_ADMIN] = "admin",
};

static const char *const ending_names[] = {
    [PT_ENDING_NONE] = "none",
    [PT_ENDING_REVOKED] = "revoked",
    [PT_ENDING_DISABLED] = "disabled",
    [PT_ENDING_BLOCKED] = "blocked",
    [PT_ENDING_CHANGED] = "changed",
    [PT_ENDING_EXPIRED] = "expired",
};

/* Only what the counts and first bytes make reachable is written. */
void
pt_account_init(struct pt_account *account, const struct pt_login *login)
{
	account->login = *login;
	account->exists = false;
	account->created_at = 0;
	account->plan[0] = '\0';
	account->next_plan[0] = '\0';
	account->next_plan_at = 0;
	account->status = PT_STATUS_ACTIVE;
	account->language[0] = '\0';
	account->timezone[0] = '\0';
	account->lock.at = 0;
	account->lock.note[0] = '\0';
	account->block_reason = PT_BLOCK_NONE;
	account->block.at = 0;
	account->block.note[0] = '\0';
	account->block_figures = (struct pt_figures){0};
	account->notices = (struct pt_notice_count){0};
	account->carried = (struct pt_carried){0};
	account->unused_told_at = 0;
	account->grant = (struct pt_grant){0};
	account->access = PT_ACCESS_NEVER;
	account->access_at = 0;
	account->protocols = 0;
	account->main_password_at = 0;
	account->last_password_id = 0;
	memset(account->salt, 0, sizeof(account->salt));
	account->password_count = 0;
	account->overrides.count = 0;
	account->overrides.len = 0;
	account->senders.count = 0;
	account->senders.len = 0;
}

const char *
pt_block_reason_name(enum pt_block_reason reason)
{
	if ((size_t)reason >= PT_ARRAY_LEN(block_reason_names))
		return NULL;
	return block_reason_names[reason];
}

const char *
pt_ending_name(enum pt_ending ending)
{
	if ((size_t)ending >= PT_ARRAY_LEN(ending_names))
		return NULL;
	return ending_names[ending];
}
