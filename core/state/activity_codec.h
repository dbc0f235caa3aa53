/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The activity record as bytes: activity_sections.h describes the format;
 * activity_encode.c and activity_decode.c work on it.  Errors as in
 * account_codec.h.
 */
#ifndef PT_STATE_ACTIVITY_CODEC_H
#define PT_STATE_ACTIVITY_CODEC_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/state/activity.h"

#define PT_ACTIVITY_BYTES_MAX 7168

/* The number of bytes written; 0 only if cap is too small. */
size_t
pt_activity_encode(
    const struct pt_activity *activity, unsigned char *out, size_t cap);

/* After a failure *out means nothing. */
int
pt_activity_decode(
    const void *at, size_t len, struct pt_activity *out, struct pt_err *err);

#endif
