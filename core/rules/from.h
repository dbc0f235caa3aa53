/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The From gate: whose address a message shows as its author.
 *
 * Fed with the header fields of a message in their order, it keeps what it
 * needs of From, Sender, Resent-From and Resent-Sender: the addresses, or the
 * first thing that is wrong.  The judgement is a pure function over that, the
 * account and what the maps say.
 *
 * It is strict on purpose.  RFC 5322 (with RFC 6532) decides what a field
 * says; where programs that show mail are known to read one field in two
 * ways, it is refused, with a text that says what to change.  mailbox.h has
 * the grammar.
 *
 * Which field it is, is asked without case and without blanks around the name.
 * A name that only becomes one of the four when control characters, blanks or
 * bytes beyond ASCII inside it are dropped ("From" and a NUL, "Fr", a soft
 * hyphen and "om") is refused; letters of other scripts that look alike make
 * another name, for every reader.  The same for a field that stands behind a
 * line end inside another field's value.
 *
 * Fixed size, no allocation; a field of any length is read in linear time.
 */
#ifndef PT_RULES_FROM_H
#define PT_RULES_FROM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/login.h"
#include "core/config/config.h"
#include "core/rules/sender.h"
#include "core/rules/verdict.h"
#include "core/state/account.h"

/* Of all fields together; a message with more is refused. */
#define PT_FROM_ADDRESSES_MAX 16

enum pt_from_field {
	PT_FROM_FIELD_FROM,
	PT_FROM_FIELD_SENDER,
	PT_FROM_FIELD_RESENT_FROM,
	PT_FROM_FIELD_RESENT_SENDER,
	PT_FROM_FIELDS,
};

/* An address that the message claims. */
struct pt_from_address {
	enum pt_from_field field;
	bool in_name; /* in a display name, where people take it for one */
	struct pt_login login;
};

/* The first thing that is wrong with a field. */
struct pt_from_fault {
	enum pt_reason_id reason; /* PT_REASON_NONE: nothing is */
	const char *detail;       /* in words for the owner, or NULL */
};

struct pt_from {
	/* By field, of all that came with that name together: */
	unsigned fields[PT_FROM_FIELDS]; /* how many there were */
	bool several[PT_FROM_FIELDS];    /* one has more than one address */
	struct pt_from_fault faults[PT_FROM_FIELDS];
	const char *odd[PT_FROM_FIELDS];   /* its name is, or its place */
	const char *names[PT_FROM_FIELDS]; /* a display name may mislead */
	unsigned count;
	struct pt_from_address addresses[PT_FROM_ADDRESSES_MAX];
};

void
pt_from_init(struct pt_from *from);

/*
 * One header field, name and value as the MTA hands them over: the value with
 * or without the blank after the colon, folds as LF or CRLF and blanks.  Every
 * field should be given; others than the four cost next to nothing.
 */
void
pt_from_add(struct pt_from *from, const char *name, size_t name_len,
    const char *value, size_t value_len);

/* "From", "Sender" ... */
const char *
pt_from_field_name(enum pt_from_field field);

struct pt_from_verdict {
	struct pt_verdict verdict;
	enum pt_from_field field;
	const struct pt_login *address; /* that is not owned; or NULL */
	const char *detail;             /* what is wrong; or NULL */
	/*
	 * When permitted: bits by enum pt_from_field.  All fields of that name
	 * must be removed from the message, because foreign_sender = remove
	 * and they are not the login's.
	 */
	unsigned remove_fields;
};

/*
 * At the end of the header: is there one From, is all readable, is every
 * address owned?  by_maps[i] is what the maps say of addresses[i] (NULL: no
 * maps).  PT_REASON_SENDER_UNAVAILABLE (try again) if a map would have to
 * decide and cannot be asked.
 */
struct pt_from_verdict
pt_from_judge(const struct pt_from *from, const struct pt_config *config,
    const struct pt_account *account, const enum pt_owned *by_maps);

/*
 * Permitted without the account's list and the maps?  Then pt_from_judge()
 * says so too, whatever they hold.
 */
bool
pt_from_is_plain(const struct pt_from *from, const struct pt_config *config,
    const struct pt_login *login);

/*
 * The same of one kind of field alone; true if none came.  For "rewrite", which
 * replaces From and keeps of the others what is surely the login's.
 */
bool
pt_from_field_is_plain(const struct pt_from *from,
    const struct pt_config *config, const struct pt_login *login,
    enum pt_from_field field);

#endif
