/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Bounces as evidence: mail from the null sender, without a login, that comes
 * to one of our accounts.  Whatever is found, the bounce itself is never
 * refused.
 *
 * An account is one of ours, for this purpose, if it has an evidence record,
 * because it has sent through us; the recipient may name it by its login, with
 * a tag, at an alias domain, or by an address that the maps say it owns.
 */
#ifndef PM_BOUNCE_WATCH_H
#define PM_BOUNCE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/rules/dsn.h"
#include "milter/filter.h"

/* A report comes back to one sender; who forwards may own it in common. */
#define PM_BOUNCE_ACCOUNTS 8

struct pm_bounce_watch {
	/* It was handed over as a report of our own MTA would be. */
	bool may_be_ours;
	char host[PT_DSN_HOST_MAX + 1]; /* our MTA's name, macro j */
	bool maps_failed; /* they are not asked again for this message */
	unsigned count;
	struct pt_login accounts[PM_BOUNCE_ACCOUNTS];
	bool body_is_over; /* no more of it is needed */
	struct pt_dsn dsn;
};

/* NULL: out of memory, and then the bounce proves nothing. */
struct pm_bounce_watch *
pm_bounce_watch_new(const char *host, bool may_be_ours);

/* NULL is allowed. */
void
pm_bounce_watch_free(struct pm_bounce_watch *watch);

/* A recipient, in brackets or not. */
void
pm_bounce_watch_recipient(struct pm_bounce_watch *watch,
    struct pm_filter *filter, const struct pm_snapshot *snapshot,
    const char *recipient);

/* At its end: counts, and blocks who is cracked. */
void
pm_bounce_watch_end(struct pm_bounce_watch *watch, struct pm_filter *filter,
    const struct pm_snapshot *snapshot, int64_t now);

#endif
