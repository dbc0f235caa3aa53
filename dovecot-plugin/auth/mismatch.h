/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Wrong passwords are answered at a fixed time after they came in, whatever
 * the work was: otherwise some microseconds more would tell that there is such
 * an account.  (Usually Dovecot's own failure delay comes on top of it and
 * hides them, too, but a site may have switched that off.)  Nothing waits for
 * these answers but those who guess.
 */
#ifndef DP_AUTH_MISMATCH_H
#define DP_AUTH_MISMATCH_H

#include "dovecot-plugin/auth/login.h"

/* Takes a reference to the login's request; logins come in their order. */
void
dp_mismatch_add(struct dp_login *login);

/* The same, and gives the timer back. */
void
dp_mismatch_close(void);

#endif
