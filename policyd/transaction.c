/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/transaction.h"

void
pd_transaction_init(struct pd_transaction *transaction)
{
	*transaction = (struct pd_transaction){0};
}

/* A client that gives no instance has a message with each request. */
static bool
is_same(const struct pd_transaction *transaction, uint64_t instance, size_t len)
{
	return transaction->known && len > 0 &&
	       transaction->instance == instance;
}

uint64_t
pd_transaction_note(struct pd_transaction *transaction,
    const struct pd_request *request, bool *left_out)
{
	uint64_t instance =
	    pd_record_hash(request->instance.at, request->instance.len);

	*left_out = false;
	if (!is_same(transaction, instance, request->instance.len)) {
		*left_out = transaction->is_open;
		pd_transaction_init(transaction);
		transaction->known = true;
		transaction->instance = instance;
	}
	if (request->stage == PD_STAGE_END)
		transaction->is_open = false;
	if (request->stage == PD_STAGE_RCPT &&
	    (transaction->recipients == 0 ||
		transaction->recipient != request->recipient)) {
		transaction->recipient = request->recipient;
		transaction->recipients++;
	}
	if (request->stage != PD_STAGE_RCPT && request->recipient_count > 0)
		return request->recipient_count;
	return transaction->recipients > 0 ? transaction->recipients : 1;
}

void
pd_transaction_permit(struct pd_transaction *transaction, enum pd_stage stage)
{
	if (stage != PD_STAGE_END)
		transaction->is_open = true;
}

bool
pd_transaction_refuse(
    struct pd_transaction *transaction, enum pt_reason_id reason)
{
	uint64_t bit = (uint64_t)1 << (unsigned)reason;
	bool is_first = (transaction->reasons & bit) == 0;

	transaction->reasons |= bit;
	return is_first;
}
