/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A strict reader of address fields (From, Sender ...): the mailbox-list of
 * RFC 5322 section 3.4 with the UTF-8 of RFC 6532.
 *
 *	mailbox-list = mailbox *("," mailbox)
 *	mailbox      = [CFWS] addr-spec [FWS] ["<" the same addr-spec ">"] [CFWS]
 *	             / [phrase] [CFWS] "<" [FWS] addr-spec [FWS] ">" [CFWS]
 *	addr-spec    = (dot-atom-text / quoted dot-atom-text) "@" dot-atom-text
 *	phrase       = [CFWS] word *(word / "." / CFWS)
 *
 * That is less than RFC 5322 allows, and on purpose: what is left out is known
 * to be read in different ways by different programs, and no mail program
 * writes it.  Left out are groups, routes, domain literals, blanks and
 * comments inside an address, quoted local parts that need their quotes, empty
 * members of a list, and control characters in any disguise.  Of the obsolete
 * forms, the dot in a phrase ("John Q. Public") is read, for it is common; of
 * what no RFC allows, an address that stands again in angle brackets, and names
 * in letters of old character sets without '@', '=' and backslash beside an
 * address of ASCII: all programs read the same address there.
 *
 * Each byte is looked at a fixed number of times; comments nest to a limit;
 * nothing is copied or allocated, and results point into the value.
 */
#ifndef PT_RULES_MAILBOX_H
#define PT_RULES_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

struct pt_mailbox {
	const char *local; /* without quotes */
	size_t local_len;
	const char *domain; /* as written; a U-label stays one */
	size_t domain_len;
	/* All that stands before and after the address and its brackets: the
	 * display name and comments, as they came. */
	const char *name;
	size_t name_len;
	const char *after;
	size_t after_len;
};

struct pt_mailbox_reader {
	const char *at;
	const char *end;
	const char *fault; /* what is wrong, in words for the owner, or NULL */
	size_t count;      /* mailboxes read */
	bool is_utf8;      /* the whole value */
};

/* A field's value; it must stay until the last mailbox was used. */
void
pt_mailbox_open(
    struct pt_mailbox_reader *reader, const char *value, size_t len);

/*
 * 1: the next mailbox; 0: that was all; -1: reader->fault says what is wrong.
 * A value of blanks alone gives 0 at once.
 */
int
pt_mailbox_next(struct pt_mailbox_reader *reader, struct pt_mailbox *out);

#endif
