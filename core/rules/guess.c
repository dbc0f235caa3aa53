/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/guess.h"

#include <string.h>

#include "core/base/hash.h"
#include "core/rules/account_plan.h"
#include "core/rules/external.h"
#include "core/rules/figures.h"
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

/* Are there as many as the limit? */
static void
judge_guesses(const struct pt_plan *plan, const struct pt_account *account,
    struct pt_activity *activity, struct pt_usage *usage, int64_t now,
    struct pt_guess *out)
{
	const struct pt_window *window = &plan->guesses.at[0];
	uint64_t used = pt_window_used(&usage->guesses, window->seconds, now);

	if (used < window->limit)
		return;
	out->figures = pt_figures_of(PT_FIGURES_GUESSES, used, window);
	if ((plan->observe & PT_OBSERVE_GUESSES) != 0)
		out->would = true;
	else
		out->blocked = pt_external_mark_block(
		    account, activity, PT_BLOCK_CRACKED, &out->figures, now);
	/* Or one more would block who has come back since. */
	if (out->blocked)
		usage->guesses.count = 0;
}

struct pt_guess
pt_guess_count(const struct pt_config *config, const struct pt_account *account,
    struct pt_activity *activity, struct pt_usage *usage, uint32_t hash,
    int64_t now)
{
	struct pt_guess guess = {.counted = false};
	const struct pt_plan *plan;
	struct pt_plan room;

	if (!account->exists || account->access != PT_ACCESS_ON ||
	    account->block_reason != PT_BLOCK_NONE)
		return guess;
	plan = pt_account_plan(config, account, now, &room);
	if (plan == NULL || plan->guesses.count == 0 || is_known(usage, hash))
		return guess;
	(void)pt_usage_settle(usage, now);
	remember(usage, hash);
	pt_window_add(&usage->guesses, &plan->guesses, 1, now);
	guess.counted = true;
	judge_guesses(plan, account, activity, usage, now, &guess);
	return guess;
}
