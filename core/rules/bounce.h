/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Bounces as evidence that an account was cracked.
 *
 * A failed recipient of a report counts against an account only if it is tied
 * to mail that the account really sent: the returned Message-ID is among the
 * last PT_SENT_MAX that were noted at the charge, and the recipient is one that
 * the message went to.  A message proves no more bounces than it had
 * recipients, and each report from outside halves what it may prove yet: of n
 * recipients they prove log2(n) + 1 at most.  So a stranger can prove nothing;
 * who got mail can forge reports about it, but would have to have got many
 * messages, to few recipients each, that make up a good part of what the
 * account sent; and a forward or a mailing list, which bounces for an address
 * that the account never wrote to, proves nothing.  Recipients are one bit of
 * 64, so of 64 foreign ones one may pass for a recipient of the message.
 *
 * A report that our own MTA made, which the caller vouches for, also counts if
 * the message is not known any more, because newer ones took its place; such
 * ones together at most as many as were sent to in the period.  If the
 * returned mail went through a mailing list it is as one from outside.
 * Marks of a list alone prove nothing, or a cracked account would write them
 * into its mail.  A report about the account itself proves nothing.
 *
 * The account is cracked when both hold, in the period of bounce_min: at least
 * that many recipients bounced, and at least bounce_share percent of the
 * recipients that it sent to.  Without a bounce_share all of them must.  While
 * nothing was sent in the period there is no share to speak of: not cracked.
 *
 * All functions are pure and expect settled evidence.
 */
#ifndef PT_RULES_BOUNCE_H
#define PT_RULES_BOUNCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/config/plan.h"
#include "core/rules/dsn.h"
#include "core/state/evidence.h"

#define PT_BOUNCE_KEY_BYTES 16

/* Of a Message-ID: what stands between its angle brackets, whatever blanks
 * and comments a program puts around them; without brackets, all of it.  0:
 * there is none, or it is longer than PT_DSN_ID_MAX. */
uint64_t
pt_bounce_message_hash(const unsigned char key[PT_BOUNCE_KEY_BYTES],
    const char *message_id, size_t len);

/* One bit, for the recipients of struct pt_sent. */
uint64_t
pt_bounce_recipient_bit(const unsigned char key[PT_BOUNCE_KEY_BYTES],
    const struct pt_login *recipient);

/* A message that is being charged. */
struct pt_bounce_sent {
	uint64_t message; /* pt_bounce_message_hash(); 0: not known */
	uint64_t recipient_bits;
	unsigned recipients;
};

/* Notes it; nothing is kept for a plan without bounce_min.  Of a message that
 * is not known only the number of recipients is noted. */
void
pt_bounce_note_sent(const struct pt_plan *plan, struct pt_evidence *evidence,
    const struct pt_bounce_sent *sent, int64_t now);

struct pt_bounce_finding {
	unsigned counted; /* recipients of the report that prove something */
	unsigned ignored;
	bool is_cracked;  /* now; never without anything counted */
	uint64_t bounced; /* in the period, these included */
	uint64_t sent;
};

/*
 * Counts a report for an account.  "ours": our own MTA made it.  The evidence
 * was changed if anything counted.
 */
struct pt_bounce_finding
pt_bounce_count(const struct pt_plan *plan, struct pt_evidence *evidence,
    const unsigned char key[PT_BOUNCE_KEY_BYTES], const struct pt_dsn *dsn,
    bool ours, int64_t now);

/*
 * What was noted so far, sent or bounced, proves nothing from here on; totals
 * stay.  For when the account is blocked: once its owner has come back, late
 * bounces of the old mail must not block it again.
 */
void
pt_bounce_start_anew(struct pt_evidence *evidence);

#endif
