/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Ending sessions from our side: the Dovecot plugin is told why, it is logged
 * and counted, and the connection is closed once that is written.
 */
#ifndef PD_SESSION_ENDING_H
#define PD_SESSION_ENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rules/verdict.h"
#include "policyd/context.h"
#include "policyd/session.h"

/*
 * Ends one, which is freed.  "unasked": it is no answer.  "now" is the wall
 * clock's.
 */
void
pd_session_ending_one(struct pd_context *context,
    struct pd_session_table *table, struct pd_session *session,
    const struct pt_verdict *verdict, bool unasked, int64_t now,
    int64_t now_ms);

/* Ends all of a login; the answer to "asker" (or NULL) is this, too. */
void
pd_session_ending_party(struct pd_context *context,
    struct pd_session_table *table, struct pd_party *party,
    const struct pd_session *asker, const struct pt_verdict *verdict,
    int64_t now, int64_t now_ms);

#endif
