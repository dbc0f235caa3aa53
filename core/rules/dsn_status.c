/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The status part: blocks of fields with an empty line between them.  The
 * first is about the message, each other one about a recipient; where a
 * program forgets the empty line after the first, the two are one.
 */
#include "core/rules/dsn_private.h"

#include <string.h>

#include "core/base/digit.h"
#include "core/base/err.h"
#include "core/base/text.h"

enum {
	SEEN_ACTION = 1 << 0,
	SEEN_STATUS = 1 << 1,
	SEEN_ORIGINAL = 1 << 2,
	SEEN_FINAL = 1 << 3,
};

#define WANTED (SEEN_ACTION | SEEN_STATUS)

/* What an address may need at most, each byte as "\x{10FFFF}". */
#define ADDRESS_MAX (PT_LOGIN_MAX * 10)

void
pt_dsn_status_begin(struct pt_dsn_block *block)
{
	block->seen = 0;
	block->is_bad = false;
	block->is_failed = false;
	block->is_permanent = false;
	block->recipient.original.len = 0;
	block->recipient.final.len = 0;
}

static size_t
digits(const struct pt_dsn_text *text, size_t from)
{
	size_t n = 0;

	while (from + n < text->len && text->at[from + n] >= '0' &&
	       text->at[from + n] <= '9')
		n++;
	return n;
}

/* "5.1.1", as RFC 3463 section 2 writes it. */
static bool
is_permanent(struct pt_dsn_text value)
{
	struct pt_dsn_text code;
	size_t subject;
	size_t detail;

	pt_dsn_text_skip_comments(&value);
	code = pt_dsn_text_take(&value, "(;,");
	if (code.len < 2 || code.at[0] != '5' || code.at[1] != '.')
		return false;
	subject = digits(&code, 2);
	if (subject < 1 || subject > 3 || 2 + subject >= code.len ||
	    code.at[2 + subject] != '.')
		return false;
	detail = digits(&code, 3 + subject);
	return detail >= 1 && detail <= 3 && 3 + subject + detail == code.len;
}

static bool
is_failed(struct pt_dsn_text value)
{
	struct pt_dsn_text word;

	pt_dsn_text_skip_comments(&value);
	word = pt_dsn_text_take(&value, "(;,");
	return pt_dsn_text_is(&word, "failed");
}

/*
 * "+2B" of xtext (RFC 3461 section 4), in capitals.  Postfix undoes it before
 * it writes the report, so "bob+42@" may be meant as it stands: only what
 * xtext has to write in this way is taken for it.
 */
static size_t
decode_plus(const char *at, size_t len, char *out)
{
	int high;
	int low;
	int c;

	if (at[0] != '+' || len < 3)
		return 0;
	high = at[1] > 'F' ? -1 : pt_digit_hex(at[1]);
	low = at[2] > 'F' ? -1 : pt_digit_hex(at[2]);
	c = high * 16 + low;
	if (high < 0 || low < 0 ||
	    (c > 0x20 && c < 0x7f && c != '+' && c != '='))
		return 0;
	*out = (char)(unsigned char)c;
	return 3;
}

static size_t
put_utf8(uint32_t value, char *out)
{
	if (value < 0x80) {
		out[0] = (char)value;
		return 1;
	}
	if (value < 0x800) {
		out[0] = (char)(unsigned char)(0xc0 | value >> 6);
		out[1] = (char)(unsigned char)(0x80 | (value & 0x3f));
		return 2;
	}
	if (value < 0x10000) {
		out[0] = (char)(unsigned char)(0xe0 | value >> 12);
		out[1] = (char)(unsigned char)(0x80 | (value >> 6 & 0x3f));
		out[2] = (char)(unsigned char)(0x80 | (value & 0x3f));
		return 3;
	}
	out[0] = (char)(unsigned char)(0xf0 | value >> 18);
	out[1] = (char)(unsigned char)(0x80 | (value >> 12 & 0x3f));
	out[2] = (char)(unsigned char)(0x80 | (value >> 6 & 0x3f));
	out[3] = (char)(unsigned char)(0x80 | (value & 0x3f));
	return 4;
}

/* "\x{E4}" of RFC 6533 section 3; its UTF-8 is never longer. */
static size_t
decode_braces(const char *at, size_t len, char *out, size_t *n_out)
{
	uint32_t value = 0;
	size_t i;

	if (len < 5 || memcmp(at, "\\x{", 3) != 0)
		return 0;
	for (i = 3; i < len && i < 9 && pt_digit_hex(at[i]) >= 0; i++)
		value = value << 4 | (uint32_t)pt_digit_hex(at[i]);
	if (i == 3 || i == len || at[i] != '}' || value > 0x10ffff)
		return 0;
	*n_out = put_utf8(value, out);
	return i + 1;
}

/* How the bytes of an address are written. */
struct spelling {
	bool has_plus;
	bool has_braces;
};

/* out has room for all of "from". */
static size_t
decode(struct pt_dsn_text from, const struct spelling *spelling, char *out)
{
	size_t to = 0;
	size_t taken;
	size_t n;

	while (from.len > 0) {
		taken = 0;
		n = 1;
		if (spelling->has_plus)
			taken = decode_plus(from.at, from.len, out + to);
		if (taken == 0 && spelling->has_braces)
			taken = decode_braces(from.at, from.len, out + to, &n);
		if (taken == 0) {
			out[to] = from.at[0];
			taken = 1;
		}
		to += n;
		pt_dsn_text_skip(&from, taken);
	}
	return to;
}

/* "rfc822; alice@example.com"; leaves len 0 if it is nothing like that. */
static void
read_address(struct pt_dsn_text value, bool is_xtext, struct pt_login *out)
{
	struct spelling spelling = {.has_plus = is_xtext};
	struct pt_dsn_text type;
	struct pt_dsn_text address;
	char decoded[ADDRESS_MAX];
	struct pt_err err;
	size_t len;

	out->len = 0;
	pt_dsn_text_skip_comments(&value);
	type = pt_dsn_text_take(&value, ";(");
	pt_dsn_text_skip_comments(&value);
	if (value.len == 0 || value.at[0] != ';')
		return;
	spelling.has_braces = pt_dsn_text_is(&type, "utf-8");
	if (!spelling.has_braces && !pt_dsn_text_is(&type, "rfc822"))
		return;
	pt_dsn_text_skip(&value, 1);
	pt_dsn_text_skip_comments(&value);
	address = pt_dsn_text_take(&value, "");
	if (address.len > 2 && address.at[0] == '<' &&
	    address.at[address.len - 1] == '>') {
		pt_dsn_text_skip(&address, 1);
		address.len--;
	}
	if (address.len > sizeof(decoded))
		return;
	len = decode(address, &spelling, decoded);
	if (pt_login_parse(decoded, len, NULL, out, &err) != 0 &&
	    pt_login_parse(address.at, address.len, NULL, out, &err) != 0)
		out->len = 0;
}

/* "dns; mx.example.com"; of any type, because it is for showing. */
static void
read_host(struct pt_dsn_text value, char out[PT_DSN_HOST_MAX + 1])
{
	struct pt_dsn_text host;

	(void)pt_dsn_text_take(&value, ";(");
	pt_dsn_text_skip_comments(&value);
	if (value.len == 0 || value.at[0] != ';')
		return;
	pt_dsn_text_skip(&value, 1);
	pt_dsn_text_skip_comments(&value);
	host = pt_dsn_text_take(&value, "();");
	if (host.len > PT_DSN_HOST_MAX || !pt_text_is_utf8(host.at, host.len))
		return;
	memcpy(out, host.at, host.len);
	out[host.len] = '\0';
	pt_text_lower_ascii(out, host.len);
}

/* A field of a block comes once; otherwise nobody knows which one is meant. */
static bool
see(struct pt_dsn_block *block, unsigned field, bool is_cut)
{
	if ((block->seen & field) != 0 || is_cut)
		block->is_bad = true;
	block->seen |= field;
	return !block->is_bad;
}

void
pt_dsn_status_add(struct pt_dsn *dsn, const struct pt_dsn_text *name,
    struct pt_dsn_text value, bool is_cut)
{
	struct pt_dsn_block *block = &dsn->block;

	pt_dsn_text_skip_comments(&value);
	if (pt_dsn_text_is(name, "reporting-mta")) {
		if (dsn->blocks == 0 && dsn->reporting_mta[0] == '\0' &&
		    !is_cut)
			read_host(value, dsn->reporting_mta);
	} else if (pt_dsn_text_is(name, "action")) {
		if (see(block, SEEN_ACTION, is_cut))
			block->is_failed = is_failed(value);
	} else if (pt_dsn_text_is(name, "status")) {
		if (see(block, SEEN_STATUS, is_cut))
			block->is_permanent = is_permanent(value);
	} else if (pt_dsn_text_is(name, "original-recipient")) {
		if (see(block, SEEN_ORIGINAL, is_cut))
			read_address(value, true, &block->recipient.original);
	} else if (pt_dsn_text_is(name, "final-recipient")) {
		if (see(block, SEEN_FINAL, is_cut))
			read_address(value, false, &block->recipient.final);
	}
}

void
pt_dsn_status_end(struct pt_dsn *dsn)
{
	const struct pt_dsn_block *block = &dsn->block;

	dsn->blocks++;
	if ((block->seen & WANTED) == WANTED && !block->is_bad &&
	    block->is_failed && block->is_permanent &&
	    (block->recipient.original.len > 0 ||
		block->recipient.final.len > 0) &&
	    dsn->count < PT_DSN_RECIPIENTS_MAX)
		dsn->recipients[dsn->count++] = block->recipient;
	pt_dsn_status_begin(&dsn->block);
}
