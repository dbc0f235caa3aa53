/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Addresses and logins.
 *
 * A login names an account: a full address, folded so that two spellings of
 * one account are one login.  ASCII letters become lower case; a domain with
 * non-ASCII labels becomes A-labels (IDNA2008, libidn2); a bare local part
 * gets the default domain.  The local part may be UTF-8 (RFC 6531) but is
 * otherwise kept: no Unicode folding, because look-alikes are not equal.
 *
 * Limits: 254 octets in all (RFC 5321 4.5.3.1.3), 64 before the last '@'.
 * Refused: empty parts, control characters, blanks, invalid UTF-8.
 */
#ifndef PT_BASE_LOGIN_H
#define PT_BASE_LOGIN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

#define PT_LOGIN_MAX 254

struct pt_login {
	unsigned char len;           /* of text, without the NUL */
	unsigned char at;            /* index of the '@' */
	char text[PT_LOGIN_MAX + 1]; /* lower case, NUL-terminated */
};

/*
 * default_domain may be NULL or "": then a bare local part is refused.
 * PT_ERR_INPUT with a text that names what is wrong, never the bytes.
 */
int
pt_login_parse(const char *at, size_t len, const char *default_domain,
    struct pt_login *out, struct pt_err *err);

/* A domain alone to lower-case A-labels; cap >= 254. */
int
pt_login_domain(
    const char *at, size_t len, char *out, size_t cap, struct pt_err *err);

bool
pt_login_equal(const struct pt_login *a, const struct pt_login *b);

static inline const char *
pt_login_domain_of(const struct pt_login *login)
{
	return login->text + login->at + 1;
}

#endif
