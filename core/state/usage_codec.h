/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The usage record as bytes: usage_sections.h describes the format;
 * usage_encode.c and usage_decode.c work on it.  Errors as in account_codec.h.
 */
#ifndef PT_STATE_USAGE_CODEC_H
#define PT_STATE_USAGE_CODEC_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/state/usage.h"

#define PT_USAGE_BYTES_MAX 5376

/* The number of bytes written; 0 only if cap is too small. */
size_t
pt_usage_encode(const struct pt_usage *usage, unsigned char *out, size_t cap);

/* After a failure *out means nothing. */
int
pt_usage_decode(
    const void *at, size_t len, struct pt_usage *out, struct pt_err *err);

#endif
