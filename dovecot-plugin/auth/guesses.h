/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Wrong passwords, on their way into the state.  They are only noted when a
 * login is answered, and counted soon after, so that the answer takes the same
 * time whether there is an account to count for or not.
 */
#ifndef DP_AUTH_GUESSES_H
#define DP_AUTH_GUESSES_H

#include "dovecot-plugin/auth/login.h"

/* A login that no app password fits. */
void
dp_guesses_add(const struct dp_login *login);

/* Counts all that are left; before the state is closed. */
void
dp_guesses_flush(void);

#endif
