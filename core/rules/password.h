/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * App passwords: how they are made, read, stored and recognised.
 *
 * A secret is 24 letters a-z from the kernel's random source: 24 * log2(26) =
 * 112.8 bits, above the 112 bits from which a look-up secret may be kept under
 * a fast hash (NIST SP 800-63B 5.1.2.2).  It is printed in six groups of four
 * with hyphens ("abcd-efgh-..."); on input blanks, hyphens and case do not
 * count.  Kept is BLAKE2b-256 of it with the account's salt, so one hash is
 * enough to compare with all app passwords of an account.
 *
 * Nothing here depends on the secret in its time: whatever was typed, one hash
 * is made, and it is compared with every app password that the account has.
 * How many those are shows in nanoseconds each; who answers a wrong password
 * must answer after a fixed time (dovecot-plugin/auth/mismatch.h).
 */
#ifndef PT_RULES_PASSWORD_H
#define PT_RULES_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/state/account.h"

#define PT_SECRET_LETTERS  24
#define PT_SECRET_TEXT_MAX (PT_SECRET_LETTERS + 5 + 1) /* with its NUL */

/*
 * Ended ones are remembered for 90 days, then forgotten.  At the same time
 * the number of tombstones is kept within PT_TOMBSTONES_MAX: the one that
 * ended first goes.  Was any forgotten?
 */
#define PT_TOMBSTONE_SECONDS ((int64_t)90 * 86400)
bool
pt_password_forget(struct pt_account *account, int64_t now);

/*
 * A new secret as it is printed; wipe it (sodium_memzero()) when it has been
 * shown.  PT_ERR_UNAVAILABLE when libsodium cannot be used; there is no
 * other source.
 */
int
pt_password_generate(char secret_out[PT_SECRET_TEXT_MAX], struct pt_err *err);

/* Is it, as it counts, 24 letters?  For what a caller would hand in. */
bool
pt_password_is_secret(const char *secret, size_t len);

/* What the mail program sent -> what account->passwords[].hash holds. */
void
pt_password_hash(const unsigned char salt[PT_PASSWORD_SALT_BYTES],
    const char *secret, size_t len,
    unsigned char hash_out[PT_PASSWORD_HASH_BYTES]);

/*
 * The app password (a tombstone, too) that the secret is, or NULL.  Secrets of
 * any length and content may be asked for.
 */
const struct pt_password *
pt_password_find(
    const struct pt_account *account, const char *secret, size_t len);

/* Adds one that lives.  The parts that the owner chose: */
struct pt_password_wish {
	const char *label;  /* UTF-8 without control characters; "" */
	unsigned protocols; /* 0: all that are switched on */
	int64_t expires_at; /* 0: never */
	const struct pt_network *networks;
	unsigned network_count;
};

/*
 * PT_ERR_INPUT: too many, a label or networks that do not fit, a protocol
 * that is not switched on, an expiry in the past, a secret that is not 24
 * letters.  id_out is its number.  The account must have its salt.
 */
int
pt_password_add(struct pt_account *account, const struct pt_password_wish *wish,
    const char *secret, int64_t now, uint32_t *id_out, struct pt_err *err);

/* The one of that id, a tombstone, too; or NULL. */
const struct pt_password *
pt_password_by_id(const struct pt_account *account, uint32_t id);

/* The living one of that id, or NULL. */
struct pt_password *
pt_password_living(struct pt_account *account, uint32_t id);

/* How many live (expired ones included, until they are revoked). */
unsigned
pt_password_count_living(const struct pt_account *account);

/*
 * Ends one; then call pt_password_forget().  pt_password_end_all() ends all
 * that live, forgets what is too much by itself, and tells how many ended.
 */
void
pt_password_end(struct pt_password *password, enum pt_ending ending,
    enum pt_block_reason block, int64_t now);

unsigned
pt_password_end_all(struct pt_account *account, enum pt_ending ending,
    enum pt_block_reason block, int64_t now);

#endif
