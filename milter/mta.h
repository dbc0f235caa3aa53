/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the MTA can be asked and told in a callback, as far as the rest of the
 * milter needs it, so that the rest can be tested without a libmilter.
 */
#ifndef PM_MTA_H
#define PM_MTA_H

#include "milter/reply.h"

struct pm_mta {
	void *arg;
	/* A macro by its name ("{auth_authen}", "i"); NULL: it has none. */
	const char *(*macro)(void *arg, const char *name);
	/* The words for PM_STEP_TEMPFAIL and PM_STEP_REJECT. */
	void (*reply)(void *arg, const struct pm_reply *reply);
	/*
	 * At the end of a message.  "nth" counts fields of that name from 1;
	 * value NULL removes the field.  What fails is the MTA's to report.
	 */
	int (*add_header)(void *arg, const char *name, const char *value);
	int (*change_header)(
	    void *arg, const char *name, unsigned nth, const char *value);
};

/* What becomes of the command at hand. */
enum pm_step {
	PM_STEP_CONTINUE,
	PM_STEP_ACCEPT, /* the message; nothing more of it is wanted */
	PM_STEP_TEMPFAIL,
	PM_STEP_REJECT,
};

#endif
