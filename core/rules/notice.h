/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Which notices an owner gets.  Pure: the notice goes into the trail of the
 * update, and the store puts it into the outbox in the same transaction.
 */
#ifndef PT_RULES_NOTICE_H
#define PT_RULES_NOTICE_H

#include <stdbool.h>

#include "core/config/config.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/trail.h"

/* Is anything ever told but that an account was blocked? */
bool
pt_notice_is_possible(const struct pt_config *config);

/*
 * Puts a notice into the trail, unless notices are switched off (notice {
 * from } is empty) or the account had as many as notice { max } permits, which
 * counts in periods that begin with a notice; that it was blocked is always
 * told.  The account counts it, so it must be written.  The stamp is
 * notice->at.  false: there is none.
 */
bool
pt_notice_put(const struct pt_config *config, struct pt_account *account,
    const struct pt_notice *notice, struct pt_trail *trail);

/*
 * Marks a notice in the activity record, where no disk may be waited for: its
 * kind, stamps and figures.  It is carried over with pending blocks
 * (external.h).  A later one takes the place of one that waits.
 */
void
pt_notice_mark(struct pt_activity *activity, const struct pt_notice *notice);

#endif
