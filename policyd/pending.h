/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Blocks that are pending: decided by Dovecot's auth process, which may wait
 * for no disk, and honoured by every rule at once.  Here they are carried over
 * into the account record: access off, app passwords ended, history written.
 *
 * Logins whose activity record has one are noted by whoever sees it; a few at
 * a time are completed, apart from decisions, because such a commit waits for
 * the disk.
 */
#ifndef PD_PENDING_H
#define PD_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"

#define PD_PENDING_MAX 64

struct pd_context;

struct pd_pending {
	unsigned count;
	bool more; /* there were more than could be noted */
	struct pt_login logins[PD_PENDING_MAX];
};

/* Notes a login once; when there is no room, that there are more. */
void
pd_pending_note(struct pd_pending *pending, const struct pt_login *login);

/* Looks through all activity; at the start. */
int
pd_pending_find(struct pd_context *context, struct pt_err *err);

/* Completes those that were noted; what fails is tried again. */
void
pd_pending_complete(struct pd_context *context, int64_t now_ms);

#endif
