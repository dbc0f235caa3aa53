/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* A verdict on the message of a session: logged, counted, said. */
#ifndef PM_VERDICT_H
#define PM_VERDICT_H

#include <stdint.h>

#include "milter/mta.h"
#include "milter/session.h"

/* Where it was found. */
struct pm_found {
	const char *stage; /* "mail", "rcpt", "eom" */
	int64_t now;
	const struct pt_from_verdict
	    *header; /* NULL: it is not of the header */
	/* What came of it besides; NULL: nothing. */
	const struct pt_message_effects *effects;
	uint64_t size;
	bool rewritten;
	bool refunded;
};

/*
 * Logs and counts it; where it is against the message and enforced, gives the
 * MTA the words and returns what becomes of the command.
 */
enum pm_step
pm_verdict_say(struct pm_session *session, const struct pm_mta *mta,
    const struct pt_verdict *verdict, const struct pm_found *found);

#endif
