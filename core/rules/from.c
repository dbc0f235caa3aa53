/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The header as it comes, field by field; from_judge.c has the judgement. */

#include "core/rules/from.h"

#include <string.h>

#include "core/rules/from_private.h"

void
pt_from_init(struct pt_from *from)
{
	memset(from, 0, offsetof(struct pt_from, addresses));
}

/*
 * Does a field that matters follow "at", where some readers see a line begin?
 * Where the MTA hands such a value over, it goes to the recipient like that.
 */
static void
look_behind_line_end(struct pt_from *from, const char *at, const char *end)
{
	size_t len = (size_t)(end - at);
	enum pt_from_field field;
	const char *colon;

	/* Names are short; what is searched for the colon has a limit. */
	colon = memchr(at, ':', len < 64 ? len : 64);
	if (colon == NULL)
		return;
	if (pt_from_field_find(at, (size_t)(colon - at), &field) ==
	    PT_FROM_MATCH_NO)
		return;
	from->odd[field] = "one of its kind stands behind a line end inside "
			   "another header";
}

static void
look_for_line_ends(
    struct pt_from *from, const char *value, size_t len, char line_end)
{
	const char *end = value + len;
	const char *at = value;

	while (at < end &&
	       (at = memchr(at, line_end, (size_t)(end - at))) != NULL) {
		at++;
		/* A fold is no end of the field; CR LF ends with its LF. */
		if (at < end && *at != ' ' && *at != '\t' && *at != '\n')
			look_behind_line_end(from, at, end);
	}
}

void
pt_from_add(struct pt_from *from, const char *name, size_t name_len,
    const char *value, size_t value_len)
{
	enum pt_from_field field;

	switch (pt_from_field_find(name, name_len, &field)) {
	case PT_FROM_MATCH_NO:
		look_for_line_ends(from, value, value_len, '\n');
		look_for_line_ends(from, value, value_len, '\r');
		break;
	case PT_FROM_MATCH_ODD:
		from->fields[field]++;
		from->odd[field] = "odd characters in the header's name";
		break;
	case PT_FROM_MATCH_YES:
		from->fields[field]++;
		pt_from_read(from, field, value, value_len);
		break;
	}
}
