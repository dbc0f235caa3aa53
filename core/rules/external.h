/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * External access as the owner or the postmaster changes it: enable, disable,
 * app passwords, block, unblock.  The one place for these transitions, so that
 * posternctl, doveadm and the daemons do the same, write the same history and
 * tell the owner the same (core/rules/notice.h).
 *
 * Each function is pure: it changes the account record (and fills the trail:
 * history and notice) or refuses with PT_ERR_INPUT and a text that says what
 * stands in the way and what to do.  Run them inside pt_store_update() under
 * PT_UPDATE_ACCOUNT.  A secret is made outside and given in, because an update
 * may run twice.
 */
#ifndef PT_RULES_EXTERNAL_H
#define PT_RULES_EXTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/config/config.h"
#include "core/rules/password.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/trail.h"

/* Who asks, for the history; the rest is filled in here. */
struct pt_external_actor {
	const char *who;  /* "root", "doveadm" */
	const char *note; /* the postmaster's words, or "" */
	int64_t now;
};

/*
 * Switches external access on and adds the first app password.  Refused if it
 * is on already (add an app password instead), if the account is inactive, if
 * the plan does not allow a wanted protocol, if a block of the postmaster
 * stands (abuse, admin), and after "cracked" until the main password was
 * changed.  Any other block ends; a sending lock stays.  The owner is told,
 * here and of each further app password.  protocols 0: all that the plan
 * allows.  salt_random is used if the account has no salt yet.  PT_ERR_CONFIG,
 * here and below: the configuration does not know the account's plan.
 */
int
pt_external_enable(const struct pt_config *config, struct pt_account *account,
    unsigned protocols, const struct pt_password_wish *wish, const char *secret,
    const unsigned char salt_random[PT_PASSWORD_SALT_BYTES],
    const struct pt_external_actor *actor, uint32_t *id_out,
    struct pt_trail *trail_out, struct pt_err *err);

/* Changes which protocols are switched on, while access is on. */
int
pt_external_set_protocols(const struct pt_config *config,
    struct pt_account *account, unsigned protocols,
    const struct pt_external_actor *actor, struct pt_trail *trail_out,
    struct pt_err *err);

/* Ends all app passwords.  false: it was off already, nothing changed. */
bool
pt_external_disable(struct pt_account *account,
    const struct pt_external_actor *actor, struct pt_trail *trail_out);

/* Another app password; access must be on. */
int
pt_external_add_password(const struct pt_config *config,
    struct pt_account *account, const struct pt_password_wish *wish,
    const char *secret, const struct pt_external_actor *actor, uint32_t *id_out,
    struct pt_trail *trail_out, struct pt_err *err);

/* Ends one.  PT_ERR_INPUT if there is none that lives under that id. */
int
pt_external_revoke(struct pt_account *account, uint32_t id,
    const struct pt_external_actor *actor, struct pt_trail *trail_out,
    struct pt_err *err);

/*
 * Blocks: reason, time, figures (NULL: none), note; access goes off if it was
 * on, all app passwords end with the reason, and the owner is told.  A block
 * gives way to one from which it is at least as hard to come back (abuse and
 * admin, cracked, all others), so that no program lifts what the postmaster
 * decided.  After "cracked" a change of the main password counts only if it is
 * told after this, whatever the clock says.  false: blocked for that reason
 * already, or for one that does not give way.
 */
bool
pt_external_block(const struct pt_config *config, struct pt_account *account,
    enum pt_block_reason reason, const struct pt_figures *figures,
    const struct pt_external_actor *actor, struct pt_trail *trail_out);

/*
 * Decides a block where no disk may be waited for: marks it in the activity
 * record, and every rule honours it from now on.  false: nothing changed,
 * because it has been blocked so already, the block would give way, or the
 * account does not exist; but "cracked" makes one.  For PT_UPDATE_ACTIVITY.
 */
bool
pt_external_mark_block(const struct pt_account *account,
    struct pt_activity *activity, enum pt_block_reason reason,
    const struct pt_figures *figures, int64_t now);

/*
 * Carries what is pending in the activity record over: a block into the
 * account, as pt_external_block() at the time when it was decided, in Postern's
 * name; a notice into the outbox, unless there was a block, of which the owner
 * is told instead.  The account remembers what was carried over last, so that
 * the same mark, found again, does nothing.  false: the account did not change,
 * because it is blocked so already, the block gave way, the notice is not to be
 * sent, or the account does not exist; but "cracked" and a notice make one.
 *
 * Nothing is pending any more in the activity record then; but take two updates
 * (store.h says why): one that writes the account, and under
 * PT_UPDATE_ACTIVITY another, which writes the activity record if this returns
 * false, that is, if the account has what was pending.
 */
bool
pt_external_carry_over(const struct pt_config *config,
    struct pt_account *account, struct pt_activity *activity, int64_t now,
    struct pt_trail *trail_out);

/* Access stays off: the owner enables again.  false: was not blocked. */
bool
pt_external_unblock(struct pt_account *account,
    const struct pt_external_actor *actor, struct pt_trail *trail_out);

/*
 * The provider tells that the main password was changed.  A block "cracked"
 * can be left by enabling again; access stays as it is.  Where the account's
 * plan has password_change_ends, all app passwords end, because who knew the
 * old main password may have made some; if any did, the owner is told.
 */
void
pt_external_password_changed(const struct pt_config *config,
    struct pt_account *account, const struct pt_external_actor *actor,
    struct pt_trail *trail_out);

/* "never", "on", "off" */
const char *
pt_external_access_name(enum pt_access access);

/* "imap,pop3"; the list as it is typed and shown.  0 protocols: "none". */
void
pt_external_protocols_format(unsigned protocols, char *buf, size_t cap);

/* The reverse; PT_ERR_INPUT names the word that is none. */
int
pt_external_protocols_parse(
    const char *text, unsigned *out, struct pt_err *err);

#endif
