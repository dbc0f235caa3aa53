/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What Dovecot is told: its result, its fields, one line in the log, and the
 * event "postern_login" for metrics.
 *
 * A reason reaches the mail program in one way only: the result
 * PASSDB_RESULT_USER_DISABLED with the field "reason".  It goes to who has
 * proven an app password, and with "nodelay", because that is no guess.  The
 * field "nologin" would not do: Postfix takes such an answer as success.
 *
 * Fields of the event: result (ok, refused, mismatch, unavailable, next),
 * reason (a name of postern(7), or none), protocol, password (the id of the
 * app password, 0 if none was proven), trusted (yes, no).  The user is in the
 * parent event, which is Dovecot's.
 */
#ifndef DP_AUTH_ANSWER_H
#define DP_AUTH_ANSWER_H

#include "dovecot-plugin/auth/login.h"

/* One that was judged; "login" may be freed with its request. */
void
dp_answer_login(struct dp_login *login, int64_t now);

/* One that could not be judged. */
void
dp_answer_unavailable(struct auth_request *request, enum pt_protocol protocol,
    verify_plain_callback_t *callback, int64_t now);

/* A trusted network: the site's own passdb decides. */
void
dp_answer_next(struct auth_request *request, verify_plain_callback_t *callback);

/* A service that is none of mail programs: denied. */
void
dp_answer_other_service(
    struct auth_request *request, verify_plain_callback_t *callback);

#endif
