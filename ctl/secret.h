/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A new app password on its way to the eyes of one person.
 *
 * The secret passes no buffer but those that are named here and wiped: the
 * result is written with a stand-in of the same length, which is no less
 * random and so occurs nowhere else; only in the finished text, which is then
 * written straight to the descriptor, the secret takes its place.
 */
#ifndef PC_SECRET_H
#define PC_SECRET_H

#include <stddef.h>
#include <stdio.h>

#include "core/base/err.h"
#include "core/rules/password.h"
#include "core/state/account.h"
#include "ctl/call.h"
#include "ctl/output.h"

struct pc_secret {
	char text[PT_SECRET_TEXT_MAX];
	char stand_in[PT_SECRET_TEXT_MAX];
	unsigned char
	    salt[PT_PASSWORD_SALT_BYTES]; /* if the account has none */
};

/* Makes all of it, from the kernel's random source. */
int
pc_secret_make(struct pc_secret *secret, struct pt_err *err);

void
pc_secret_wipe(struct pc_secret *secret);

/* Writes the rows to out, with secret->stand_in for the secret. */
typedef int
pc_secret_rows_fn(struct pc_output *out, const char *stand_in, const void *arg,
    struct pt_err *err);

/* The secret takes the first place of its stand-in; behind it, or NULL. */
char *
pc_secret_fill_in(char *text, const struct pc_secret *secret);

/* Past the stream's buffer.  -1 if not all of it has left the process. */
int
pc_secret_write_out(
    FILE *stream, const char *text, size_t len, struct pt_err *err);

void
pc_secret_wipe_text(char *text, size_t len);

/*
 * Writes the rows in the format of the call.  -1 if not all of it has left
 * the process: then nobody may rely on having seen the secret.
 */
int
pc_secret_write(const struct pc_call *call, const struct pc_secret *secret,
    pc_secret_rows_fn *rows, const void *arg, struct pt_err *err);

#endif
