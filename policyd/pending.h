/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Blocks that are pending: decided by Dovecot's auth process, which may wait
 * for no disk, and honoured by every rule at once.  Here they are carried over
 * into the account record: access off, app passwords ended, history written.
 *
 * The state lists the logins whose activity record has one.  It is done apart
 * from decisions, because such a commit waits for the disk; nobody else waits
 * for it.
 */
#ifndef PD_PENDING_H
#define PD_PENDING_H

#include <stdint.h>

#include "core/state/store.h"

#define PD_PENDING_MAX PT_BATCH_MAX /* at a time */

struct pd_context;

/*
 * Completes all, or as many as fit; several times a second.  What fails is
 * reported, and tried again the next time.
 */
void
pd_pending_complete(struct pd_context *context, int64_t now_ms);

#endif
