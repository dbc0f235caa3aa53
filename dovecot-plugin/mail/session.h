/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A session of a mail program: what the plugin knows of one IMAP or POP3
 * session that came in with an app password.
 *
 * It is made with Dovecot's mail_user when that one carries the token field
 * of the userdb, and lives as long.  It does nothing until the plugin of the
 * imap or pop3 process attaches its client; so it stays inert in LMTP,
 * doveadm, and for a user that Dovecot makes besides.  Without the field there
 * is no session at all, and nothing of the plugin runs.
 *
 * While attached it speaks with policyd (link.h), knows up to which UID INBOX
 * may be shown (dovecot-plugin/common/cap.h), reports traffic, and ends the
 * client when policyd says so: always from Dovecot's event loop, never while
 * a command runs.
 */
#ifndef DP_SESSION_H
#define DP_SESSION_H

#include "dovecot-plugin/compat.h"

#include "dovecot-plugin/common/cap.h"
#include "dovecot-plugin/common/reply.h"
#include "dovecot-plugin/common/request.h"
#include "dovecot-plugin/common/traffic.h"

struct dp_hold;
struct istream;
struct mail_user;
struct module;
struct ostream;

/* What the process does for its client. */
struct dp_client_ops {
	const char *service; /* imap, pop3 */
	/* A line now would become a part of the message being sent. */
	bool (*is_half_sent)(const void *client);
	/* Disconnects; before, unless reply is NULL, tells the mail program. */
	void (*end)(void *client, const char *reply, const char *log_reason);
};

/* The session of a user; NULL if it did not come with a token. */
struct dp_session *
dp_session_of(struct mail_user *user);

/* The same, for the plugin "module"; NULL if the user is not to have it. */
DP_EXPORT struct dp_session *
dp_session_for(struct mail_user *user, struct module *module);

/*
 * The streams are where the client keeps them: it may replace them, and what
 * went through them is the session's traffic.
 */
DP_EXPORT void
dp_session_attach(struct dp_session *session, const struct dp_client_ops *ops,
    void *client, struct istream *const *input, struct ostream *const *output);

/* The client goes: away, or into hibernation.  Says the last traffic. */
DP_EXPORT void
dp_session_detach(struct dp_session *session, bool hibernates);

/* Is something of INBOX hidden from this session at the moment? */
DP_EXPORT bool
dp_session_hides(const struct dp_session *session);

/* What was shown of INBOX, to go into hibernation with the client and back. */
DP_EXPORT void
dp_session_get_shown(const struct dp_session *session,
    uint32_t *uidvalidity_out, uint32_t *uidnext_out);

DP_EXPORT void
dp_session_set_shown(
    struct dp_session *session, uint32_t uidvalidity, uint32_t uidnext);

/* ---- Between the files of this folder ---- */

void
dp_session_user_created(struct mail_user *user);

/* Could INBOX be held?  False before a client is attached. */
bool
dp_session_holds(const struct dp_session *session);

/*
 * INBOX is looked at and has messages up to uidnext: asks policyd if a check
 * is due, and returns up to where it may be shown (UINT32_MAX: everything).
 * is_check false: this is no look for new mail; policyd is asked only if
 * nothing is known yet.
 */
uint32_t
dp_session_look(struct dp_session *session, uint32_t uidvalidity,
    uint32_t uidnext, bool is_check);

void
dp_session_shown(
    struct dp_session *session, uint32_t uidvalidity, uint32_t uidnext);

/* This session put mail into INBOX. */
void
dp_session_stored(
    struct dp_session *session, uint32_t uidvalidity, uint32_t uidnext);

/* The open INBOXes of the session, for waking. */
struct dp_hold **
dp_session_boxes(struct dp_session *session);

struct event *
dp_session_event(struct dp_session *session);

/* From link.c: an answer to "event", or unasked; and: policyd is gone. */
void
dp_session_answered(struct dp_session *session, enum dp_event event,
    const struct dp_reply *reply);

void
dp_session_told(struct dp_session *session, const struct dp_reply *reply);

void
dp_session_lost(struct dp_session *session);

/* The request that opens the session; 0: it cannot be said. */
size_t
dp_session_open_request(struct dp_session *session, char buf[DP_REQUEST_MAX]);

#endif
