/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Wrong passwords: each counts once, and too many block. */

#include <string.h>

#include "core/base/hash.h"
#include "core/rules/account_plan.h"
#include "core/rules/authenticate.h"
#include "core/rules/external.h"
#include "core/rules/password.h"
#include "core/rules/window.h"

uint32_t
pt_guess_hash(const struct pt_login *login, const char *secret, size_t len)
{
	unsigned char hash[PT_PASSWORD_HASH_BYTES];
	unsigned char salt[PT_PASSWORD_SALT_BYTES] = "guess of";
	uint64_t name = pt_hash(login->text, login->len);
	unsigned i;

	for (i = 0; i < 8; i++)
		salt[8 + i] = (unsigned char)(name >> (8 * i));
	pt_password_hash(salt, secret, len, hash);
	return (uint32_t)hash[0] | (uint32_t)hash[1] << 8;
}

static bool
is_known(const struct pt_usage *usage, uint32_t hash)
{
	unsigned i;

	for (i = 0; i < usage->guess_count; i++) {
		if (usage->guess[i] == hash)
			return true;
	}
	return false;
}

static void
remember(struct pt_usage *usage, uint32_t hash)
{
	if (usage->guess_count == PT_GUESSES_MAX) {
		usage->guess_count--;
		memmove(usage->guess, usage->guess + 1,
		    usage->guess_count * sizeof(usage->guess[0]));
	}
	usage->guess[usage->guess_count++] = hash;
}

bool
pt_authenticate_count_guess(const struct pt_config *config,
    const struct pt_account *account, struct pt_activity *activity,
    struct pt_usage *usage, uint32_t hash, int64_t now)
{
	const struct pt_window *window;
	const struct pt_plan *plan;
	struct pt_plan room;

	if (!account->exists || account->access != PT_ACCESS_ON ||
	    account->block_reason != PT_BLOCK_NONE)
		return false;
	plan = pt_account_plan(config, account, &room);
	if (plan == NULL || plan->guesses.count == 0 || is_known(usage, hash))
		return false;
	(void)pt_usage_settle(usage, now);
	remember(usage, hash);
	pt_window_add(&usage->guesses, &plan->guesses, 1, now);
	window = &plan->guesses.at[0];
	if (pt_window_used(&usage->guesses, window->seconds, now) >=
	    window->limit)
		(void)pt_external_mark_block(
		    account, activity, PT_BLOCK_CRACKED, now);
	return true;
}
