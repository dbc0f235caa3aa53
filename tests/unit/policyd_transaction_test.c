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
	    .recipient = {.at = recipient, .len = strlen(recipient)},
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
	} steps[] = {
	    {PD_STAGE_RCPT, "1", "a", 0, 1},
	    /* The same again: attached in another class. */
	    {PD_STAGE_RCPT, "1", "a", 0, 1},
	    {PD_STAGE_RCPT, "1", "b", 0, 2},
	    {PD_STAGE_RCPT, "1", "b", 0, 2},
	    {PD_STAGE_RCPT, "1", "a", 0, 3},
	    /* Postfix's own count decides as soon as there is one. */
	    {PD_STAGE_DATA, "1", "", 2, 2},
	    {PD_STAGE_END, "1", "", 2, 2},
	    /* Another message on the same connection. */
	    {PD_STAGE_RCPT, "2", "a", 0, 1},
	    {PD_STAGE_DATA, "2", "", 0, 1},
	    /* Without a look before. */
	    {PD_STAGE_END, "3", "a", 5, 5},
	    {PD_STAGE_END, "4", "a", 0, 1},
	    /* Without an instance each request is a message. */
	    {PD_STAGE_RCPT, "", "a", 0, 1},
	    {PD_STAGE_RCPT, "", "b", 0, 1},
	    {PD_STAGE_RCPT, "1", "a", 0, 1},
	};
	struct pd_transaction transaction;
	struct pd_request request;
	bool left;
	size_t i;

	(void)state;
	pd_transaction_init(&transaction);
	for (i = 0; i < PT_ARRAY_LEN(steps); i++) {
		request = make(steps[i].stage, steps[i].instance,
		    steps[i].recipient, steps[i].count);
		assert_int_equal(
		    pd_transaction_note(&transaction, &request, &left),
		    steps[i].want);
	}
}

static void
test_refusal_is_the_first_once_a_message_and_reason(void **state)
{
	struct pd_transaction transaction;
	struct pd_request request = make(PD_STAGE_RCPT, "1", "a", 0);
	bool left;

	(void)state;
	pd_transaction_init(&transaction);
	(void)pd_transaction_note(&transaction, &request, &left);
	assert_true(pd_transaction_refuse(&transaction, PT_REASON_QUOTA));
	assert_false(pd_transaction_refuse(&transaction, PT_REASON_QUOTA));
	assert_true(pd_transaction_refuse(&transaction, PT_REASON_BLOCKED));
	(void)pd_transaction_note(&transaction, &request, &left);
	assert_false(pd_transaction_refuse(&transaction, PT_REASON_QUOTA));
	request = make(PD_STAGE_RCPT, "2", "a", 0);
	(void)pd_transaction_note(&transaction, &request, &left);
	assert_true(pd_transaction_refuse(&transaction, PT_REASON_QUOTA));
}

static void
test_message_without_an_end_is_noticed_when_it_is_over(void **state)
{
	static const struct {
		enum pd_stage stage;
		const char *instance;
		bool permitted;
		bool left;
	} steps[] = {
	    {PD_STAGE_RCPT, "1", true, false},
	    {PD_STAGE_DATA, "1", true, false},
	    {PD_STAGE_RCPT, "2", true, true},
	    {PD_STAGE_END, "2", true, false},
	    {PD_STAGE_RCPT, "3", false, false},
	    {PD_STAGE_RCPT, "4", true, false},
	    {PD_STAGE_END, "4", false, false},
	    {PD_STAGE_RCPT, "5", true, false},
	};
	struct pd_transaction transaction;
	struct pd_request request;
	bool left;
	size_t i;

	(void)state;
	pd_transaction_init(&transaction);
	for (i = 0; i < PT_ARRAY_LEN(steps); i++) {
		request = make(steps[i].stage, steps[i].instance, "a", 1);
		(void)pd_transaction_note(&transaction, &request, &left);
		assert_int_equal(left, steps[i].left);
		if (steps[i].permitted)
			pd_transaction_permit(&transaction, steps[i].stage);
	}
}

static const unsigned char key[PT_STRANGERS_KEY_BYTES] = "0123456789abcde";

/* What the rules are told of a request's recipients, and what follows. */
struct naming {
	enum pd_stage stage;
	const char *instance;
	const char *recipient;
	uint64_t count; /* recipient_count */
	bool refused;
	size_t named;
	uint64_t nameless;
};

static void
name(struct pd_transaction *transaction, const struct naming *step,
    bool is_wanted)
{
	struct pd_request request =
	    make(step->stage, step->instance, step->recipient, step->count);
	struct pt_message message = {.named_count = 0};
	bool left;

	message.recipients = pd_transaction_note(transaction, &request, &left);
	pd_transaction_name(transaction, &request, key, &message);
	assert_int_equal(message.named_count, step->named);
	assert_int_equal(message.nameless, step->nameless);
	pd_transaction_want(transaction, &request, is_wanted, step->refused,
	    pt_strangers_hash(key, step->recipient, strlen(step->recipient)));
}

static void
test_recipients_are_remembered_to_the_end_of_their_message(void **state)
{
	static const struct naming steps[] = {
	    /* Whether they are wanted is known after the first. */
	    {PD_STAGE_RCPT, "1", "a", 0, false, 0, 0},
	    {PD_STAGE_RCPT, "1", "b", 0, false, 2, 0},
	    {PD_STAGE_RCPT, "1", "b", 0, false, 2, 0},
	    {PD_STAGE_RCPT, "1", "c", 0, true, 3, 0},
	    {PD_STAGE_RCPT, "1", "d", 0, false, 3, 0},
	    {PD_STAGE_DATA, "1", "", 3, false, 3, 0},
	    {PD_STAGE_END, "1", "", 3, false, 3, 0},
	    {PD_STAGE_RCPT, "2", "a", 0, false, 1, 0},
	    /* Others refused it after us; and the other way round. */
	    {PD_STAGE_END, "2", "", 0, false, 1, 0},
	    {PD_STAGE_END, "3", "", 5, false, 0, 5},
	};
	struct pd_transaction transaction;
	size_t i;

	(void)state;
	pd_transaction_init(&transaction);
	for (i = 0; i < PT_ARRAY_LEN(steps); i++)
		name(&transaction, &steps[i], true);
	assert_non_null(transaction.named);
	pd_transaction_clear(&transaction);
}

static void
test_more_recipients_than_are_remembered_are_nameless(void **state)
{
	struct naming step = {.stage = PD_STAGE_RCPT, .instance = "1"};
	struct pd_transaction transaction;
	char recipient[16];
	unsigned n;

	(void)state;
	pd_transaction_init(&transaction);
	for (n = 1; n <= PT_STRANGERS_NAMED_MAX + 5; n++) {
		(void)snprintf(recipient, sizeof(recipient), "r%u", n);
		step.recipient = recipient;
		step.named = n == 1 ? 0 : n;
		if (n > PT_STRANGERS_NAMED_MAX) {
			step.named = PT_STRANGERS_NAMED_MAX;
			step.nameless = n - PT_STRANGERS_NAMED_MAX;
		}
		name(&transaction, &step, true);
	}
	step.stage = PD_STAGE_END;
	step.count = n - 1;
	name(&transaction, &step, true);
	pd_transaction_clear(&transaction);
}

static void
test_who_does_not_want_recipients_takes_no_memory(void **state)
{
	static const struct naming step = {
	    PD_STAGE_RCPT, "1", "a", 0, false, 0, 0};
	static const struct naming other = {
	    PD_STAGE_RCPT, "2", "a", 0, false, 1, 0};
	struct pd_transaction transaction;

	(void)state;
	pd_transaction_init(&transaction);
	name(&transaction, &step, false);
	assert_null(transaction.named);
	name(&transaction, &step, true);
	assert_non_null(transaction.named);
	/* The next login on the connection has another plan. */
	name(&transaction, &other, false);
	assert_null(transaction.named);
	pd_transaction_clear(&transaction);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_recipients_are_counted_message_by_message),
	    cmocka_unit_test(
		test_recipients_are_remembered_to_the_end_of_their_message),
	    cmocka_unit_test(
		test_more_recipients_than_are_remembered_are_nameless),
	    cmocka_unit_test(test_who_does_not_want_recipients_takes_no_memory),
	    cmocka_unit_test(
		test_message_without_an_end_is_noticed_when_it_is_over),
	    cmocka_unit_test(
		test_refusal_is_the_first_once_a_message_and_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
