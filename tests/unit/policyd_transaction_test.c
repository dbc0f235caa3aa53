/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/transaction.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static struct pd_request
make(enum pd_stage stage, const char *instance, const char *recipient,
    uint64_t count)
{
	return (struct pd_request){
	    .stage = stage,
	    .instance = {.at = instance, .len = strlen(instance)},
	    .recipient = pd_parser_hash(recipient, strlen(recipient)),
	    .recipient_count = count,
	};
}

static void
test_recipients_are_counted_message_by_message(void **state)
{
	static const struct {
		enum pd_stage stage;
		const char *instance;
		const char *recipient;
		uint64_t count;
		uint64_t want;
		bool is_new;
	} steps[] = {
	    {PD_STAGE_RCPT, "1", "a", 0, 1, true},
	    /* The same again: attached in another class. */
	    {PD_STAGE_RCPT, "1", "a", 0, 1, false},
	    {PD_STAGE_RCPT, "1", "b", 0, 2, false},
	    {PD_STAGE_RCPT, "1", "b", 0, 2, false},
	    {PD_STAGE_RCPT, "1", "a", 0, 3, false},
	    /* Postfix's own count decides as soon as there is one. */
	    {PD_STAGE_DATA, "1", "", 2, 2, false},
	    {PD_STAGE_END, "1", "", 2, 2, false},
	    /* Another message on the same connection. */
	    {PD_STAGE_RCPT, "2", "a", 0, 1, true},
	    {PD_STAGE_DATA, "2", "", 0, 1, false},
	    /* Without a look before. */
	    {PD_STAGE_END, "3", "a", 5, 5, true},
	    {PD_STAGE_END, "4", "a", 0, 1, true},
	    /* Without an instance each request is a message. */
	    {PD_STAGE_RCPT, "", "a", 0, 1, true},
	    {PD_STAGE_RCPT, "", "b", 0, 1, true},
	    {PD_STAGE_RCPT, "1", "a", 0, 1, true},
	};
	struct pd_transaction transaction;
	struct pd_request request;
	bool is_new;
	size_t i;

	(void)state;
	pd_transaction_init(&transaction);
	for (i = 0; i < PT_ARRAY_LEN(steps); i++) {
		request = make(steps[i].stage, steps[i].instance,
		    steps[i].recipient, steps[i].count);
		assert_int_equal(
		    pd_transaction_note(&transaction, &request, &is_new),
		    steps[i].want);
		assert_int_equal(is_new, steps[i].is_new);
	}
}

static void
test_refusal_is_the_first_once_a_message_and_reason(void **state)
{
	struct pd_transaction transaction;
	struct pd_request request = make(PD_STAGE_RCPT, "1", "a", 0);
	bool is_new;

	(void)state;
	pd_transaction_init(&transaction);
	(void)pd_transaction_note(&transaction, &request, &is_new);
	assert_true(pd_transaction_refuse(&transaction, PT_REASON_QUOTA));
	assert_false(pd_transaction_refuse(&transaction, PT_REASON_QUOTA));
	assert_true(pd_transaction_refuse(&transaction, PT_REASON_BLOCKED));
	(void)pd_transaction_note(&transaction, &request, &is_new);
	assert_false(pd_transaction_refuse(&transaction, PT_REASON_QUOTA));
	request = make(PD_STAGE_RCPT, "2", "a", 0);
	(void)pd_transaction_note(&transaction, &request, &is_new);
	assert_true(pd_transaction_refuse(&transaction, PT_REASON_QUOTA));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_recipients_are_counted_message_by_message),
	    cmocka_unit_test(
		test_refusal_is_the_first_once_a_message_and_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
