/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The one table of reasons: for each its stable name (logs, JSON, metrics),
 * its codes towards each protocol, and its text.  Every reply that a client
 * sees is made here.  postern(7) prints the table.
 *
 * Codes: enhanced status codes by the IANA registry (RFC 3463, RFC 5248),
 * IMAP by RFC 5530, POP3 by RFC 2449 and RFC 3206.
 */
#ifndef PT_RULES_REASON_H
#define PT_RULES_REASON_H

#include <stddef.h>
#include <stdint.h>

#include "core/config/plan.h"
#include "core/state/figures.h"

/* Stable numbers: they are stored and index counters.  Below 64. */
enum pt_reason_id {
	PT_REASON_NONE = 0,
	PT_REASON_UNAVAILABLE = 1,
	PT_REASON_QUOTA = 2,
	PT_REASON_QUOTA_NEVER = 3, /* larger than a whole window */
	PT_REASON_SENDING_LOCKED = 4,
	PT_REASON_BLOCKED = 5,
	PT_REASON_INACTIVE = 6,
	PT_REASON_SENDER_NOT_OWNED = 7,
	PT_REASON_RECIPIENTS_PER_MESSAGE = 8,
	PT_REASON_MESSAGE_SIZE = 9,
	PT_REASON_TLS_REQUIRED = 10,
	PT_REASON_LOGIN_INVALID = 11,
	PT_REASON_PLAN_UNKNOWN = 12,
	PT_REASON_SMTP_OFF = 13, /* the plan does not allow SMTP */
	PT_REASON_PASSWORD = 14, /* no app password: never tells more */
	PT_REASON_ACCESS_OFF = 15,
	PT_REASON_PASSWORD_REVOKED = 16,
	PT_REASON_PASSWORD_CHANGED = 17, /* the main one, which ended this */
	PT_REASON_PASSWORD_EXPIRED = 18,
	PT_REASON_NOT_YET_ACTIVE = 19,
	PT_REASON_PROTOCOL_PLAN = 20,     /* not part of the plan */
	PT_REASON_PROTOCOL_OFF = 21,      /* not switched on by the owner */
	PT_REASON_PROTOCOL_PASSWORD = 22, /* not for this app password */
	PT_REASON_NETWORK = 23,           /* not from here */
	PT_REASON_LOGINS = 24,
	PT_REASON_SESSIONS = 25,
	PT_REASON_TRAFFIC = 26,
	PT_REASON_MAIL_CHECK = 27,
	/* Of the header; those with "field" say of which one. */
	PT_REASON_FROM_MISSING = 28,
	PT_REASON_FROM_DUPLICATE = 29,
	PT_REASON_FROM_UNREADABLE = 30, /* or readable in two ways */
	PT_REASON_FROM_SEVERAL = 31,
	PT_REASON_FROM_NOT_OWNED = 32,
	PT_REASON_FROM_NAME = 33, /* a display name shows another address */
	PT_REASON_SENDER_UNAVAILABLE = 34, /* a map cannot be asked */
	/* Sending limits beside the windows. */
	PT_REASON_PENALTY = 35,
	PT_REASON_CLIENT_ADDRESSES = 36,
	PT_REASON_NEW_RECIPIENTS = 37,
	PT_REASONS,
};

/* Of what kind is a reason's limit? */
enum pt_limit_kind {
	PT_LIMIT_NONE,    /* another limit would not help */
	PT_LIMIT_MESSAGE, /* of a single message */
	PT_LIMIT_SENDING, /* of all mail: towards block_after_refusals */
};

struct pt_reason {
	const char *name;
	int smtp;            /* 450, 550 ...; its class is the verdict */
	const char *status;  /* "4.7.28" */
	const char *imap;    /* response code, or NULL */
	const char *pop3;    /* response code, or NULL */
	const char *text;    /* with {figures}; see reason_table.c */
	const char *meaning; /* for the man page: when, and what to do */
	enum pt_limit_kind limit;
	enum pt_figures_unit unit; /* of its limit; NONE: its verdict says */
};

/* Never NULL. */
const struct pt_reason *
pt_reason_get(enum pt_reason_id id);

struct pt_verdict;

/* What the text may name besides the verdict's own figures. */
struct pt_reply_facts {
	const char *login;
	const char *sender;   /* envelope; NULL: as "" */
	const char *field;    /* "From"; NULL: as "" */
	const char *address;  /* in that field; NULL: as "" */
	const char *detail;   /* what is wrong with it; NULL: as "" */
	const char *help_url; /* "" or NULL: none */
	int64_t now;
};

#define PT_REPLY_MAX 512

/*
 * "450 4.7.28 Sending limit reached: ...": one line of printable UTF-8,
 * without an end of line, for Postfix's action= or an SMTP reply.  cap >=
 * PT_REPLY_MAX; too long a name is cut, the figures never are.
 */
void
pt_reason_smtp_reply(const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts, char *buf, size_t cap);

/*
 * What a mail program is told at login or when its session ends: for IMAP and
 * POP3 "[CODE] text" (RFC 5530; RFC 2449 and 3206), for SMTP the text alone,
 * because Postfix puts its own code before it.  cap >= PT_REPLY_MAX.
 */
void
pt_reason_login_reply(const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts, enum pt_protocol protocol, char *buf,
    size_t cap);

/* The text alone. */
void
pt_reason_text(const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts, char *buf, size_t cap);

/* "messages", "recipients", "bytes" */
const char *
pt_counted_name(unsigned counted);

#endif
