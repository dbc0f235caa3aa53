/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Which addresses a login owns, for the envelope sender (and later the From
 * header): itself, itself with a tag, its local part at each alias domain of
 * its domain, and what the account's own list names ("address" or
 * "@domain").  The null sender belongs to everybody.
 *
 * Comparison: ASCII letters without case, domains as A-labels.  What cannot
 * be read as an address is not owned.
 */
#ifndef PT_RULES_SENDER_H
#define PT_RULES_SENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/config/config.h"
#include "core/state/account.h"

bool
pt_sender_is_owned(const struct pt_sender_config *config,
    const struct pt_account *account, const char *sender, size_t len);

#endif
