/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The table of reasons: what a login, a session or a mail check meets. */

#include <stddef.h>

#include "core/rules/reason_private.h"

/* reason_table.c says which figures a text may name. */
const struct pt_reason pt_reason_table_login[PT_REASONS] = {
    [PT_REASON_PASSWORD] =
	{
	    .name = "password",
	    .smtp = 535,
	    .status = "5.7.8",
	    .imap = "AUTHENTICATIONFAILED",
	    .pop3 = "AUTH",
	    .text = "Wrong login or password; mail programs need an app "
		    "password{url}",
	    .meaning = "It is no app password of this account, or there is "
		       "no such account: both look the same.  Dovecot says "
		       "so in words of its own.  Wrong passwords count "
		       "against guesses.",
	},
    [PT_REASON_ACCESS_OFF] =
	{
	    .name = "access-off",
	    .smtp = 550,
	    .status = "5.7.1",
	    .imap = "AUTHORIZATIONFAILED",
	    .pop3 = "SYS/PERM",
	    .text = "External access (mail programs) was switched off{at}; "
		    "switch it on in your account's settings and use the new "
		    "app password{url}",
	    .meaning = "The owner or the postmaster switched external access "
		       "off, which ended its app passwords (posternctl "
		       "enable yields a new one).",
	},
    [PT_REASON_PASSWORD_REVOKED] =
	{
	    .name = "password-revoked",
	    .smtp = 535,
	    .status = "5.7.8",
	    .imap = "EXPIRED",
	    .pop3 = "AUTH",
	    .text = "This app password ended{at}{ending}; use a newer one, or "
		    "make one in your account's settings{url}",
	    .meaning = "The app password is one that has ended, while "
		       "external access is on.  Ended ones are known for 90 "
		       "days.",
	},
    [PT_REASON_PASSWORD_CHANGED] =
	{
	    .name = "password-changed",
	    .smtp = 535,
	    .status = "5.7.8",
	    .imap = "EXPIRED",
	    .pop3 = "AUTH",
	    .text = "Your main password was changed{at}, which ended this app "
		    "password; make a new one in your account's settings{url}",
	    .meaning = "The provider told Postern that the main password was "
		       "changed (posternctl password-changed); that ends all "
		       "app passwords, while external access stays on.",
	},
    [PT_REASON_PASSWORD_EXPIRED] =
	{
	    .name = "password-expired",
	    .smtp = 535,
	    .status = "5.7.8",
	    .imap = "EXPIRED",
	    .pop3 = "AUTH",
	    .text = "This app password expired{at}; make a new one in your "
		    "account's settings{url}",
	    .meaning = "The app password was made for a limited time.",
	},
    [PT_REASON_NOT_YET_ACTIVE] =
	{
	    .name = "not-yet-active",
	    .smtp = 450,
	    .status = "4.7.1",
	    .imap = "UNAVAILABLE",
	    .pop3 = "SYS/TEMP",
	    .text = "External access (mail programs) was just switched on and "
		    "begins at {until}; try again then",
	    .meaning = "Less than activation_delay has passed since external "
		       "access was switched on.",
	},
    [PT_REASON_PROTOCOL_PLAN] =
	{
	    .name = "protocol-plan",
	    .smtp = 550,
	    .status = "5.7.1",
	    .imap = "AUTHORIZATIONFAILED",
	    .pop3 = "SYS/PERM",
	    .text = "{protocol} is not part of this account's plan{plan}{url}",
	    .meaning = "The plan's protocols do not name this one.",
	},
    [PT_REASON_PROTOCOL_OFF] =
	{
	    .name = "protocol-off",
	    .smtp = 550,
	    .status = "5.7.1",
	    .imap = "AUTHORIZATIONFAILED",
	    .pop3 = "SYS/PERM",
	    .text = "{protocol} is not switched on for this account; switch "
		    "it on in your account's settings{url}",
	    .meaning = "External access is on, but the owner did not switch "
		       "this protocol on.",
	},
    [PT_REASON_PROTOCOL_PASSWORD] =
	{
	    .name = "protocol-password",
	    .smtp = 535,
	    .status = "5.7.8",
	    .imap = "AUTHORIZATIONFAILED",
	    .pop3 = "AUTH",
	    .text = "This app password is not for {protocol}; use another "
		    "one, or make one in your account's settings{url}",
	    .meaning = "The app password was made for other protocols.",
	},
    [PT_REASON_NETWORK] =
	{
	    .name = "network",
	    .smtp = 535,
	    .status = "5.7.8",
	    .imap = "AUTHORIZATIONFAILED",
	    .pop3 = "AUTH",
	    .text = "This app password may not be used from this network; use "
		    "another one, or make one in your account's settings{url}",
	    .meaning = "The app password was made for certain networks, and "
		       "the client's address is in none of them.",
	},
    [PT_REASON_LOGINS] =
	{
	    .name = "logins",
	    .smtp = 450,
	    .status = "4.7.0",
	    .imap = "LIMIT",
	    .pop3 = "LOGIN-DELAY",
	    .text = "Too many logins: at most {limit} in "
		    "{window}{again}{plan}",
	    .meaning = "A window of the plan's logins is full.",
	    .unit = PT_FIGURES_LOGINS,
	},
    [PT_REASON_SESSIONS] =
	{
	    .name = "sessions",
	    .smtp = 450,
	    .status = "4.7.0",
	    .imap = "LIMIT",
	    .pop3 = "IN-USE",
	    .text = "Too many open sessions: at most {limit}; close another "
		    "mail program of this account and try again{plan}",
	    .meaning = "As many IMAP and POP3 sessions of the account are "
		       "open as the plan allows, from all addresses together.",
	},
    [PT_REASON_TRAFFIC] =
	{
	    .name = "traffic",
	    .smtp = 450,
	    .status = "4.7.0",
	    .imap = "LIMIT",
	    .pop3 = "SYS/TEMP",
	    .text = "{traffic} limit reached: {limit} in "
		    "{window}{again}{plan}",
	    .meaning = "A window of the plan's download or upload is full: "
		       "open sessions are ended and logins refused.",
	},
    [PT_REASON_MAIL_CHECK] =
	{
	    .name = "mail-check",
	    .smtp = 450,
	    .status = "4.7.0",
	    .imap = "LIMIT",
	    .pop3 = "LOGIN-DELAY",
	    .text = "Next mail check in {left} (at {until})",
	    .meaning = "The last mail check was less than mail_check ago.  "
		       "To IMAP only with imap_check = refuse.",
	},
};
