/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Who has access: may this login send now, and the questions that logins and
 * open sessions of mail programs share.
 *
 * A block that is pending in the activity record counts exactly as one in the
 * account record.
 */
#ifndef PT_RULES_ACCESS_H
#define PT_RULES_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config/config.h"
#include "core/rules/verdict.h"
#include "core/state/account.h"
#include "core/state/activity.h"

struct pt_access_facts {
	int64_t now;
	bool encrypted;
	bool trusted; /* the client is in a trusted network */
};

/*
 * May this login send at all now?  Sending lock, status, block, external
 * access, activation, SMTP in the plan and by the owner, encryption.  A
 * trusted network is exempt from all but the sending lock and the status of
 * the mailbox.
 *
 * External access that was never switched on stands not against it: a site
 * may use sending quotas alone, with passwords of its own, and then nobody
 * ever switches anything on.  Where Postern's passdb guards the logins,
 * nobody gets this far without an app password.
 */
struct pt_verdict
pt_access_send(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_activity *activity,
    const struct pt_access_facts *facts);

/*
 * What stands against any mail program, whatever its app password: status,
 * block, external access off or never on.
 */
struct pt_verdict
pt_access_standing(
    const struct pt_account *account, const struct pt_activity *activity);

/*
 * When external access that was switched on begins (activation_delay); 0: it
 * has begun, or is not on.
 */
int64_t
pt_access_begins(
    const struct pt_plan *plan, const struct pt_account *account, int64_t now);

/* Deferred until then. */
struct pt_verdict
pt_access_activation(
    const struct pt_plan *plan, const struct pt_account *account, int64_t now);

/*
 * Why an app password that has ended is not taken.  When all of them ended,
 * that is what still stands against the account, if anything does: the owner
 * learns what to do now.
 */
struct pt_verdict
pt_access_ended(const struct pt_account *account,
    const struct pt_activity *activity, const struct pt_password *password);

/*
 * Is the protocol in the plan (if not, is it in one that is on its way?),
 * switched on, and one of the app password?
 */
struct pt_verdict
pt_access_protocol(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_password *password,
    enum pt_protocol protocol, int64_t now);

#endif
