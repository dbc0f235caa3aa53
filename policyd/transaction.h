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
 */
#ifndef PD_TRANSACTION_H
#define PD_TRANSACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rules/reason.h"
#include "policyd/request.h"

struct pd_transaction {
	uint64_t instance;  /* a hash */
	uint64_t recipient; /* a hash, of the last one */
	uint64_t recipients;
	uint64_t reasons; /* bits by enum pt_reason_id */
	bool known;       /* there is an instance */
	bool is_open;     /* it was permitted, and its end has not come */
};

void
pd_transaction_init(struct pd_transaction *transaction);

/*
 * Notes a request of a judged stage.  Returns the number of recipients known
 * so far, at least 1.  left_out: this is another message, and the end of the
 * one before, which was permitted, has never come.
 */
uint64_t
pd_transaction_note(struct pd_transaction *transaction,
    const struct pd_request *request, bool *left_out);

/* Notes that the request was permitted. */
void
pd_transaction_permit(struct pd_transaction *transaction, enum pd_stage stage);

/* Notes a refusal; is it the message's first for that reason? */
bool
pd_transaction_refuse(
    struct pd_transaction *transaction, enum pt_reason_id reason);

#endif
