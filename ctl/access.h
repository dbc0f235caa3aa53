/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Changes of external access: as any change (change.h), but a block that is
 * still pending in the activity record is carried over into the account
 * first, as the keeper does within a second where it runs.  So what is decided
 * now is decided about the account as it is, and nothing older comes after
 * it.
 */
#ifndef PC_ACCESS_H
#define PC_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/rules/external.h"
#include "ctl/call.h"

/*
 * Orders that what the login has in the queue is held.  That is another
 * program's to do; if the order cannot be left, standard error says how to do
 * it by hand, and the change that it follows from stands.
 */
void
pc_access_hold(const struct pc_call *call, const struct pt_login *login);

/* A format: the login.  An order leaves no trace of what came of it. */
#define PC_ACCESS_MAY_HOLD "mail may be on hold: posternctl queue release %s"

/* Carries over what is pending for that login. */
int
pc_access_settle(const struct pc_call *call, const struct pt_login *login,
    struct pt_err *err);

/*
 * The copies of the records as they will be when what is pending is carried
 * over, so that who looks sees what holds already.  Was there a block?
 */
bool
pc_access_foresee(const struct pc_call *call, struct pt_account *account,
    struct pt_activity *activity);

/* What the edit of a command works with. */
struct pc_access_order {
	enum pt_block_reason reason; /* block */
	uint32_t id;                 /* password revoke */
	struct pt_external_actor actor;
};

#endif
