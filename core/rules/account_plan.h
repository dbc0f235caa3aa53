/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The plan that holds for an account: its plan with its overrides, and one
 * that is on its way (plan_delay).
 */
#ifndef PT_RULES_ACCOUNT_PLAN_H
#define PT_RULES_ACCOUNT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config/config.h"
#include "core/state/account.h"

/*
 * The plan at "now": one that is on its way holds from account->next_plan_at
 * on.  "room" holds the plan when there are overrides; else the configuration's
 * own plan is returned.  NULL if the plan or an override is unknown to the
 * configuration (mail is deferred then, and logins are refused).
 */
const struct pt_plan *
pt_account_plan(const struct pt_config *config,
    const struct pt_account *account, int64_t now, struct pt_plan *room);

/* Its name at "now"; "" is the default plan. */
const char *
pt_account_plan_name(const struct pt_account *account, int64_t now);

/*
 * When a plan that is on its way will allow the protocol; 0: there is none
 * that does.
 */
int64_t
pt_account_plan_from(const struct pt_config *config,
    const struct pt_account *account, enum pt_protocol protocol, int64_t now);

/* A plan whose time has come becomes the account's own.  Was there one? */
bool
pt_account_plan_settle(struct pt_account *account, int64_t now);

/*
 * Gives the account that plan, at once or, if the plan has a plan_delay, from
 * account->next_plan_at on.  The same one again leaves its time as it is, but
 * for one that is further away than the delay.  The plan that holds already,
 * and "" (back to the default plan), hold at once, and what was on its way is
 * not any more.  "name" must be known to the configuration, or "".
 */
void
pt_account_plan_set(const struct pt_config *config, struct pt_account *account,
    const char *name, bool skips_delay, int64_t now);

#endif
