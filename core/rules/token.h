/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Session tokens: Dovecot's auth process gives one to each session that came
 * in with an app password (as a userdb field), and the session shows it to
 * policyd.  It proves which login and app password the session belongs to, so
 * that processes of mail users, which may share one system user, cannot speak
 * for one another.
 *
 *	base64url( version 1 byte = 1, protocol 1, password id 4, issued 8,
 *	    nonce 8, MAC 16 ), numbers little-endian, no padding
 *
 * MAC: SipHash-2-4 with 128 bits (a MAC for short messages; Aumasson and
 * Bernstein, 2012), keyed with the state's token key, over all before it and
 * the login.  A token is no secret worth stealing for anything but its own
 * session: it opens no mailbox.
 */
#ifndef PT_RULES_TOKEN_H
#define PT_RULES_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/config/plan.h"

#define PT_TOKEN_KEY_BYTES 16
#define PT_TOKEN_TEXT_MAX  64 /* with its NUL */

struct pt_token {
	enum pt_protocol protocol;
	uint32_t password; /* id */
	int64_t issued_at;
	uint64_t nonce; /* differs from session to session */
};

/*
 * The nonce is made here: it counts up from a random number, so that two
 * processes hardly ever make the same.  For one thread.
 */
void
pt_token_make(const unsigned char key[PT_TOKEN_KEY_BYTES],
    const struct pt_login *login, struct pt_token *token,
    char text_out[PT_TOKEN_TEXT_MAX]);

/* false: not made with that key for that login, or garbled. */
bool
pt_token_read(const unsigned char key[PT_TOKEN_KEY_BYTES],
    const struct pt_login *login, const char *text, struct pt_token *out);

#endif
