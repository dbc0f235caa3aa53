/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Blocks that are pending: decided where no disk may be waited for (Dovecot's
 * auth process, the milter's messages), marked in the activity record, and
 * honoured by every rule at once.  Here they are carried over into the account
 * record: access off, app passwords ended, history written.
 *
 * policyd does it while it lives, postern-milter where there is no policyd.
 * If both do it, nothing happens twice.
 */
#ifndef PT_SERVICE_PENDING_H
#define PT_SERVICE_PENDING_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/state/account.h"
#include "core/state/store.h"

#define PT_PENDING_MAX PT_BATCH_MAX /* at a time */

struct pt_pending_job {
	struct pt_login login;
	int64_t now;
	/* Results. */
	enum pt_block_reason reason; /* that was completed; or none */
	enum pt_err_kind failed;     /* the records cannot be used */
};

struct pt_pending {
	size_t count;
	struct pt_pending_job job[PT_PENDING_MAX];
};

/*
 * Completes all, or as many as fit, and lists them; what fails is tried again
 * the next time.  Waits for the disk, but only if there are any.  err as in
 * pt_store_update(): set too when it returns 0 and single logins failed.
 */
int
pt_pending_complete(struct pt_store *store, int64_t now,
    struct pt_pending *pending, struct pt_err *err);

#endif
