/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the reading and the writing side of a connection share. */
#ifndef PD_CONNECTION_PRIVATE_H
#define PD_CONNECTION_PRIVATE_H

#include "policyd/connection.h"

/* Puts it into a state and a list, from now on. */
void
pd_connection_enter(struct pd_connection *connection,
    enum pd_connection_state state, struct pd_link *list);

/* Reads no more until pd_connection_resume(). */
void
pd_connection_stop(struct pd_connection *connection);

/* Goes on after an answer: with what came too early, or with reading. */
void
pd_connection_resume(struct pd_connection *connection);

#endif
