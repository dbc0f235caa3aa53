/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Which addresses a login owns, in envelope and header: itself, itself with a
 * tag, its local part at each alias domain of its domain, what the account's
 * own list names ("address" or "@domain"), and what the configured maps say.
 * The null sender of an envelope belongs to everybody.
 *
 * Comparison: ASCII letters without case, domains as A-labels (IDNA2008), no
 * Unicode folding: look-alikes are not equal.  What cannot be read as an
 * address is not owned.
 *
 * Maps are asked outside (core/maps/maps.h), because a rule does no I/O; their
 * answer comes in as "by_maps".
 */
#ifndef PT_RULES_SENDER_H
#define PT_RULES_SENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/login.h"
#include "core/config/config.h"
#include "core/state/account.h"

enum pt_owned {
	PT_OWNED_NO,
	PT_OWNED_YES,
	PT_OWNED_UNKNOWN, /* a map that could know cannot be asked now */
};

/*
 * PT_OWNED_YES if anything says yes; what the maps could not say matters only
 * if nothing else does.
 */
enum pt_owned
pt_sender_owns(const struct pt_sender_config *config,
    const struct pt_account *account, const struct pt_login *address,
    enum pt_owned by_maps);

/*
 * The same without the account's list and the maps: most mail needs no more,
 * and neither the state nor a map has to be asked then.
 */
bool
pt_sender_owns_plainly(const struct pt_sender_config *config,
    const struct pt_login *login, const struct pt_login *address);

/* An envelope sender as the MTA says it, without angle brackets. */
enum pt_owned
pt_sender_owns_envelope(const struct pt_sender_config *config,
    const struct pt_account *account, const char *sender, size_t len,
    enum pt_owned by_maps);

#endif
