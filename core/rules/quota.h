/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Sending quotas: a message is looked at (RCPT, DATA) or charged (end of
 * message) against all windows of its plan at once, and against the window of
 * its penalty while a term runs (penalty.h).  All or nothing: it is charged in
 * every window or in none.  A message that was charged in the last five
 * minutes is known by its hash and not charged again.
 *
 * A grant lets messages pass beyond the windows until it is used up; those
 * are not noted in the windows.
 */
#ifndef PT_RULES_QUOTA_H
#define PT_RULES_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/config/plan.h"
#include "core/rules/verdict.h"
#include "core/state/account.h"
#include "core/state/activity.h"

#define PT_RECENT_SECONDS 300

/* What one message adds, by enum pt_counted. */
struct pt_charge {
	uint32_t hash; /* pt_charge_hash() */
	uint64_t amount[PT_COUNTED];
};

/* A short hash of a queue id (or, where there is none, of the instance). */
uint32_t
pt_charge_hash(const char *id, size_t len);

/* The windows of a plan in which these units count. */
const struct pt_windows *
pt_quota_windows(const struct pt_plan *plan, enum pt_counted counted);

/* Was the message of that hash charged in the last PT_RECENT_SECONDS? */
bool
pt_quota_knows(const struct pt_activity *activity, uint32_t hash, int64_t now);

/*
 * Changes nothing.  A message that was charged already is permitted.  A
 * penalty that the plan only observes does not hold here.
 */
struct pt_verdict
pt_quota_look(const struct pt_plan *plan, const struct pt_account *account,
    const struct pt_activity *activity, const struct pt_charge *charge,
    int64_t now);

/* As pt_quota_look(), and if permitted the charge is noted in activity. */
struct pt_verdict
pt_quota_charge(const struct pt_plan *plan, const struct pt_account *account,
    struct pt_activity *activity, const struct pt_charge *charge, int64_t now);

/*
 * Takes back the charge of the message of that hash, in all windows, the
 * totals and the grant, as if it had never been charged (pt_window_take()
 * says how exactly); the same message would be charged anew.  Only
 * last_sent_at stays: the account was used then.  false: it was not charged
 * in the last PT_RECENT_SECONDS.  Expects a settled activity.
 */
bool
pt_quota_refund(struct pt_activity *activity, uint32_t hash, int64_t now);

/* Messages left of the account's grant at "now". */
uint64_t
pt_quota_grant_left(const struct pt_account *account,
    const struct pt_activity *activity, int64_t now);

#endif
