/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The connection of one session to policyd.
 *
 * Requests are written without waiting; answers come in order and are read by
 * Dovecot's event loop.  Only dp_link_ask() waits, up to DP_LINK_WAIT_MS.  If
 * that was in vain, the link counts as lost: the session goes on without
 * policyd, which is logged once, and tries to reach it again after a while.
 * Nobody waits for a link that was lost until policyd has answered to "open"
 * again; so a policyd that hangs costs a session that time once.
 */
#ifndef DP_LINK_H
#define DP_LINK_H

#include "dovecot-plugin/compat.h"

#include "dovecot-plugin/common/request.h"

#define DP_LINK_WAIT_MS 300

struct dp_link;
struct dp_session;

/* Copies path; connects at once, and sends the request that opens. */
struct dp_link *
dp_link_new(struct dp_session *session, const char *path);

/* NULL is fine.  What was sent before arrives. */
void
dp_link_free(struct dp_link *link);

/* Would a request be sent? */
bool
dp_link_is_open(const struct dp_link *link);

/* Sends if there is a connection; len 0 is nothing. */
void
dp_link_send(
    struct dp_link *link, enum dp_event event, const char *buf, size_t len);

/*
 * Sends (unless len is 0) and waits until everything that was asked is
 * answered.  false: policyd cannot be asked.
 */
bool
dp_link_ask(
    struct dp_link *link, enum dp_event event, const char *buf, size_t len);

#endif
