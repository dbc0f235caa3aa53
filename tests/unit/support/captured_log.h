/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What is logged in the meantime, as text: lines as the journal gets them. */
#ifndef PT_TESTS_CAPTURED_LOG_H
#define PT_TESTS_CAPTURED_LOG_H

#include "core/base/log.h"

/* From here on standard error goes into a pipe, which holds 64 KiB. */
void
test_capture_errors(void);

/* The same, with a log of that level. */
void
test_capture_log(enum pt_log_level level);

/* Ends that; the text stays until the next call. */
const char *
test_captured_log(void);

#endif
