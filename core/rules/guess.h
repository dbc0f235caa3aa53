/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Wrong passwords (plan key guesses): each counts once, and too many of them
 * block the account as cracked.  Pure, as authenticate.h, which says what is a
 * guess.
 */
#ifndef PT_RULES_GUESS_H
#define PT_RULES_GUESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/config/config.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/figures.h"
#include "core/state/usage.h"

/*
 * A short hash of a wrong password, salted by the login.  A wrong password is
 * often the main one, so only 16 bits of it are kept: enough to know it again
 * among a few, far too few to tell which password it was.
 */
uint32_t
pt_guess_hash(const struct pt_login *login, const char *secret, size_t len);

/* What became of a wrong password. */
struct pt_guess {
	bool counted;              /* the usage must be written */
	bool blocked;              /* the activity, too */
	bool would;                /* block, were guesses not only observed */
	struct pt_figures figures; /* of the block; else of no unit */
};

/*
 * Counts a wrong password: the same one counts once, as long as it is among
 * the last PT_GUESSES_MAX.  When the limit is reached, a block "cracked"
 * becomes pending in activity, and counting begins anew.  Accounts without a
 * record count nothing, so that strangers cannot fill the state; nor do those
 * without external access, because there is nothing to guess.
 */
struct pt_guess
pt_guess_count(const struct pt_config *config, const struct pt_account *account,
    struct pt_activity *activity, struct pt_usage *usage, uint32_t hash,
    int64_t now);

#endif
