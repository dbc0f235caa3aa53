/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Bytes of a character set to what matters in them when one looks for an
 * address: ASCII, and characters that are drawn like it.  Nearly every
 * character set of mail has ASCII in its place; the double-byte ones of East
 * Asia use '@' and letters as second bytes too, which is why they are told
 * apart here.
 */
#ifndef PT_RULES_CHARSET_H
#define PT_RULES_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A character of which is only known that it is beyond ASCII. */
#define PT_CHARSET_OTHER 0xfffdU

enum pt_charset_kind {
	/* For sets of single bytes too, and those that are not known: what is
	 * no UTF-8 is taken byte by byte. */
	PT_CHARSET_UTF8,
	PT_CHARSET_EUC,      /* and EUC-KR with its extensions */
	PT_CHARSET_GBK,      /* GB 2312, GBK, GB 18030 */
	PT_CHARSET_SJIS,     /* Shift_JIS, Windows-31J */
	PT_CHARSET_BIG5,     /* and HKSCS */
	PT_CHARSET_ISO2022J, /* escapes to double bytes: Japanese */
	PT_CHARSET_ISO2022,  /* the same, and shifts: Korean, Chinese */
	PT_CHARSET_OPAQUE, /* ASCII is not in its place, or not for everyone */
};

struct pt_charset {
	enum pt_charset_kind kind;
	unsigned char lead; /* first of two bytes, or 0 */
	unsigned char left; /* bytes that a UTF-8 character still wants */
	unsigned char escape;
	bool shifted; /* ISO 2022: in double bytes */
	uint32_t character;
};

/* By its name in MIME. */
struct pt_charset
pt_charset_named(const char *name, size_t len);

/*
 * The characters that this byte completes, at most two: ASCII (full-width
 * forms of double-byte sets are made ASCII), Unicode for UTF-8, else
 * PT_CHARSET_OTHER.  Broken sequences are taken as lenient decoders do.
 */
size_t
pt_charset_take(
    struct pt_charset *charset, unsigned char byte, uint32_t out[2]);

#endif
