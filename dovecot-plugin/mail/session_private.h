/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The session's insides, for session.c (its life and what policyd says),
 * session_hold.c (what of INBOX may be shown, and when), session_end.c (the
 * end, and traffic).
 */
#ifndef DP_SESSION_PRIVATE_H
#define DP_SESSION_PRIVATE_H

#include "dovecot-plugin/mail/session.h"

#include <mail-storage-private.h>
#include <mail-user.h>
#include <module-context.h>

#include "dovecot-plugin/mail/link.h"

struct dp_session {
	union mail_user_module_context module_ctx;
	struct mail_user *user;
	struct event *event;
	const char *token;
	const char *login;     /* of the account */
	struct ioloop *ioloop; /* of the client */

	/* From attach to detach; else NULL. */
	const struct dp_client_ops *ops;
	void *client;
	struct istream *const *input;
	struct ostream *const *output;
	struct dp_link *link;

	struct dp_cap cap;
	struct dp_hold *boxes; /* INBOXes, open or not */
	struct timeout *to_wake;
	struct dp_traffic traffic;
	struct timeout *to_report;

	struct timeout *to_end; /* policyd wants the session to end */
	unsigned end_tries;
	char *end_reply;
	char *end_reason;

	bool opened;  /* policyd has answered to "open" */
	bool no_hold; /* and the plan holds nothing */
};

/* An answer that says up to where INBOX may be shown; "close" is none. */
void
dp_session_hold_answer(
    struct dp_session *session, const struct dp_reply *reply, bool unasked);

/* Ends the client as "close" says, from Dovecot's event loop. */
void
dp_session_end(struct dp_session *session, const struct dp_reply *reply);

/* Report traffic each report_s seconds from now on; 0: never. */
void
dp_session_report_every(struct dp_session *session, uint32_t report_s);

/* At the end: the event is for Dovecot's metrics even when policyd is not. */
void
dp_session_report_last(struct dp_session *session);

void
dp_session_stop_timers(struct dp_session *session);

#endif
