/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The account record as bytes: account_tags.h describes the format;
 * account_encode.c and account_decode.c work on it.
 * Decoding checks everything: PT_ERR_DAMAGED for bytes that cannot be a
 * record, PT_ERR_NEWER for a version or a field of a later Postern.
 */
#ifndef PT_STATE_ACCOUNT_CODEC_H
#define PT_STATE_ACCOUNT_CODEC_H

#include <stddef.h>

#include "core/state/account.h"

#define PT_ACCOUNT_BYTES_MAX 21504

/*
 * The number of bytes written, at most PT_ACCOUNT_BYTES_MAX; 0 if a text
 * cannot be stored (controls, not UTF-8), the app passwords are not sound
 * (password_codec.h) or cap is too small.
 */
size_t
pt_account_encode(
    const struct pt_account *account, unsigned char *out, size_t cap);

/* "login" is the record's key.  After a failure *out means nothing. */
int
pt_account_decode(const void *at, size_t len, const struct pt_login *login,
    struct pt_account *out, struct pt_err *err);

#endif
