/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/dsn_private.h"

#include "core/base/digit.h"
#include "core/rules/field_text.h"

/* Four characters become three bytes, so the result fits where they stood. */
static int
decode_base64(struct pt_dsn_part *part, char *line, size_t *len)
{
	size_t to = 0;
	size_t i;
	int digit;

	for (i = 0; i < *len; i++) {
		if (pt_field_text_is_blank(line[i]))
			continue;
		if (line[i] == '=') {
			part->base64_ended = true;
			continue;
		}
		digit = pt_digit_base64(line[i]);
		if (digit < 0 || part->base64_ended)
			return -1;
		part->base64 = (part->base64 << 6 | (uint32_t)digit) & 0xffff;
		part->base64_bits += 6;
		if (part->base64_bits < 8)
			continue;
		part->base64_bits -= 8;
		line[to++] =
		    (char)(unsigned char)(part->base64 >> part->base64_bits);
	}
	*len = to;
	return 0;
}

static int
decode_quoted(char *line, size_t *len, bool *ends_out)
{
	size_t left = *len;
	size_t from = 0;
	size_t to = 0;
	int high;
	int low;

	/* Blanks at the end were added on the way (RFC 2045 section 6.7). */
	while (left > 0 && pt_field_text_is_blank(line[left - 1]))
		left--;
	*ends_out = left == 0 || line[left - 1] != '=';
	if (!*ends_out)
		left--;
	while (from < left) {
		if (line[from] != '=') {
			line[to++] = line[from++];
			continue;
		}
		if (left - from < 3)
			return -1;
		high = pt_digit_hex(line[from + 1]);
		low = pt_digit_hex(line[from + 2]);
		if (high < 0 || low < 0)
			return -1;
		line[to++] = (char)(unsigned char)(high * 16 + low);
		from += 3;
	}
	*len = to;
	return 0;
}

int
pt_dsn_decode_line(
    struct pt_dsn_part *part, char *line, size_t *len, bool *ends_out)
{
	switch (part->encoding) {
	case PT_DSN_ENCODING_NONE:
		*ends_out = true;
		return 0;
	case PT_DSN_ENCODING_BASE64:
		*ends_out = false;
		return decode_base64(part, line, len);
	case PT_DSN_ENCODING_QUOTED:
		return decode_quoted(line, len, ends_out);
	case PT_DSN_ENCODING_UNKNOWN:
		break;
	}
	return -1;
}
