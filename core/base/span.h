/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Spans and sizes as they stand in postern.conf and on the command line.
 *
 * A span is a whole number with one unit: s, m, h, d, w ("5m", "60d"); it
 * is kept in seconds.  A size is a number of bytes with an optional K, M or
 * G (powers of 1024).  Bounds: spans up to ten years, sizes up to 2^50.
 */
#ifndef PT_BASE_SPAN_H
#define PT_BASE_SPAN_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

#define PT_SPAN_MAX      ((int64_t)10 * 366 * 86400)
#define PT_SIZE_MAX      ((uint64_t)1 << 50)
#define PT_SPAN_TEXT_MAX 32

int
pt_span_parse(const char *s, int64_t *seconds_out, struct pt_err *err);

int
pt_size_parse(const char *s, uint64_t *bytes_out, struct pt_err *err);

/* "5m", "1h", "36h", "90s": the largest unit that divides; buf >= TEXT_MAX */
void
pt_span_format(int64_t seconds, char *buf, size_t cap);

/* "1 minute", "15 minutes", "1 day", "90 seconds": for sentences. */
void
pt_span_words(int64_t seconds, char *buf, size_t cap);

/* "30M", "2500M", "10240": the largest unit that divides. */
void
pt_size_format(uint64_t bytes, char *buf, size_t cap);

#endif
