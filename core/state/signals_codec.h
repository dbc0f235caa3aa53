/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The signals record as bytes: signals_codec.c describes the format.
 * Errors as in account_codec.h.
 */
#ifndef PT_STATE_SIGNALS_CODEC_H
#define PT_STATE_SIGNALS_CODEC_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/state/signals.h"

#define PT_SIGNALS_BYTES_MAX 2560

/* The number of bytes written; 0 only if cap is too small. */
size_t
pt_signals_encode(
    const struct pt_signals *signals, unsigned char *out, size_t cap);

/* After a failure *out means nothing. */
int
pt_signals_decode(
    const void *at, size_t len, struct pt_signals *out, struct pt_err *err);

#endif
