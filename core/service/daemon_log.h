/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Lines that every daemon logs in the same words, so that a postmaster who
 * knows one of them can read all.  Whether a line may be logged now, the
 * caller has asked its limiter (limiter.h); "suppressed" is that one's answer.
 */
#ifndef PT_SERVICE_DAEMON_LOG_H
#define PT_SERVICE_DAEMON_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/login.h"
#include "core/state/account.h"
#include "core/state/figures.h"

/* The limiter's key of a line: its event, a login or the like, a number. */
uint64_t
pt_daemon_log_key(
    const char *event, const char *detail, size_t len, unsigned salt);

/* How many lines like this one were held back before it, if any. */
void
pt_daemon_log_suppressed(struct pt_log_line *line, uint64_t suppressed);

/* Something failed that concerns everybody: an error line of that event. */
void
pt_daemon_log_error(
    const char *event, const struct pt_err *err, uint64_t suppressed);

/* The records of one login could not be used; err may have no text. */
void
pt_daemon_log_failed(const char *login, enum pt_err_kind kind,
    const struct pt_err *err, uint64_t suppressed);

/* A block is in the account; figures may be those of none. */
void
pt_daemon_log_blocked(const struct pt_login *login, enum pt_block_reason block,
    const struct pt_figures *figures, uint64_t suppressed);

/* How many lines the limiter dropped, if any. */
void
pt_daemon_log_dropped(uint64_t dropped);

#endif
