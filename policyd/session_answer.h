/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The verdict on an event, said to the plugin and carried out. */
#ifndef PD_SESSION_ANSWER_H
#define PD_SESSION_ANSWER_H

#include <stdint.h>

#include "policyd/session_batch.h"

/*
 * The connection, which is PD_CONNECTION_WAITING, gets its answer; when the
 * verdict concerns other sessions of the login, they are told, too.
 */
void
pd_session_answer(struct pd_session_batch *batch, struct pd_session_case *c,
    struct pd_connection *connection, int64_t now_ms);

#endif
