/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a connection remembers of the message that is being delivered, known
 * by its "instance": how many recipients RCPT has named so far, and for which
 * reasons it was refused already.  Postfix serves one message at a time on a
 * connection; another instance means that the last one is over.
 *
 * At RCPT Postfix gives no count.  The service may be attached in several
 * restriction classes, each of which asks the same again, so a recipient
 * that comes twice in a row counts once.
 *
 * The end of a message names no recipients, so where the plan of the login
 * wants to know them one by one they are remembered, up to
 * PT_STRANGERS_NAMED_MAX, in memory that other connections do without.  What is
 * refused by others after us stays among them.
 */
#ifndef PD_TRANSACTION_H
#define PD_TRANSACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rules/message.h"
#include "core/rules/reason.h"
#include "core/rules/strangers.h"
#include "policyd/request.h"

struct pd_named {
	size_t count;
	uint64_t further;                      /* that found no room */
	uint64_t hash[PT_STRANGERS_NAMED_MAX]; /* pt_strangers_hash() */
};

struct pd_transaction {
	uint64_t instance;  /* a hash */
	uint64_t recipient; /* a hash, of the last one */
	uint64_t recipients;
	uint64_t reasons;       /* bits by enum pt_reason_id */
	bool known;             /* there is an instance */
	bool is_open;           /* it was permitted, and its end has not come */
	bool is_new;            /* the last RCPT named another recipient */
	struct pd_named *named; /* owned; NULL: not wanted so far */
};

void
pd_transaction_init(struct pd_transaction *transaction);

void
pd_transaction_clear(struct pd_transaction *transaction);

/*
 * Notes a request of a judged stage.  Returns the number of recipients known
 * so far, at least 1.  left_out: this is another message, and the end of the
 * one before, which was permitted, has never come.
 */
uint64_t
pd_transaction_note(struct pd_transaction *transaction,
    const struct pd_request *request, bool *left_out);

/*
 * After noting a request: its recipient, if it is wanted (there is "named") and
 * new, joins the others; then all of them are told to the rules.  They are
 * valid until the next request is noted.
 */
void
pd_transaction_name(struct pd_transaction *transaction,
    const struct pd_request *request, const unsigned char *key,
    struct pt_message *message);

/*
 * After the verdict: are recipients wanted one by one?  Then the first one is
 * remembered from here on, or, where it was refused, the last one is not.
 */
void
pd_transaction_want(struct pd_transaction *transaction,
    const struct pd_request *request, bool is_wanted, bool is_refused,
    uint64_t hash);

/* Notes that the request was permitted. */
void
pd_transaction_permit(struct pd_transaction *transaction, enum pd_stage stage);

/* Notes a refusal; is it the message's first for that reason? */
bool
pd_transaction_refuse(
    struct pd_transaction *transaction, enum pt_reason_id reason);

#endif
