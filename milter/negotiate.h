/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What is asked of the MTA at the start of a connection: which steps it sends,
 * which of them go without an answer, what we may change.
 *
 * Wanted: CONNECT, MAIL, header and body without an answer (each answer costs
 * as much as the rest of a message), RCPT and the end with one; no HELO, no
 * DATA, no end of header, and no body unless something is measured or read in
 * it.  For an MTA that wants an answer all the same, libmilter gives it.
 */
#ifndef PM_NEGOTIATE_H
#define PM_NEGOTIATE_H

#include <stdbool.h>

#include "milter/session.h"

struct pm_offer {
	unsigned long actions; /* SMFIF_... */
	unsigned long steps;   /* SMFIP_... */
};

/*
 * What we take of the MTA's offer, and notes it in the session.  false: the
 * configuration wants headers changed, and the MTA does not let us.
 */
bool
pm_negotiate(struct pm_session *session, const struct pm_offer *offered,
    struct pm_offer *taken_out);

/*
 * The macros that are wanted at a step, by SMFIM_...: so the MTA's own lists
 * need not be changed.  NULL: none.
 */
const char *
pm_negotiate_macros(int step);

#endif
