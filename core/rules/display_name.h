/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Does a display name or a comment show an address?  Many mail programs show
 * the name alone, so people take an address in it for the sender's.
 *
 * The text is read as mail programs show it: quotation marks, backslashes and
 * invisible characters gone, encoded words decoded, also inside quotes and
 * comments.  An address is then a local part, an '@' and a domain with a dot
 * ("J @ Work" and "me@home" are none), or anything with an '@' between angle
 * brackets.  Full-width forms of '@', dot, letters and digits count as these.
 *
 * Where there is an '@', the pieces of the text (quoted strings, comments,
 * encoded words, plain text) must stand apart by blanks: some programs put
 * together what others show apart, and an address could grow or shrink.
 *
 * The cost is linear, and nothing is allocated.
 */
#ifndef PT_RULES_DISPLAY_NAME_H
#define PT_RULES_DISPLAY_NAME_H

#include <stddef.h>

#include "core/rules/shown_address.h"

enum pt_display_name_clarity {
	/* It shows the addresses that were found, and nothing else. */
	PT_DISPLAY_NAME_IS_SURE,
	/* It may show others: in character sets that are not read alike
	 * everywhere (UTF-7, UTF-16, EBCDIC), in pieces that are put together,
	 * turned round, with controls, or encoded twice. */
	PT_DISPLAY_NAME_IS_DOUBTFUL,
	/* It has what begins like an encoded word and is none; for some
	 * programs it swallows what follows, the address included. */
	PT_DISPLAY_NAME_IS_BROKEN,
};

/*
 * text: as it stands in the field.  found() is called for each address, perhaps
 * more than once for the same.
 */
enum pt_display_name_clarity
pt_display_name_scan(
    const char *text, size_t len, pt_shown_address_fn *found, void *arg);

#endif
