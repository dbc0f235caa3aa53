/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The values of the digits that mail is encoded with; -1 for other bytes. */
#ifndef PT_BASE_DIGIT_H
#define PT_BASE_DIGIT_H

/* 0-9, A-F and a-f. */
int
pt_digit_hex(char c);

/* The alphabet of RFC 4648 section 4, without the padding. */
int
pt_digit_base64(char c);

#endif
