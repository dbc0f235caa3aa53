/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Mail checks: one look for new mail in mail_check seconds.
 *
 * POP3: a login is a check.  IMAP with imap_check = hold: a check opens the
 * view of INBOX up to its newest UID; until the next one is due, every session
 * of the account sees INBOX up to that UID and nothing newer.  POP3 and IMAP
 * have stamps of their own, so that neither can starve the other.
 *
 * A stamp is a whole second; the next check is due "interval" seconds later.
 * A stamp after now (the clock was set back) counts as now's: nobody waits
 * for more than one interval.
 */
#ifndef PT_RULES_MAIL_CHECK_H
#define PT_RULES_MAIL_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config/plan.h"
#include "core/rules/verdict.h"
#include "core/state/usage.h"

/*
 * May this POP3 login check?  If so, it is stamped.  Here and below the usage
 * should be settled (pt_usage_settle()), so that the caller knows whether it
 * must be written although the verdict is against it.
 */
struct pt_verdict
pt_mail_check_pop3(
    const struct pt_plan *plan, struct pt_usage *usage, int64_t now);

/*
 * imap_check = refuse: may this IMAP login check?  Logins within check_burst
 * of the one that was stamped belong to it.  Under another imap_check every
 * login may, and nothing is stamped.
 */
struct pt_verdict
pt_mail_check_imap_login(
    const struct pt_plan *plan, struct pt_usage *usage, int64_t now);

/* What an IMAP session may show of INBOX. */
struct pt_held_view {
	bool held;        /* false: everything, the plan does not hold */
	uint32_t uidnext; /* messages below it are visible */
	int64_t due;      /* seconds until the next check; at least 1 */
};

/*
 * A session looks: uidvalidity and uidnext are those of its INBOX now.  Opens
 * the view if a check is due (or never was, or UIDVALIDITY is another), else
 * tells what is held.  The view of one UIDVALIDITY never goes back, even if a
 * session lags behind the others.  changed_out: the usage must be written
 * back.
 */
struct pt_held_view
pt_mail_check_look(const struct pt_plan *plan, struct pt_usage *usage,
    uint32_t uidvalidity, uint32_t uidnext, int64_t now, bool *changed_out);

/*
 * The account itself stored mail in INBOX: it is visible at once, and so is
 * what came before it.  That is no check: when the next one is due does not
 * change.  Where no check has been yet, it is one.
 */
struct pt_held_view
pt_mail_check_stored(const struct pt_plan *plan, struct pt_usage *usage,
    uint32_t uidvalidity, uint32_t uidnext, int64_t now, bool *changed_out);

#endif
