/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Changes of the header, where the configuration wants a message mended and
 * not refused: sender { policy = rewrite }, foreign_sender = remove.
 */
#ifndef PM_REWRITE_H
#define PM_REWRITE_H

#include <stddef.h>

#include "core/base/login.h"
#include "milter/mta.h"
#include "milter/session.h"

#define PM_REWRITE_ORIGINAL "X-Original-From"

/* Bytes of what was in From that are kept, and as a field of ours. */
#define PM_REWRITE_VALUE_MAX (2 * PM_ORIGINAL_MAX)
#define PM_REWRITE_LINE_MAX  78

/*
 * From becomes the login's address, what it was is kept in X-Original-From,
 * and of Sender and the Resent fields all go that are not plainly the login's.
 */
void
pm_rewrite_from(struct pm_session *session, const struct pm_mta *mta);

/* Removes all fields of these names: bits by enum pt_from_field. */
void
pm_rewrite_remove(
    struct pm_session *session, const struct pm_mta *mta, unsigned fields);

/* Adds a field, with the blank that the MTA expects. */
void
pm_rewrite_add(struct pm_session *session, const struct pm_mta *mta,
    const char *name, const char *value);

/*
 * Text from a header as a value of ours: controls become blanks, what is not
 * UTF-8 becomes '?', and it is folded at blanks.
 */
void
pm_rewrite_clean(const char *text, char *buf, size_t cap);

/* The login as a mailbox, with quotation marks if it needs them. */
void
pm_rewrite_address(const struct pt_login *login, char *buf, size_t cap);

#endif
