/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What time does to an account: access that is not used ends (unused_after),
 * after its owner was told a week before; app passwords expire; tombstones and
 * plans that were on their way are tidied up.  Asked now and then for every
 * account by housekeeping (core/service/sweep.h).
 *
 * Access is used by a mail program that logs in, looks for mail or transfers
 * some, and by a session as long as it is open; a message that it sends needs
 * a login, and what webmail sends is no use of it.  It is "unused" only after
 * unused_after since the last use, since it was switched on and active
 * (activation_delay), and since the state can tell use from disuse
 * (pt_store_begun()).  The owner is told PT_IDLE_TELL_SECONDS before, or at
 * half time where unused_after is shorter than two weeks; it never ends sooner
 * than that after the owner was told, unless nobody is told (notices are off).
 *
 * Where it is only observed (mode, or the plan's observe) nobody is told
 * either, and nothing ends.
 *
 * An app password that has expired is refused from then on, and ends here
 * PT_IDLE_EXPIRED_SECONDS later: who still uses it goes on learning why, as
 * long as tombstones are kept.
 */
#ifndef PT_RULES_IDLE_H
#define PT_RULES_IDLE_H

#include <stdint.h>

#include "core/config/config.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/trail.h"
#include "core/state/usage.h"

#define PT_IDLE_TELL_SECONDS    ((int64_t)7 * 86400)
#define PT_IDLE_EXPIRED_SECONDS ((int64_t)86400)

/* What was done to an account, or-ed. */
enum pt_idle {
	PT_IDLE_TOLD = 1 << 0,    /* that access ends soon */
	PT_IDLE_BLOCKED = 1 << 1, /* as unused */
	PT_IDLE_EXPIRED = 1 << 2, /* app passwords past their time */
	PT_IDLE_TIDIED = 1 << 3,  /* tombstones, plan */
	PT_IDLE_WOULD = 1 << 4,   /* block, were it not only observed */
};

struct pt_idle_facts {
	const struct pt_config *config;
	int64_t begun; /* pt_store_begun() */
	int64_t now;
	uint32_t life; /* of who counts open sessions; 0: nobody does */
};

/*
 * Changes the account record and fills the trail; returns what it did, 0 for
 * nothing.  Run it on copies first to learn whether an update is worth it.
 * Expects settled activity and usage.
 */
unsigned
pt_idle_judge(const struct pt_idle_facts *facts, struct pt_account *account,
    const struct pt_activity *activity, const struct pt_usage *usage,
    struct pt_trail *trail);

/* When access was used last, or may first have been used; for "explain". */
int64_t
pt_idle_since(const struct pt_idle_facts *facts, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_usage *usage);

/*
 * When access ends unless it is used before, at the earliest; 0: it is not on,
 * or never ends.  That it would only be observed does not count.
 */
int64_t
pt_idle_until(const struct pt_idle_facts *facts,
    const struct pt_account *account, const struct pt_activity *activity,
    const struct pt_usage *usage);

#endif
