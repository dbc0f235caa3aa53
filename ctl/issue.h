/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Issuing an app password: it is made outside the change, printed once when
 * the change is on the disk, and revoked again if it could not be printed.
 */
#ifndef PC_ISSUE_H
#define PC_ISSUE_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/rules/external.h"
#include "core/state/account.h"
#include "ctl/call.h"
#include "ctl/change.h"
#include "ctl/secret.h"
#include "ctl/wish.h"

/* What the edit, whose argument it is, works with and fills. */
struct pc_issue {
	struct pc_wish wish;
	struct pt_external_actor actor;
	struct pc_secret secret;
	struct pt_password made; /* a copy; id 0: none was made */
	int64_t active_from;     /* activation_delay; 0: it works at once */
	int64_t locked_at;       /* a sending lock, which stays; 0: none */
};

/* Reads the options of struct pc_wish and makes the secret. */
int
pc_issue_prepare(
    const struct pc_call *call, struct pc_issue *issue, struct pt_err *err);

/* Tells about a change that was made (PC_YES). */
enum pc_answer
pc_issue_tell(struct pc_call *call, const struct pc_issue *issue,
    struct pc_change *change, struct pt_err *err);

/*
 * Nobody has seen the new app password, or a part of it only: it is revoked
 * again.  *err says why it was not seen, and then what became of it.
 */
void
pc_issue_take_back(const struct pc_call *call, const struct pc_issue *issue,
    const struct pt_login *login, struct pt_err *err);

/* For the edit: the app password of that id was made. */
void
pc_issue_made(const struct pc_call *call, struct pc_issue *issue,
    struct pt_account *account, uint32_t id);

#endif
