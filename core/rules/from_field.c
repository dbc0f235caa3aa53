/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Which header fields the From gate looks at, by their names. */

#include <strings.h>

#include "core/base/text.h"
#include "core/rules/from_private.h"

#define NAME_MAX_LEN (sizeof("resent-sender") - 1)

static const struct {
	const char *name;
	size_t len;
} names[PT_FROM_FIELDS] = {
    [PT_FROM_FIELD_FROM] = {"From", 4},
    [PT_FROM_FIELD_SENDER] = {"Sender", 6},
    [PT_FROM_FIELD_RESENT_FROM] = {"Resent-From", 11},
    [PT_FROM_FIELD_RESENT_SENDER] = {"Resent-Sender", 13},
};

const char *
pt_from_field_name(enum pt_from_field field)
{
	return (unsigned)field < PT_FROM_FIELDS ? names[field].name : "";
}

static bool
find_name(const char *at, size_t len, enum pt_from_field *out)
{
	unsigned i;

	for (i = 0; i < PT_FROM_FIELDS; i++) {
		if (names[i].len == len &&
		    strncasecmp(at, names[i].name, len) == 0) {
			*out = (enum pt_from_field)i;
			return true;
		}
	}
	return false;
}

/* What is left when all goes that is no visible ASCII. */
static bool
find_squeezed(const char *at, size_t len, enum pt_from_field *out)
{
	char squeezed[NAME_MAX_LEN];
	size_t n = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (at[i] <= ' ' || at[i] == 0x7f || (at[i] & 0x80) != 0)
			continue;
		if (n == sizeof(squeezed))
			return false;
		squeezed[n++] = at[i];
	}
	return find_name(squeezed, n, out);
}

enum pt_from_match
pt_from_field_find(const char *name, size_t len, enum pt_from_field *out)
{
	const unsigned odd = PT_TEXT_CONTROL | PT_TEXT_BLANK | PT_TEXT_HIGH;

	while (len > 0 && (*name == ' ' || *name == '\t')) {
		name++;
		len--;
	}
	while (len > 0 && (name[len - 1] == ' ' || name[len - 1] == '\t'))
		len--;
	if (find_name(name, len, out))
		return PT_FROM_MATCH_YES;
	if ((pt_text_kinds(name, len) & odd) != 0 &&
	    find_squeezed(name, len, out))
		return PT_FROM_MATCH_ODD;
	return PT_FROM_MATCH_NO;
}
