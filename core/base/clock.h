/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Points in time: wall-clock seconds since 1970 (UTC), as int64_t.  The
 * clock itself is read by programs only; rules get "now" as an argument.
 */
#ifndef PT_BASE_CLOCK_H
#define PT_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

#define PT_CLOCK_TEXT_MAX 40

/* Wall clock in whole seconds; for programs. */
int64_t
pt_clock_now(void);

/* Monotonic clock in milliseconds; for timeouts in programs. */
int64_t
pt_clock_ticks_ms(void);

/*
 * "14:05:10 UTC" if "at" is on the same UTC day as "now", else
 * "2026-11-22 14:05:10 UTC".
 */
void
pt_clock_format(int64_t at, int64_t now, char *buf, size_t cap);

/* "2026-11-22T14:05:10Z": for logs, tables and JSON. */
void
pt_clock_format_iso(int64_t at, char *buf, size_t cap);

/*
 * A time as a postmaster writes it: "2026-11-22", "2026-11-22T14:05:10Z",
 * "2026-11-22 14:05" (UTC), "14:05" (its next occurrence after now) or "+2h"
 * (a span from now).
 */
int
pt_clock_parse(const char *s, int64_t now, int64_t *out, struct pt_err *err);

#endif
