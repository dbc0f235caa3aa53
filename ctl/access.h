/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Changes of external access: as any change (change.h), but a block that is
 * still pending in the activity record is carried over into the account
 * first, as policyd does within a second where it runs.  So what is decided
 * now is decided about the account as it is, and nothing older comes after
 * it.
 */
#ifndef PC_ACCESS_H
#define PC_ACCESS_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/rules/external.h"
#include "ctl/call.h"
#include "ctl/change.h"

/* Runs the edit for that login, and prints nothing. */
int
pc_access_change(const struct pc_call *call, const struct pt_login *login,
    const struct pc_edit *edit, struct pc_changed *changed_out,
    struct pt_err *err);

/* What the edit of a command works with. */
struct pc_access_order {
	enum pt_block_reason reason;    /* block */
	uint32_t id;                    /* password revoke */
	struct pt_external_actor actor; /* filled by pc_access_run() */
};

/* Runs the edit for argument 0 of the call with --note; prints one row. */
enum pc_answer
pc_access_run(struct pc_call *call, const char *what, pc_edit_fn *fn,
    struct pc_access_order *order, struct pt_err *err);

#endif
