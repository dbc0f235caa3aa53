/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The plan that holds for an account: its plan with its overrides. */
#ifndef PT_RULES_ACCOUNT_PLAN_H
#define PT_RULES_ACCOUNT_PLAN_H

#include "core/config/config.h"
#include "core/state/account.h"

/*
 * "room" holds the plan when there are overrides; else the configuration's
 * own plan is returned.  NULL if the plan or an override is unknown to the
 * configuration (mail is deferred then, and logins are refused).
 */
const struct pt_plan *
pt_account_plan(const struct pt_config *config,
    const struct pt_account *account, struct pt_plan *room);

#endif
