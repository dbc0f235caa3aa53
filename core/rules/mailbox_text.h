/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The characters of which mailbox.h makes its tokens, and which of them the
 * parts of an address and the names beside it may hold.  Faults are words for
 * the owner, or NULL.
 */
#ifndef PT_RULES_MAILBOX_TEXT_H
#define PT_RULES_MAILBOX_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Behind the letters of atoms and the dots at "at". */
const char *
pt_mailbox_text_skip(const char *at, const char *end);

/*
 * A local part without its quotes, or a domain: atoms between single dots, in
 * UTF-8, with nothing that would be decoded, is not seen, or is a form of a
 * sign.  is_utf8: the whole field.
 */
const char *
pt_mailbox_text_part_fault(const char *at, size_t len, bool is_utf8);

/*
 * A name or comments in a field that is not UTF-8, but of some old character
 * set that nobody names.  It cannot mislead about the address where there is
 * nothing that could make another one: no '@' (which is a second byte in some
 * of these sets, and has overlong forms), no backslash (the same) and nothing
 * to decode.  Addresses beside it must be ASCII, for whoever takes the whole
 * field for that set.
 */
const char *
pt_mailbox_text_name_fault(const char *at, size_t len);

#endif
