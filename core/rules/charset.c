/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/charset.h"

#define ESC           0x1b
#define SHIFT_OUT     0x0e
#define SHIFT_IN      0x0f
#define WIDE_SPACE    0x3000U
#define NOTHING_TAKEN 0

static size_t
give(uint32_t out[2], uint32_t character)
{
	out[0] = character;
	return 1;
}

/* A first byte without a second one that fits, and what came instead. */
static size_t
give_broken(uint32_t out[2], unsigned char byte)
{
	out[0] = PT_CHARSET_OTHER;
	out[1] = byte < 0x80 ? byte : PT_CHARSET_OTHER;
	return 2;
}

/* Overlong forms are taken for what they mean: some decoders do. */
static size_t
take_utf8(struct pt_charset *charset, unsigned char byte, uint32_t out[2])
{
	bool broken = charset->left > 0;

	if ((byte & 0xc0) == 0x80) {
		if (!broken)
			return give(out, PT_CHARSET_OTHER);
		charset->character =
		    charset->character << 6 | (uint32_t)(byte & 0x3f);
		charset->left--;
		return charset->left > 0 ? NOTHING_TAKEN
					 : give(out, charset->character);
	}
	charset->left = 0;
	if (byte < 0x80)
		return broken ? give_broken(out, byte) : give(out, byte);
	if (byte < 0xe0) {
		charset->left = 1;
		charset->character = byte & 0x1f;
	} else if (byte < 0xf0) {
		charset->left = 2;
		charset->character = byte & 0x0f;
	} else {
		charset->left = 3;
		charset->character = byte & 0x07;
	}
	return broken ? give(out, PT_CHARSET_OTHER) : NOTHING_TAKEN;
}

/*
 * Row and cell of the sets of 94 times 94 (JIS X 0208, GB 2312, KS X 1001):
 * row 3 is full-width ASCII in all three.
 */
static uint32_t
of_row(unsigned row, unsigned cell)
{
	if (row == 0x23)
		return cell;
	if (row != 0x21)
		return PT_CHARSET_OTHER;
	switch (cell) {
	case 0x21:
		return WIDE_SPACE;
	case 0x25:
		return '.';
	case 0x77:
		return '@';
	default:
		return PT_CHARSET_OTHER;
	}
}

static uint32_t
of_sjis(unsigned lead, unsigned trail)
{
	if (lead == 0x81) {
		switch (trail) {
		case 0x40:
			return WIDE_SPACE;
		case 0x44:
			return '.';
		case 0x83:
			return '<';
		case 0x84:
			return '>';
		case 0x97:
			return '@';
		default:
			return PT_CHARSET_OTHER;
		}
	}
	if (lead != 0x82)
		return PT_CHARSET_OTHER;
	if (trail >= 0x4f && trail <= 0x58)
		return '0' + (trail - 0x4f);
	if (trail >= 0x60 && trail <= 0x79)
		return 'A' + (trail - 0x60);
	if (trail >= 0x81 && trail <= 0x9a)
		return 'a' + (trail - 0x81);
	return PT_CHARSET_OTHER;
}

static uint32_t
of_big5(unsigned lead, unsigned trail)
{
	if (lead == 0xa1 && trail == 0x40)
		return WIDE_SPACE;
	if (lead == 0xa1 && trail == 0x44)
		return '.';
	if (lead == 0xa2 && trail == 0x49)
		return '@';
	if (lead == 0xa2 && trail >= 0xaf && trail <= 0xb8)
		return '0' + (trail - 0xaf);
	if (lead == 0xa2 && trail >= 0xcf && trail <= 0xe8)
		return 'A' + (trail - 0xcf);
	if (lead == 0xa2 && trail >= 0xe9 && trail <= 0xfe)
		return 'a' + (trail - 0xe9);
	if (lead == 0xa3 && trail >= 0x40 && trail <= 0x43)
		return 'w' + (trail - 0x40);
	return PT_CHARSET_OTHER;
}

static bool
is_lead(enum pt_charset_kind kind, unsigned char byte)
{
	if (kind == PT_CHARSET_SJIS)
		return byte >= 0x81 && byte <= 0xfc &&
		       !(byte >= 0xa0 && byte <= 0xdf);
	return byte >= 0x81 && byte <= 0xfe;
}

static bool
is_trail(enum pt_charset_kind kind, unsigned char byte)
{
	if (kind == PT_CHARSET_EUC)
		return byte >= 0x80;
	return byte >= 0x40 && byte != 0x7f;
}

static size_t
take_double(struct pt_charset *charset, unsigned char byte, uint32_t out[2])
{
	unsigned char lead = charset->lead;

	if (lead == 0) {
		if (is_lead(charset->kind, byte)) {
			charset->lead = byte;
			return NOTHING_TAKEN;
		}
		return give(out, byte < 0x80 ? byte : PT_CHARSET_OTHER);
	}
	charset->lead = 0;
	if (!is_trail(charset->kind, byte))
		return give_broken(out, byte);
	if (charset->kind == PT_CHARSET_SJIS)
		return give(out, of_sjis(lead, byte));
	if (charset->kind == PT_CHARSET_BIG5)
		return give(out, of_big5(lead, byte));
	if (lead < 0xa1 || byte < 0xa1)
		return give(out, PT_CHARSET_OTHER);
	return give(out, of_row(lead & 0x7fU, byte & 0x7fU));
}

/*
 * What followed ESC is kept in "escape": '(' or '$' or '$' with '(', '.', ')'.
 * ESC ( x goes back to single bytes, ESC $ x and ESC $ ( x to double ones.
 * Only finals that decoders know change anything.
 */
static size_t
take_escape(struct pt_charset *charset, unsigned char byte)
{
	unsigned char escape = charset->escape;

	charset->escape = 0;
	charset->lead = 0;
	if (escape == ESC) {
		if (byte == '(' || byte == '$' || byte == ')' || byte == '.')
			charset->escape = byte;
	} else if (escape == '(') {
		charset->shifted = false;
	} else if (escape == '$' && byte == '(') {
		charset->escape = '2';
	} else if (escape == '$' && (byte == ')' || byte == '*')) {
		charset->escape = ')';
	} else if (escape == '$') {
		charset->shifted = byte == 'B' || byte == '@';
	} else if (escape == '2') {
		charset->shifted = byte == 'D';
	}
	return NOTHING_TAKEN;
}

static size_t
take_iso2022(struct pt_charset *charset, unsigned char byte, uint32_t out[2])
{
	unsigned char lead = charset->lead;

	if (charset->escape != 0)
		return take_escape(charset, byte);
	if (byte == ESC) {
		charset->escape = ESC;
		return NOTHING_TAKEN;
	}
	if (charset->kind == PT_CHARSET_ISO2022 &&
	    (byte == SHIFT_OUT || byte == SHIFT_IN)) {
		charset->shifted = byte == SHIFT_OUT;
		charset->lead = 0;
		return NOTHING_TAKEN;
	}
	if (!charset->shifted || byte <= ' ' || byte >= 0x7f) {
		charset->lead = 0;
		return give(out, byte < 0x80 ? byte : PT_CHARSET_OTHER);
	}
	if (lead == 0) {
		charset->lead = byte;
		return NOTHING_TAKEN;
	}
	charset->lead = 0;
	return give(out, of_row(lead, byte));
}

size_t
pt_charset_take(struct pt_charset *charset, unsigned char byte, uint32_t out[2])
{
	switch (charset->kind) {
	case PT_CHARSET_UTF8:
		return take_utf8(charset, byte, out);
	case PT_CHARSET_EUC:
	case PT_CHARSET_GBK:
	case PT_CHARSET_SJIS:
	case PT_CHARSET_BIG5:
		return take_double(charset, byte, out);
	case PT_CHARSET_ISO2022J:
	case PT_CHARSET_ISO2022:
		return take_iso2022(charset, byte, out);
	case PT_CHARSET_OPAQUE:
		break;
	}
	return give(out, byte < 0x80 ? byte : PT_CHARSET_OTHER);
}
