/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The cap: up to which UID this session may show INBOX, as far as it knows.
 *
 * policyd tells it and keeps it for the account; this is the session's copy,
 * and the answer to "must policyd be asked now?", so that it is asked once
 * per mail check and not once per command.  UIDs ascend, so "what came after
 * the last check" is always the end of the mailbox, and one UID says it all.
 *
 * A session that has shown a UID goes on showing it: for one UIDVALIDITY the
 * cap never falls below what was shown, whatever policyd says.
 *
 * Times are milliseconds of a monotonic clock.
 */
#ifndef DP_CAP_H
#define DP_CAP_H

#include <stdbool.h>
#include <stdint.h>

/* How long "nothing is held" is believed. */
#define DP_CAP_FREE_MS 60000

enum dp_cap_state {
	DP_CAP_UNKNOWN, /* policyd has not told yet, or cannot be reached */
	DP_CAP_FREE,    /* nothing is held */
	DP_CAP_HELD,
};

struct dp_cap {
	enum dp_cap_state state;
	uint32_t uidvalidity;       /* of uidnext */
	uint32_t uidnext;           /* messages below it are visible */
	uint32_t shown_uidvalidity; /* of shown */
	uint32_t shown;             /* the largest UIDNEXT that was shown */
	int64_t due_ms;             /* when to ask again; of FREE and HELD */
};

/* "action=hold".  Does it show more than before? */
bool
dp_cap_hold(
    struct dp_cap *cap, uint32_t uidvalidity, uint32_t uidnext, int64_t due_ms);

/* "action=ok" to a check: nothing is held. */
void
dp_cap_free(struct dp_cap *cap, int64_t now_ms);

/* policyd is out of reach: no throttle, and nothing is known. */
void
dp_cap_forget(struct dp_cap *cap);

/* The account itself stored mail up to uidnext: visible at once. */
void
dp_cap_stored(struct dp_cap *cap, uint32_t uidvalidity, uint32_t uidnext);

/* INBOX was shown up to uidnext. */
void
dp_cap_shown(struct dp_cap *cap, uint32_t uidvalidity, uint32_t uidnext);

/* Must policyd be asked before INBOX is shown? */
bool
dp_cap_is_due(const struct dp_cap *cap, uint32_t uidvalidity, int64_t now_ms);

/* Messages below it may be shown; UINT32_MAX: all of them. */
uint32_t
dp_cap_limit(const struct dp_cap *cap, uint32_t uidvalidity);

#endif
