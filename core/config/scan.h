/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A look at the text of a configuration before libconfuse gets it.  Internal
 * to core/config.
 *
 * libconfuse 3.3 counts a comment as three lines, lets a block end at the end
 * of the file, drops characters that it does not know (the "+" of +5, the
 * slash at the end of a path), reads https://x without quotation marks as
 * "https:" and a comment, takes the last of two values for one key, and does
 * not free the arguments of a broken include().  So comments become blanks
 * here, and the rest is refused with the line where it stands.
 *
 * What is left of the grammar, and every value, is libconfuse's and load.c's
 * concern.
 */
#ifndef PT_CONFIG_SCAN_H
#define PT_CONFIG_SCAN_H

#include <stddef.h>

#include "core/base/err.h"

/*
 * Changes "text" (len bytes, NUL-terminated) in place.  "shown" is the name
 * of the file as it stands in messages.  *plan_line_out is the line of the
 * first "plan NAME {", or 0.  Errors: PT_ERR_CONFIG, "FILE:LINE: ...".
 */
int
pt_scan_prepare(const char *shown, char *text, size_t len,
    unsigned *plan_line_out, struct pt_err *err);

#endif
