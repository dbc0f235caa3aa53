/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/bytes.h"

#include <string.h>

#include "core/base/text.h"

#define LOCAL_PART_MAX 64

/* false, and bad from now on, if fewer than len bytes are left. */
void
pt_bytes_put_uint(struct pt_bytes_writer *out, uint64_t value, size_t width)
{
	if (!pt_bytes_has_room(out, width))
		return;
	for (size_t i = 0; i < width; i++)
		out->at[i] = (unsigned char)(value >> 8 * i);
	out->at += width;
}

int64_t
pt_bytes_take_stamp(struct pt_bytes_reader *in)
{
	uint64_t time = pt_bytes_take_uint(in, PT_BYTES_STAMP_WIDTH);

	if (time > INT64_MAX) {
		in->bad = true;
		return 0;
	}
	return (int64_t)time;
}

void
pt_bytes_put_stamp(struct pt_bytes_writer *out, int64_t time)
{
	pt_bytes_put_uint(
	    out, time > 0 ? (uint64_t)time : 0, PT_BYTES_STAMP_WIDTH);
}

/* dst is written in any case. */
void
pt_bytes_take_block(struct pt_bytes_reader *in, unsigned char *dst, size_t len)
{
	if (!pt_bytes_has_left(in, len)) {
		memset(dst, 0, len);
		return;
	}
	memcpy(dst, in->at, len);
	in->at += len;
}

void
pt_bytes_put_block(
    struct pt_bytes_writer *out, const unsigned char *at, size_t len)
{
	if (!pt_bytes_has_room(out, len))
		return;
	memcpy(out->at, at, len);
	out->at += len;
}

bool
pt_bytes_is_zero(const unsigned char *at, size_t len)
{
	unsigned any = 0;

	for (size_t i = 0; i < len; i++)
		any |= at[i];
	return any == 0;
}

uint64_t
pt_bytes_take_long_varint(struct pt_bytes_reader *in)
{
	const unsigned char *at = in->at;
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64 && at < in->end; shift += 7) {
		unsigned char byte = *at++;

		/* The tenth byte has room for one bit. */
		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte >= 0x80)
			continue;
		/* A last byte of zero means that a shorter form exists. */
		if (byte == 0 && shift > 0)
			break;
		in->at = at;
		return value;
	}
	in->bad = true;
	return 0;
}

bool
pt_bytes_is_text(const char *at, size_t len)
{
	unsigned kinds = pt_text_kinds(at, len);

	return (kinds & PT_TEXT_CONTROL) == 0 &&
	       ((kinds & PT_TEXT_HIGH) == 0 || pt_text_is_utf8(at, len));
}

void
pt_bytes_take_text(
    struct pt_bytes_reader *in, size_t len, char *dst, size_t cap)
{
	const char *at = (const char *)in->at;

	dst[0] = '\0';
	if (!pt_bytes_has_left(in, len))
		return;
	if (len >= cap || !pt_bytes_is_text(at, len)) {
		in->bad = true;
		return;
	}
	memcpy(dst, at, len);
	dst[len] = '\0';
	in->at += len;
}

void
pt_bytes_put_text(struct pt_bytes_writer *out, const char *text, size_t len)
{
	if (!pt_bytes_is_text(text, len))
		out->bad = true;
	if (!pt_bytes_has_room(out, len))
		return;
	memcpy(out->at, text, len);
	out->at += len;
}

/*
 * Whatever pt_login_parse() gives passes; what it would have folded, or
 * refused for a single byte, does not.
 */
static bool
is_login(const char *at, size_t len, size_t *at_sign_out)
{
	const char *sign = memchr(at, '@', len);
	const char *domain;
	unsigned kinds;
	size_t rest;

	if (sign == NULL || sign == at || sign - at > LOCAL_PART_MAX)
		return false;
	domain = sign + 1;
	rest = len - (size_t)(domain - at);
	if (rest == 0 || memchr(domain, '@', rest) != NULL)
		return false;
	kinds = pt_text_kinds(at, len);
	*at_sign_out = (size_t)(sign - at);
	if (kinds == 0)
		return true;
	return kinds == PT_TEXT_HIGH && pt_text_kinds(domain, rest) == 0 &&
	       pt_text_is_utf8(at, len);
}

void
pt_bytes_take_login(struct pt_bytes_reader *in, struct pt_login *out)
{
	size_t len = pt_bytes_take_uint(in, 1);
	const char *at = (const char *)in->at;
	size_t at_sign;

	if (!pt_bytes_has_left(in, len))
		return;
	if (len > PT_LOGIN_MAX || !is_login(at, len, &at_sign)) {
		in->bad = true;
		return;
	}
	memcpy(out->text, at, len);
	out->text[len] = '\0';
	out->len = (unsigned char)len;
	out->at = (unsigned char)at_sign;
	in->at += len;
}

void
pt_bytes_put_login(struct pt_bytes_writer *out, const struct pt_login *login)
{
	size_t len = login->len;

	if (!pt_bytes_has_room(out, 1 + len))
		return;
	out->at[0] = login->len;
	memcpy(out->at + 1, login->text, len);
	out->at += 1 + len;
}
