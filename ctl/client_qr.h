/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A QR code on a terminal: two modules a character, drawn with half blocks,
 * with the quiet zone of four modules around it that readers want.  Colours
 * are set, white on black, so that it is the same on dark and light terminals;
 * where colours are not shown, it is right on dark ones.
 */
#ifndef PC_CLIENT_QR_H
#define PC_CLIENT_QR_H

#include "core/base/err.h"
#include "core/base/text.h"

/*
 * Adds the lines.  columns: how many the terminal has, 0: nobody knows.  -1: it
 * is too much for a code that a phone can read or that fits there, or memory is
 * short.
 */
int
pc_client_qr_add(struct pt_text *out, const char *payload, unsigned columns,
    struct pt_err *err);

#endif
