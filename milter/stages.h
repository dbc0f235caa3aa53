/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The steps of a message, one function each, in the order in which the MTA
 * takes them.  They know the MTA through struct pm_mta only.
 *
 *	MAIL      whose is it?  No answer: it comes with the first RCPT, and
 *	          one answer less is a third of what a message costs.
 *	RCPT      a login's message is looked at: access, envelope sender,
 *	          recipients, windows.  A bounce is followed.  Anything else is
 *	          accepted, and nothing more of it is seen.
 *	header    what the rules need of it is kept; no answer.
 *	body      measured, or read as a report; no answer.
 *	end       the header is judged and the message charged, in one
 *	          transaction; refused: what was charged is taken back.
 *
 * The verdict on the header comes at the end of the message and not of the
 * header, because to wait for an answer there costs each message more than it
 * would spare the few that are refused: Postfix and Sendmail have received
 * the body by then in any case.
 */
#ifndef PM_STAGES_H
#define PM_STAGES_H

#include <stddef.h>

#include "milter/mta.h"
#include "milter/session.h"

void
pm_stages_mail(struct pm_session *session, const struct pm_mta *mta,
    const char *const *argv);

enum pm_step
pm_stages_rcpt(struct pm_session *session, const struct pm_mta *mta,
    const char *recipient);

void
pm_stages_header(
    struct pm_session *session, const char *name, const char *value);

void
pm_stages_body(struct pm_session *session, const char *at, size_t len);

enum pm_step
pm_stages_end(struct pm_session *session, const struct pm_mta *mta);

#endif
