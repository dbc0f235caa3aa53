/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Group commit: the logins that come in during one turn of Dovecot's loop are
 * judged together, in one transaction of the state, and answered after it.
 */
#ifndef DP_AUTH_BATCH_H
#define DP_AUTH_BATCH_H

#include "dovecot-plugin/auth/login.h"

/* Takes a reference to the login's request until it is answered. */
void
dp_batch_add(struct dp_login *login);

/* Judges and answers all that wait; before the state is closed. */
void
dp_batch_flush(void);

#endif
