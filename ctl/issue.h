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
#include "ctl/wish.h"

/* What the edit, whose argument it is, works with and fills. */
struct pc_issue {
	struct pc_wish wish;
	struct pt_external_actor actor;
	const char *secret;
	const unsigned char *salt; /* for an account that has none */
	struct pt_password made;   /* a copy; id 0: none was made */
};

/*
 * Runs the edit for argument 0 of the call with the options of struct pc_wish
 * and --note, and tells about it.
 */
enum pc_answer
pc_issue_run(
    struct pc_call *call, const char *what, pc_edit_fn *fn, struct pt_err *err);

/* For the edit: the app password of that id was made. */
void
pc_issue_made(struct pc_issue *issue, struct pt_account *account, uint32_t id);

#endif
