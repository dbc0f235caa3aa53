/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/rules_bounce.h"

static void
test_message_ids_are_compared_between_their_brackets(void **state)
{
	static const struct {
		const char *id;
		bool same;
	} cases[] = {
	    {"<one@example.com>", true},
	    {"  <one@example.com>\t", true},
	    {"\r\n <one@example.com>", true},
	    {"<one@\n example.com>", true},
	    {"< one@example.com >", true},
	    {"(a <two@x> (b\\)) c) <one@example.com> (d)", true},
	    {"<one@example.com> trailing", true},
	    {"<one@example.com", true},
	    /* Some programs forget the brackets. */
	    {"one@example.com", true},
	    {"one@example.com (x)", true},
	    {"<One@example.com>", false},
	    {"<one@example.COM>", false},
	    {"<one(x)@example.com>", false},
	    {"<two@example.com>", false},
	};
	uint64_t one = pt_bounce_message_hash(key, "<one@example.com>", 17);
	size_t i;

	(void)state;
	assert_int_not_equal(one, 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if ((pt_bounce_message_hash(key, cases[i].id,
			 strlen(cases[i].id)) == one) != cases[i].same)
			fail_msg("%s", cases[i].id);
	}
}

static void
test_no_message_id_has_no_hash(void **state)
{
	static const char *const none[] = {
	    "", " ", "<>", " < > ", "(x)", "(", "(\\"};
	char longest[PT_DSN_ID_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(
		    pt_bounce_message_hash(key, none[i], strlen(none[i])), 0);
	memset(longest, 'x', sizeof(longest));
	assert_int_not_equal(
	    pt_bounce_message_hash(key, longest, PT_DSN_ID_MAX), 0);
	assert_int_equal(
	    pt_bounce_message_hash(key, longest, sizeof(longest)), 0);
}

static void
test_hashes_need_the_key(void **state)
{
	static const unsigned char other[PT_BOUNCE_KEY_BYTES] = "x";
	struct pt_login login;
	uint64_t all = 0;
	unsigned differ = 0;
	unsigned i;

	(void)state;
	assert_int_not_equal(pt_bounce_message_hash(key, "<a@b>", 5),
	    pt_bounce_message_hash(other, "<a@b>", 5));
	for (i = 0; i < 1000; i++) {
		login = recipient_of(i);
		all |= pt_bounce_recipient_bit(key, &login);
		differ += pt_bounce_recipient_bit(key, &login) !=
			  pt_bounce_recipient_bit(other, &login);
	}
	assert_true(all == UINT64_MAX);
	assert_in_range(differ, 900, 1000);
}

static void
test_the_last_messages_are_kept(void **state)
{
	struct pt_plan plan = plan_of(1000, 1);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	unsigned i;

	(void)state;
	start(&evidence);
	for (i = 0; i < 2 * PT_SENT_MAX; i++)
		send(&plan, &evidence, i, i, 1, TEST_NOW + i);
	assert_int_equal(evidence.sent_count, PT_SENT_MAX);
	for (i = 0; i < 2 * PT_SENT_MAX; i++) {
		report_of(&dsn, i, i, 1);
		assert_int_equal(pt_bounce_count(&plan, &evidence, key, &dsn,
				     false, TEST_NOW + 200)
				     .counted,
		    i < PT_SENT_MAX ? 0 : 1);
	}
}

/* Mail beyond the last ones: our own MTA is believed, up to what was sent. */
static void
test_our_own_reports_count_beyond_the_last_messages(void **state)
{
	struct pt_plan plan = plan_of(1000, 1);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	unsigned counted = 0;
	unsigned i;

	(void)state;
	start(&evidence);
	for (i = 0; i < 100; i++)
		send(&plan, &evidence, i, i, 1, TEST_NOW + i);
	for (i = 0; i < 300; i++) {
		report_of(&dsn, 1000 + i, i, 1);
		dsn.from_a_list = i < 10;
		counted += pt_bounce_count(
		    &plan, &evidence, key, &dsn, true, TEST_NOW + 200)
			       .counted;
		assert_int_equal(counted, i < 10 ? 0 : i < 110 ? i - 9 : 100);
	}
}

/*
 * All mail of the account has an id, so a report without one is not about it.
 */
static void
test_reports_without_an_id_prove_nothing(void **state)
{
	struct pt_plan plan = plan_of(1000, 1);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	unsigned i;

	(void)state;
	start(&evidence);
	for (i = 0; i < 2 * PT_SENT_MAX; i++)
		send(&plan, &evidence, i, i, 2, TEST_NOW);
	report_of(&dsn, 1, 1, 3);
	dsn.message_id_len = 0;
	for (i = 0; i < 2; i++)
		assert_int_equal(pt_bounce_count(&plan, &evidence, key, &dsn,
				     i == 1, TEST_NOW)
				     .counted,
		    0);
}

/* Copies of one message to other people, as some programs send them. */
static void
test_messages_that_share_an_id_each_prove_their_own(void **state)
{
	struct pt_plan plan = plan_of(1000, 1);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	unsigned i;

	(void)state;
	start(&evidence);
	for (i = 0; i < 20; i++)
		send(&plan, &evidence, 1, i, 1, TEST_NOW);
	for (i = 0; i < 20; i++) {
		report_of(&dsn, 1, i, 1);
		assert_int_equal(pt_bounce_count(&plan, &evidence, key, &dsn,
				     false, TEST_NOW)
				     .counted,
		    1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_message_ids_are_compared_between_their_brackets),
	    cmocka_unit_test(test_no_message_id_has_no_hash),
	    cmocka_unit_test(test_hashes_need_the_key),
	    cmocka_unit_test(test_the_last_messages_are_kept),
	    cmocka_unit_test(
		test_our_own_reports_count_beyond_the_last_messages),
	    cmocka_unit_test(test_reports_without_an_id_prove_nothing),
	    cmocka_unit_test(
		test_messages_that_share_an_id_each_prove_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
