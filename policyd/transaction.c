/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/transaction.h"

#include <stdlib.h>

void
pd_transaction_init(struct pd_transaction *transaction)
{
	*transaction = (struct pd_transaction){0};
}

void
pd_transaction_clear(struct pd_transaction *transaction)
{
	free(transaction->named);
	pd_transaction_init(transaction);
}

static void
start_anew(struct pd_transaction *transaction)
{
	struct pd_named *named = transaction->named;

	pd_transaction_init(transaction);
	transaction->named = named;
	if (named == NULL)
		return;
	named->count = 0;
	named->further = 0;
}

/* A client that gives no instance has a message with each request. */
static bool
is_same(const struct pd_transaction *transaction, uint64_t instance, size_t len)
{
	return transaction->known && len > 0 &&
	       transaction->instance == instance;
}

static void
note_recipient(
    struct pd_transaction *transaction, const struct pd_text *recipient)
{
	uint64_t hash = pd_record_hash(recipient->at, recipient->len);

	if (transaction->recipients > 0 && transaction->recipient == hash)
		return;
	transaction->recipient = hash;
	transaction->recipients++;
	transaction->is_new = true;
}

uint64_t
pd_transaction_note(struct pd_transaction *transaction,
    const struct pd_request *request, bool *left_out)
{
	uint64_t instance =
	    pd_record_hash(request->instance.at, request->instance.len);

	*left_out = false;
	transaction->is_new = false;
	if (!is_same(transaction, instance, request->instance.len)) {
		*left_out = transaction->is_open;
		start_anew(transaction);
		transaction->known = true;
		transaction->instance = instance;
	}
	if (request->stage == PD_STAGE_END)
		transaction->is_open = false;
	if (request->stage == PD_STAGE_RCPT)
		note_recipient(transaction, &request->recipient);
	if (request->stage != PD_STAGE_RCPT && request->recipient_count > 0)
		return request->recipient_count;
	return transaction->recipients > 0 ? transaction->recipients : 1;
}

static void
put(struct pd_named *named, uint64_t hash)
{
	if (named->count < PT_STRANGERS_NAMED_MAX)
		named->hash[named->count++] = hash;
	else
		named->further++;
}

void
pd_transaction_name(struct pd_transaction *transaction,
    const struct pd_request *request, const unsigned char *key,
    struct pt_message *message)
{
	struct pd_named *named = transaction->named;
	const struct pd_text *recipient = &request->recipient;

	if (named != NULL && transaction->is_new)
		put(named,
		    pt_strangers_hash(key, recipient->at, recipient->len));
	if (named != NULL) {
		message->named = named->hash;
		message->named_count = named->count;
	}
	if (request->stage == PD_STAGE_RCPT)
		message->nameless = named != NULL ? named->further : 0;
	else if (message->recipients > message->named_count)
		message->nameless = message->recipients - message->named_count;
}

/* Only the last one can have been refused, and it may have found no room. */
static void
take_back(struct pd_transaction *transaction)
{
	struct pd_named *named = transaction->named;

	if (!transaction->is_new)
		return;
	if (named->further > 0)
		named->further--;
	else if (named->count > 0)
		named->count--;
	transaction->is_new = false;
}

void
pd_transaction_want(struct pd_transaction *transaction,
    const struct pd_request *request, bool is_wanted, bool is_refused,
    uint64_t hash)
{
	if (!is_wanted) {
		free(transaction->named);
		transaction->named = NULL;
		return;
	}
	if (request->stage != PD_STAGE_RCPT)
		return;
	if (transaction->named != NULL) {
		if (is_refused)
			take_back(transaction);
		return;
	}
	/* Without memory they count as strangers. */
	transaction->named = calloc(1, sizeof(*transaction->named));
	if (transaction->named != NULL && !is_refused)
		put(transaction->named, hash);
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
