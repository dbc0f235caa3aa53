/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The session protocol, between the Dovecot plugin and policyd's session
 * socket (session_listen): the words that both sides write and read.
 *
 * Form: that of Postfix's policy protocol, "name=value" lines and an empty
 * line, both ways.  One connection is one IMAP or POP3 session; when it
 * closes, the session is over.  The plugin speaks, policyd answers each
 * request with one reply, in order; besides, policyd may send a reply with
 * "unasked=yes" at any time.
 *
 *	request=postern_session		first in every request
 *	event=open			first event
 *	    login=, token=, service=imap|pop3, session= (Dovecot's session id)
 *	event=check			INBOX was looked at
 *	    uidvalidity=, uidnext=	both 1 to 4294967295
 *	event=stored			this session put mail into INBOX
 *	    uidvalidity=, uidnext=	the UID after the last one stored
 *	event=traffic			since the last report
 *	    down=, up=			bytes
 *	event=hibernate			as close, but it goes on in
 *					imap-hibernate and counts for a while
 *	event=close
 *
 *	action=ok			go on; to open: hold=yes|no (does
 *					the plan hold INBOX) and
 *					report=SECONDS (how often traffic is
 *					wanted)
 *	action=hold			show INBOX up to uidnext
 *	    uidvalidity=, uidnext=, due=SECONDS until the next check
 *	action=close			end the session
 *	    reason= (stable name), reply= (what to tell the mail program,
 *	    without "* BYE " or "-ERR "), as "[CODE] text"
 *
 * action=ok to check or stored: nothing is held (any more).  To a request that
 * is no request, policyd closes the connection without an answer.  A session
 * without policyd goes on, without throttle, and connects again later; the
 * same token takes the place of its former connection.
 */
#ifndef PT_BASE_SESSION_PROTOCOL_H
#define PT_BASE_SESSION_PROTOCOL_H

#define PT_SESSION_REQUEST "postern_session"

/* Values are at most so long, each line and each reply too. */
#define PT_SESSION_VALUE_MAX 320
#define PT_SESSION_REPLY_MAX 1024

/* The userdb field of a session: its token, ':', and the account's login. */
#define PT_SESSION_TOKEN_FIELD "postern_token"
#define PT_SESSION_TOKEN_END   ':'

#endif
