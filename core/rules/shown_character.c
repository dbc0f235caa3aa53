/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/shown_character.h"

#include <stddef.h>

#include "core/base/attr.h"

struct range {
	uint32_t first;
	uint32_t last;
};

/* Default_Ignorable_Code_Point of Unicode, and blank fillers. */
static const struct range invisible[] = {
    {0xad, 0xad},
    {0x34f, 0x34f},
    {0x61c, 0x61c},
    {0x115f, 0x1160},
    {0x17b4, 0x17b5},
    {0x180b, 0x180f},
    {0x200b, 0x200f},
    {0x202a, 0x202e},
    {0x2060, 0x206f},
    {0x2800, 0x2800},
    {0x3164, 0x3164},
    {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff},
    {0xffa0, 0xffa0},
    {0xfff0, 0xfff8},
    {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a},
    {0xe0000, 0xe0fff},
};

/* Blanks, quotation marks, brackets, arrows, signs, pictures. */
static const struct range separating[] = {
    {0x80, 0xa9},
    {0xab, 0xac},
    {0xae, 0xb1},
    {0xb4, 0xb4},
    {0xb6, 0xb8},
    {0xbb, 0xbb},
    {0xbf, 0xbf},
    {0xd7, 0xd7},
    {0xf7, 0xf7},
    {0x1680, 0x1680},
    {0x2000, 0x200a},
    {0x2010, 0x2023},
    {0x2025, 0x2029},
    {0x202f, 0x205f},
    {0x20a0, 0x20cf},
    {0x2190, 0x23ff},
    {0x2500, 0x27ff},
    {0x2900, 0x2bff},
    {0x3000, 0x3001},
    {0x3003, 0x3004},
    {0x3008, 0x3020},
    {0xfd3e, 0xfd3f},
    {0xfe10, 0xfe19},
    {0xfe30, 0xfe51},
    {0xfe54, 0xfe68},
    {0xff5f, 0xff60},
    {0xff62, 0xff64},
    {0x1f000, 0x1faff},
};

static bool
is_in(const struct range *ranges, size_t count, uint32_t character)
{
	size_t i;

	for (i = 0; i < count && ranges[i].first <= character; i++) {
		if (character <= ranges[i].last)
			return true;
	}
	return false;
}

uint32_t
pt_shown_character(uint32_t character)
{
	/* Most letters of most names. */
	if (character > 0xf7 && character < 0x34f)
		return character;
	if (character >= 0xff01 && character <= 0xff5e)
		return character - 0xff01 + '!';
	switch (character) {
	case 0xfe6b:
		return '@';
	case 0x2024:
	case 0x3002:
	case 0xfe52:
	case 0xff61:
		return '.';
	default:
		break;
	}
	if (is_in(invisible, PT_ARRAY_LEN(invisible), character))
		return PT_SHOWN_NOTHING;
	if (is_in(separating, PT_ARRAY_LEN(separating), character))
		return ' ';
	return character;
}

bool
pt_shown_character_turns(uint32_t character)
{
	return character == 0x202d || character == 0x202e;
}

bool
pt_shown_character_separates(uint32_t character)
{
	switch (character) {
	case '(':
	case ')':
	case '<':
	case '>':
	case '[':
	case ']':
	case ',':
	case ';':
	case ':':
	case '"':
	case 0x7f:
		return true;
	default:
		return character <= ' ';
	}
}
