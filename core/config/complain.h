/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * libconfuse's own errors in words for a postmaster.  Internal to
 * core/config.
 */
#ifndef PT_CONFIG_COMPLAIN_H
#define PT_CONFIG_COMPLAIN_H

#include <stdarg.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/config/keys.h"

/*
 * fmt and args as libconfuse gives them to its error function.  An error that
 * is not known here keeps libconfuse's words, with its bytes made harmless.
 */
void
pt_complain(enum pt_key_section section, const char *fmt, va_list args,
    struct pt_err *err) PT_PRINTF(2, 0);

#endif
