/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The table of reasons, its first part: what a message meets.  Those that a
 * login or a session meets are in reason_table_login.c, those that a header
 * meets in reason_table_header.c.  A reason has its row in one of them, at its
 * own index.
 */

#include <stddef.h>

#include "core/rules/reason_private.h"

/*
 * Figures that a text may name, here and in the other parts of the table:
 *	{limit}    the limit with its unit: "5 messages", "2500M"; where the
 *	           reason has a unit of its own, which its text names: "30"
 *	{amount}   what this message is or would add
 *	{window}   "1 minute"
 *	{until}    "14:05:10 UTC"
 *	{term}     the same, of the end of a penalty
 *	{plan}     "; your new plan holds from 14:05:10 UTC", or nothing
 *	{again}    "; try again after 14:05:10 UTC", or nothing if unknown
 *	{left}     "243 seconds": from now to {until}
 *	{at}       " at 14:05:10 UTC": when it happened, or nothing if unknown
 *	{block}    why external access is blocked, and what the owner can do
 *	{ending}   ", when external access was blocked", or nothing
 *	{protocol} "IMAP"
 *	{traffic}  "Download"
 *	{sender}   the envelope sender
 *	{field}    the header field that the reply is about: "From"
 *	{address}  the address in it
 *	{detail}   what is wrong with it
 *	{url}      "; see URL", or nothing without a help_url
 *
 * Texts for mail programs are read by owners: they say what to do.
 */
const struct pt_reason pt_reason_table_message[PT_REASONS] = {
    [PT_REASON_NONE] =
	{
	    .name = "none",
	    .smtp = 250,
	    .status = "2.0.0",
	    .text = "Ok",
	    .meaning = "Nothing stands against it.",
	},
    [PT_REASON_UNAVAILABLE] =
	{
	    .name = "unavailable",
	    .smtp = 451,
	    .status = "4.3.0",
	    .imap = "UNAVAILABLE",
	    .pop3 = "SYS/TEMP",
	    .text = "Temporary problem at the server; try again later",
	    .meaning = "The state cannot be read or written (disk full, "
		       "damaged record).  The log line names the cause; "
		       "nothing was charged and nothing is lost.",
	},
    [PT_REASON_QUOTA] =
	{
	    .name = "quota",
	    .smtp = 450,
	    .status = "4.7.28",
	    .text = "Sending limit reached: {limit} in {window}; try again "
		    "after {until}{plan}",
	    .meaning = "A window of the plan is full.  The message costs "
		       "nothing and is accepted from the time given on.",
	    .limit = PT_LIMIT_SENDING,
	},
    [PT_REASON_QUOTA_NEVER] =
	{
	    .name = "quota-never",
	    .smtp = 550,
	    .status = "5.7.28",
	    .text = "Message exceeds the sending limit by itself: "
		    "{amount}, limit {limit} in {window}{plan}{url}",
	    .meaning = "The message alone is larger than a whole window, "
		       "so waiting does not help: it must be split.",
	    .limit = PT_LIMIT_SENDING,
	},
    [PT_REASON_SENDING_LOCKED] =
	{
	    .name = "sending-locked",
	    .smtp = 550,
	    .status = "5.7.13",
	    .text = "Sending is locked for this account; contact your "
		    "mail provider{url}",
	    .meaning = "The postmaster locked sending, webmail included "
		       "(posternctl lock); posternctl unlock ends it.",
	},
    [PT_REASON_BLOCKED] =
	{
	    .name = "blocked",
	    .smtp = 550,
	    .status = "5.7.13",
	    .imap = "AUTHORIZATIONFAILED",
	    .pop3 = "SYS/PERM",
	    .text = "External access (mail programs) was blocked{at}: "
		    "{block}{url}",
	    .meaning = "External access was taken away, and all app "
		       "passwords ended; the text says why in the owner's "
		       "words, posternctl history in the postmaster's.  "
		       "Webmail goes on.  After abuse and admin the IMAP "
		       "code is CONTACTADMIN.",
	},
    [PT_REASON_INACTIVE] =
	{
	    .name = "inactive",
	    .smtp = 550,
	    .status = "5.2.1",
	    .imap = "CONTACTADMIN",
	    .pop3 = "SYS/PERM",
	    .text = "This account is not active; contact your mail "
		    "provider{url}",
	    .meaning = "The provider set the status of the account to "
		       "inactive (posternctl set LOGIN status=active "
		       "opens it).",
	},
    [PT_REASON_SENDER_NOT_OWNED] =
	{
	    .name = "sender-not-owned",
	    .smtp = 550,
	    .status = "5.7.1",
	    .text = "You may not send as <{sender}>: it does not belong to "
		    "your login{url}",
	    .meaning = "The envelope sender is neither the login, nor the "
		       "login with a tag or at an alias domain, nor on the "
		       "account's list (posternctl sender add), nor in the "
		       "sender maps.",
	},
    [PT_REASON_RECIPIENTS_PER_MESSAGE] =
	{
	    .name = "recipients-per-message",
	    .smtp = 452,
	    .status = "4.5.3",
	    .text = "Too many recipients in one message: at most {limit}; "
		    "send to the others in another message{plan}",
	    .meaning = "More recipients than recipients_per_message.",
	    .limit = PT_LIMIT_MESSAGE,
	    .unit = PT_FIGURES_RECIPIENTS,
	},
    [PT_REASON_MESSAGE_SIZE] =
	{
	    .name = "message-size",
	    .smtp = 552,
	    .status = "5.3.4",
	    .text = "Message is too big: at most {limit}{plan}",
	    .meaning = "Larger than message_size.",
	    .limit = PT_LIMIT_MESSAGE,
	    .unit = PT_FIGURES_BYTES,
	},
    [PT_REASON_TLS_REQUIRED] =
	{
	    .name = "tls-required",
	    .smtp = 530,
	    .status = "5.7.0",
	    .imap = "PRIVACYREQUIRED",
	    .pop3 = "SYS/PERM",
	    .text = "Encryption is required: switch on STARTTLS or TLS in "
		    "your mail program",
	    .meaning = "The connection is not encrypted, require_tls is "
		       "yes, and the client is not in a trusted network.",
	},
    [PT_REASON_LOGIN_INVALID] =
	{
	    .name = "login-invalid",
	    .smtp = 451,
	    .status = "4.3.0",
	    .imap = "UNAVAILABLE",
	    .pop3 = "SYS/TEMP",
	    .text = "This login cannot be used for sending; contact your "
		    "mail provider{url}",
	    .meaning = "The login that the mail server reports is no "
		       "address that Postern could count under: too long, "
		       "control characters, no domain and no "
		       "default_domain.  The log line says which.",
	},
    [PT_REASON_PLAN_UNKNOWN] =
	{
	    .name = "plan-unknown",
	    .smtp = 451,
	    .status = "4.3.0",
	    .imap = "UNAVAILABLE",
	    .pop3 = "SYS/TEMP",
	    .text = "Temporary problem at the server; try again later",
	    .meaning = "The account's plan, or an override of it, is not "
		       "known to the configuration: write the plan, or "
		       "posternctl set LOGIN plan=...",
	},
    [PT_REASON_SMTP_OFF] =
	{
	    .name = "smtp-off",
	    .smtp = 550,
	    .status = "5.7.1",
	    .text = "Sending from a mail program is not part of this "
		    "account's plan{plan}{url}",
	    .meaning = "The plan's protocols do not name smtp and the "
		       "client is not in a trusted network.",
	},
    [PT_REASON_PENALTY] =
	{
	    .name = "penalty",
	    .smtp = 450,
	    .status = "4.7.28",
	    .text = "Very much was sent, so sending is limited to {limit} in "
		    "{window} until {term}; try again after {until}{plan}",
	    .meaning = "The plan's penalty holds for a while, because the "
		       "account sent as much as it says.  The message costs "
		       "nothing and is accepted from the time given on; with "
		       "penalty_extend each refused message makes the penalty "
		       "last longer.",
	    .limit = PT_LIMIT_SENDING,
	},
    [PT_REASON_CLIENT_ADDRESSES] =
	{
	    .name = "client-addresses",
	    .smtp = 450,
	    .status = "4.7.28",
	    .text = "Mail of this account comes from too many places: at most "
		    "{limit} internet addresses in {window}{again}; if that "
		    "was not you, change your password{plan}{url}",
	    .meaning = "More client addresses than the plan's "
		       "client_addresses send with this login; those that "
		       "sent within the window go on.  Often the account was "
		       "cracked.",
	    .limit = PT_LIMIT_SENDING,
	    .unit = PT_FIGURES_ADDRESSES,
	},
    [PT_REASON_NEW_RECIPIENTS] =
	{
	    .name = "new-recipients",
	    .smtp = 450,
	    .status = "4.7.28",
	    .text = "Too many recipients that you never wrote to before: at "
		    "most {limit} in {window}{again}{plan}{url}",
	    .meaning = "More first-time recipients than the plan's "
		       "new_recipients.  Recipients that the account wrote to "
		       "before are not affected.",
	    .limit = PT_LIMIT_SENDING,
	    .unit = PT_FIGURES_STRANGERS,
	},
};
