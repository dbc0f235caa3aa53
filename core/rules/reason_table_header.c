/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The table of reasons: what the header of a message meets (from.h). */

#include <stddef.h>

#include "core/rules/reason_private.h"

/* reason_table.c says which figures a text may name. */
const struct pt_reason pt_reason_table_header[PT_REASONS] = {
    [PT_REASON_FROM_MISSING] =
	{
	    .name = "from-missing",
	    .smtp = 550,
	    .status = "5.7.1",
	    .text = "Message has no From header: set your address in the mail "
		    "program{url}",
	    .meaning = "No From field came in the header, or what came before "
		       "it ended the header (a line without a colon, a blank "
		       "or 8-bit bytes where a name should stand).",
	},
    [PT_REASON_FROM_DUPLICATE] =
	{
	    .name = "from-duplicate",
	    .smtp = 550,
	    .status = "5.7.1",
	    .text = "Message has more than one {field} header: keep one{url}",
	    .meaning = "Mail programs differ in which of them they show, so "
		       "none is taken (RFC 5322 section 3.6 allows one).",
	},
    [PT_REASON_FROM_UNREADABLE] =
	{
	    .name = "from-unreadable",
	    .smtp = 550,
	    .status = "5.7.1",
	    .text = "{field} header cannot be read without doubt: {detail}; "
		    "write it as: Your Name <you@example.org>{url}",
	    .meaning = "The field is not in the form of RFC 5322, or is known "
		       "to be shown in different ways by different mail "
		       "programs; the text says what is wrong.",
	},
    [PT_REASON_FROM_SEVERAL] =
	{
	    .name = "from-several",
	    .smtp = 550,
	    .status = "5.7.1",
	    .text = "{field} header has more than one address: write only "
		    "yours{url}",
	    .meaning = "Several addresses, while sender { several } is reject "
		       "(with owned, each must be owned); a Sender field may "
		       "never have more than one.",
	},
    [PT_REASON_FROM_NOT_OWNED] =
	{
	    .name = "from-not-owned",
	    .smtp = 550,
	    .status = "5.7.1",
	    .text = "You may not send with {field} <{address}>: it does not "
		    "belong to your login{url}",
	    .meaning = "The address in that header field is neither the login, "
		       "nor the login with a tag or at an alias domain, nor on "
		       "the account's list (posternctl sender add), nor in "
		       "the sender maps.",
	},
    [PT_REASON_FROM_NAME] =
	{
	    .name = "from-name",
	    .smtp = 550,
	    .status = "5.7.1",
	    .text = "The name in the {field} header shows the address "
		    "<{address}>, which does not belong to your login: "
		    "change the name{url}",
	    .meaning = "Many mail programs show the name only, so an address "
		       "in it is taken for the sender's; sender "
		       "{ display_name = allow } lets it pass.",
	},
    [PT_REASON_SENDER_UNAVAILABLE] =
	{
	    .name = "sender-unavailable",
	    .smtp = 451,
	    .status = "4.3.0",
	    .text = "Temporary problem at the server: it cannot be checked now "
		    "whether this sender address is yours; try again later",
	    .meaning = "A map of sender { maps } would have to decide and "
		       "cannot be asked; the log line names it.  Nothing was "
		       "charged and nothing is lost.",
	},
};
