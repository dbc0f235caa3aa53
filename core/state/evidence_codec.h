/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The evidence record as bytes: evidence_codec.c describes the format.
 * Errors as in account_codec.h.
 */
#ifndef PT_STATE_EVIDENCE_CODEC_H
#define PT_STATE_EVIDENCE_CODEC_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/state/evidence.h"

#define PT_EVIDENCE_BYTES_MAX 3072

/* The number of bytes written; 0 only if cap is too small. */
size_t
pt_evidence_encode(
    const struct pt_evidence *evidence, unsigned char *out, size_t cap);

/* After a failure *out means nothing. */
int
pt_evidence_decode(
    const void *at, size_t len, struct pt_evidence *out, struct pt_err *err);

#endif
