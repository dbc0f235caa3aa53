/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/shown_address.h"

#include <string.h>

#include "core/rules/charset.h"
#include "core/rules/field_text.h"
#include "core/rules/shown_character.h"

#define BEYOND_ASCII(c) ((unsigned char)(c) >= 0x80)

void
pt_shown_address_init(
    struct pt_shown_address *shown, pt_shown_address_fn *found, void *arg)
{
	memset(shown, 0, offsetof(struct pt_shown_address, local));
	shown->found = found;
	shown->arg = arg;
}

static bool
is_alphanumeric(char c)
{
	return pt_field_text_is_alphanumeric(c) || BEYOND_ASCII(c);
}

static size_t
to_utf8(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (c >> 18 & 0x07));
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static void
add_local(struct pt_shown_address *shown, uint32_t character)
{
	char bytes[4];
	size_t n = to_utf8(character, bytes);
	size_t i;

	for (i = 0; i < n; i++) {
		shown->local[shown->local_len % sizeof(shown->local)] =
		    bytes[i];
		shown->local_len++;
	}
}

static void
add_domain(struct pt_shown_address *shown, uint32_t character)
{
	char bytes[4];
	size_t n = to_utf8(character, bytes);

	if (shown->domain_len + n <= sizeof(shown->domain))
		memcpy(shown->domain + shown->domain_len, bytes, n);
	shown->domain_len += n;
}

/* The local part in one piece, without signs that only surround it. */
static size_t
copy_local(const struct pt_shown_address *shown, char *out)
{
	size_t len = shown->local_len < sizeof(shown->local)
			 ? shown->local_len
			 : sizeof(shown->local);
	size_t first = shown->local_len - len;
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = shown->local[(first + i) % sizeof(shown->local)];
	for (i = 0; i < len && !is_alphanumeric(out[i]); i++)
		continue;
	memmove(out, out + i, len - i);
	return len - i;
}

/* A dot, and behind the last one what could be a top-level domain. */
static bool
is_like_domain(const char *at, size_t len)
{
	size_t dot = len;
	char first;

	while (dot > 0 && at[dot - 1] != '.')
		dot--;
	if (dot < 2 || len - dot < 2)
		return false;
	first = at[dot];
	return !(first >= '0' && first <= '9');
}

/* "next" is what ended it, or 0. */
static void
end_address(struct pt_shown_address *shown, uint32_t next)
{
	char address[PT_SHOWN_LOCAL_MAX + 1 + PT_SHOWN_DOMAIN_MAX];
	size_t len = shown->domain_len < sizeof(shown->domain)
			 ? shown->domain_len
			 : sizeof(shown->domain);
	size_t local;

	while (len > 0 && !is_alphanumeric(shown->domain[len - 1]))
		len--;
	if (len == 0 || !is_alphanumeric(shown->domain[0]) ||
	    (next != '>' && !is_like_domain(shown->domain, len)))
		return;
	local = copy_local(shown, address);
	if (local == 0)
		return;
	address[local] = '@';
	memcpy(address + local + 1, shown->domain, len);
	shown->found(shown->arg, address, local + 1 + len);
}

static bool
is_domain_character(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
	       c >= 0x80;
}

/* What does not separate makes the domain part of a next local part. */
static void
turn_to_local(struct pt_shown_address *shown, uint32_t next)
{
	size_t len = shown->domain_len;

	end_address(shown, next);
	shown->in_domain = false;
	shown->local_len = 0;
	if (pt_shown_character_separates(next))
		return;
	if (len > sizeof(shown->local))
		len = sizeof(shown->local);
	memcpy(shown->local, shown->domain, len);
	shown->local_len = len;
}

/*
 * In a domain: may it be read as what stands behind it, too?  A character that
 * is not known may be a sign, and other full stops end a sentence.
 */
static bool
may_end(uint32_t character, uint32_t seen)
{
	return character == PT_CHARSET_OTHER ||
	       (seen == '.' && character != seen);
}

void
pt_shown_address_take(struct pt_shown_address *shown, uint32_t character)
{
	uint32_t seen = character;

	if (character >= 0x80) {
		if (pt_shown_character_turns(character))
			shown->is_turned = true;
		seen = pt_shown_character(character);
		if (seen == PT_SHOWN_NOTHING)
			return;
	}
	if (shown->in_domain) {
		/* Two at signs read like one. */
		if (seen == '@' && shown->domain_len == 0)
			return;
		if (is_domain_character(seen)) {
			if (may_end(character, seen))
				end_address(shown, 0);
			add_domain(shown, seen);
			return;
		}
		turn_to_local(shown, seen);
	}
	if (seen == '@') {
		shown->has_sign = true;
		shown->in_domain = shown->local_len > 0;
		shown->domain_len = 0;
	} else if (pt_shown_character_separates(seen)) {
		shown->local_len = 0;
	} else {
		add_local(shown, seen);
	}
}

void
pt_shown_address_look(struct pt_shown_address *shown)
{
	if (shown->in_domain)
		end_address(shown, 0);
}

void
pt_shown_address_end(struct pt_shown_address *shown)
{
	pt_shown_address_look(shown);
	shown->in_domain = false;
	shown->local_len = 0;
	shown->domain_len = 0;
}
