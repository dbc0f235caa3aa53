/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * May an IMAP or POP3 session that is open go on?  And what it transferred.
 */
#ifndef PT_RULES_SESSION_H
#define PT_RULES_SESSION_H

#include <stdint.h>

#include "core/config/config.h"
#include "core/rules/token.h"
#include "core/rules/verdict.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/usage.h"

/*
 * Status, block (a pending one, too), access, the app password of the token
 * (ended, expired), protocol in plan, by owner and by app password.  Not the
 * limits of logins.  An account that was deleted has no access.  A plan that
 * the configuration does not know ends no session.
 */
struct pt_verdict
pt_session_judge(const struct pt_config *config,
    const struct pt_account *account, const struct pt_activity *activity,
    const struct pt_token *token, int64_t now);

/*
 * When it must be judged again although nothing changes (the app password
 * expires, another plan holds); 0: never.
 */
int64_t
pt_session_until(const struct pt_account *account, const struct pt_token *token,
    int64_t now);

/* Is the account's number of open sessions, this one included, allowed? */
struct pt_verdict
pt_session_count(const struct pt_plan *plan, uint32_t open);

/*
 * Adds what was transferred to the windows; a verdict against it when one is
 * full from now on (the session is ended).  pt_traffic_judge() only looks, at
 * a usage that is settled.
 */
struct pt_verdict
pt_traffic_add(const struct pt_plan *plan, struct pt_usage *usage,
    const uint64_t bytes[PT_TRAFFICS], int64_t now);

struct pt_verdict
pt_traffic_judge(
    const struct pt_plan *plan, const struct pt_usage *usage, int64_t now);

#endif
