/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/reply.h"

#include "tests/unit/support/testing.h"

static void
test_a_reply_comes_in_its_three_parts(void **state)
{
	const struct pt_verdict verdict = {
	    .code = PT_VERDICT_REFUSE,
	    .reason = PT_REASON_FROM_NOT_OWNED,
	};
	const struct pt_reply_facts facts = {
	    .login = "ann@example.com",
	    .field = "From",
	    .address = "ceo@example.com",
	    .now = TEST_NOW,
	};
	struct pm_reply reply;

	(void)state;
	pm_reply_make(&verdict, &facts, &reply);
	assert_string_equal(reply.code, "550");
	assert_string_equal(reply.status, "5.7.1");
	assert_string_equal(reply.text,
	    "You may not send with From <ceo@example.com>: it does not belong "
	    "to your login");
}

static void
test_percent_signs_are_doubled(void **state)
{
	const struct pt_verdict verdict = {
	    .code = PT_VERDICT_REFUSE,
	    .reason = PT_REASON_SENDER_NOT_OWNED,
	};
	const struct pt_reply_facts facts = {
	    .login = "ann@example.com",
	    .sender = "a%s%n@example.com",
	    .now = TEST_NOW,
	};
	struct pm_reply reply;

	(void)state;
	pm_reply_make(&verdict, &facts, &reply);
	assert_non_null(strstr(reply.text, "<a%%s%%n@example.com>"));
}

static void
test_each_reason_makes_a_reply_of_its_class(void **state)
{
	const struct pt_reply_facts facts = {
	    .login = "ann@example.com",
	    .now = TEST_NOW,
	};
	struct pt_verdict verdict = {.code = PT_VERDICT_REFUSE};
	struct pm_reply reply;
	unsigned i;

	(void)state;
	for (i = PT_REASON_UNAVAILABLE; i < PT_REASONS; i++) {
		verdict.reason = (enum pt_reason_id)i;
		if (pt_reason_get(verdict.reason)->smtp == 0)
			continue;
		pm_reply_make(&verdict, &facts, &reply);
		assert_int_equal(strlen(reply.code), 3);
		assert_int_equal(reply.code[0], reply.status[0]);
		/* 421 would end the session. */
		assert_string_not_equal(reply.code, "421");
		assert_null(strpbrk(reply.text, "\r\n"));
		assert_true(reply.text[0] != '\0');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_reply_comes_in_its_three_parts),
	    cmocka_unit_test(test_percent_signs_are_doubled),
	    cmocka_unit_test(test_each_reason_makes_a_reply_of_its_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
