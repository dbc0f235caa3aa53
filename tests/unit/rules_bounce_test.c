/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/rules_bounce.h"

/*
 * What the account sent, and which reports prove how much of it: message 1
 * went to r1 and r2, and message 2 to r9.  STRANGER is none of them and shares
 * no bit.
 */
#define STRANGER 8
static void
test_only_bounces_tied_to_sent_mail_count(void **state)
{
	static const struct {
		const char *name;
		unsigned id, first, n;
		bool is_report, ours, from_a_list;
		unsigned counted;
	} cases[] = {
	    {"its recipient", 1, 1, 1, true, false, false, 1},
	    {"both", 1, 1, 2, true, false, false, 2},
	    {"one of them is foreign", 1, 2, 2, true, false, false, 1},
	    {"an unknown message", 3, 1, 2, true, false, false, 0},
	    {"another message's recipient", 1, 9, 1, true, false, false, 0},
	    {"no report", 1, 1, 1, false, false, false, 0},
	    {"through a list, yet sent to directly", 1, 1, 1, true, false, true,
		1},
	    {"through a list", 1, STRANGER, 1, true, false, true, 0},
	    /* Our own MTA speaks of mail that only passed through. */
	    {"ours", 1, 1, 1, true, true, false, 1},
	    {"ours, of a forward", 1, STRANGER, 1, true, true, false, 0},
	    {"ours, of somebody's mail", 3, 1, 2, true, true, false, 0},
	};
	struct pt_plan plan = plan_of(25, 30);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	struct pt_bounce_finding finding;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start(&evidence);
		send(&plan, &evidence, 1, 1, 2, TEST_NOW);
		send(&plan, &evidence, 2, 9, 1, TEST_NOW);
		report_of(&dsn, cases[i].id, cases[i].first, cases[i].n);
		dsn.is_report = cases[i].is_report;
		dsn.from_a_list = cases[i].from_a_list;
		finding = pt_bounce_count(
		    &plan, &evidence, key, &dsn, cases[i].ours, TEST_NOW + 5);
		if (finding.counted != cases[i].counted)
			fail_msg("%s: %u", cases[i].name, finding.counted);
		assert_int_equal(finding.counted + finding.ignored, cases[i].n);
		assert_int_equal(evidence.bounces_total, finding.counted);
		assert_int_equal(evidence.last_bounce_at,
		    finding.counted > 0 ? TEST_NOW + 5 : 0);
		assert_false(finding.is_cracked);
	}
}

/* What an alias or a forward made of an address is not what failed. */
static void
test_the_original_recipient_ties_only_where_no_other_is_named(void **state)
{
	struct pt_plan plan = plan_of(25, 30);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	int alone;

	(void)state;
	for (alone = 0; alone < 2; alone++) {
		start(&evidence);
		send(&plan, &evidence, 1, 1, 1, TEST_NOW);
		report_of(&dsn, 1, STRANGER, 1);
		dsn.recipients[0].original = recipient_of(1);
		if (alone == 1)
			dsn.recipients[0].final.len = 0;
		assert_int_equal(pt_bounce_count(&plan, &evidence, key, &dsn,
				     false, TEST_NOW)
				     .counted,
		    alone);
	}
}

static void
test_a_report_about_the_account_itself_proves_nothing(void **state)
{
	struct pt_plan plan = plan_of(25, 30);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	struct pt_bounce_sent sent = {.message = id_of(1), .recipients = 1};

	(void)state;
	start(&evidence);
	sent.recipient_bits = pt_bounce_recipient_bit(key, &evidence.login);
	pt_bounce_note_sent(&plan, &evidence, &sent, TEST_NOW);
	report_of(&dsn, 1, 1, 1);
	dsn.recipients[0].final = evidence.login;
	assert_int_equal(
	    pt_bounce_count(&plan, &evidence, key, &dsn, true, TEST_NOW)
		.counted,
	    0);
	dsn.recipients[0].original = evidence.login;
	dsn.recipients[0].final.len = 0;
	assert_int_equal(
	    pt_bounce_count(&plan, &evidence, key, &dsn, true, TEST_NOW)
		.counted,
	    0);
}

static void
test_cracked_takes_both_the_minimum_and_the_share(void **state)
{
	static const struct {
		unsigned sent, bounced;
		bool is_cracked;
	} cases[] = {
	    {25, 24, false},
	    {25, 25, true},
	    {60, 25, true},
	    {83, 25, true},  /* 30.1 % */
	    {84, 25, false}, /* 29.8 % */
	    {100, 29, false},
	    {100, 30, true},
	    {1000, 299, false},
	    {1000, 300, true},
	};
	struct pt_plan plan = plan_of(25, 30);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	struct pt_bounce_finding finding = {0};
	size_t c;
	unsigned i;

	(void)state;
	for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		start(&evidence);
		send(&plan, &evidence, 1, 1, cases[c].sent, TEST_NOW);
		for (i = 0; i < cases[c].bounced; i++) {
			if (finding.is_cracked && i < 24)
				fail_msg("cracked by %u", i);
			report_of(&dsn, 1, 1 + i, 1);
			finding = pt_bounce_count(
			    &plan, &evidence, key, &dsn, true, TEST_NOW + 60);
		}
		assert_int_equal(finding.sent, cases[c].sent);
		assert_int_equal(finding.bounced, cases[c].bounced);
		if (finding.is_cracked != cases[c].is_cracked)
			fail_msg("%u of %u", cases[c].bounced, cases[c].sent);
		finding.is_cracked = false;
	}
}

static void
test_what_lies_before_the_period_does_not_count(void **state)
{
	struct pt_plan plan = plan_of(2, 100);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	struct pt_bounce_finding finding;

	(void)state;
	start(&evidence);
	send(&plan, &evidence, 1, 1, 2, TEST_NOW);
	report_of(&dsn, 1, 1, 1);
	finding = pt_bounce_count(&plan, &evidence, key, &dsn, true, TEST_NOW);
	assert_int_equal(finding.bounced, 1);
	report_of(&dsn, 1, 2, 1);
	finding = pt_bounce_count(
	    &plan, &evidence, key, &dsn, true, TEST_NOW + DAY + 1);
	assert_int_equal(finding.bounced, 1);
	assert_int_equal(finding.sent, 0);
	assert_false(finding.is_cracked);
}

static void
test_without_mail_in_the_period_there_is_no_share(void **state)
{
	struct pt_plan plan = plan_of(1, 1);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	struct pt_bounce_finding finding;

	(void)state;
	start(&evidence);
	send(&plan, &evidence, 1, 1, 1, TEST_NOW);
	report_of(&dsn, 1, 1, 1);
	finding = pt_bounce_count(
	    &plan, &evidence, key, &dsn, true, TEST_NOW + DAY + 1);
	assert_int_equal(finding.counted, 1);
	assert_false(finding.is_cracked);
}

static void
test_a_plan_without_a_share_wants_all_of_it(void **state)
{
	struct pt_plan plan = plan_of(1, 0);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;

	(void)state;
	plan.bounce_share.on = false;
	start(&evidence);
	send(&plan, &evidence, 1, 1, 2, TEST_NOW);
	report_of(&dsn, 1, 1, 1);
	assert_false(
	    pt_bounce_count(&plan, &evidence, key, &dsn, false, TEST_NOW)
		.is_cracked);
	report_of(&dsn, 1, 2, 1);
	assert_true(
	    pt_bounce_count(&plan, &evidence, key, &dsn, false, TEST_NOW)
		.is_cracked);
}

static void
test_a_plan_without_bounce_min_keeps_nothing(void **state)
{
	struct pt_plan plan = plan_of(1, 1);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	struct pt_bounce_finding finding;

	(void)state;
	start(&evidence);
	send(&plan, &evidence, 1, 1, 2, TEST_NOW);
	plan.bounce_min.count = 0;
	report_of(&dsn, 1, 1, 2);
	finding = pt_bounce_count(&plan, &evidence, key, &dsn, true, TEST_NOW);
	assert_int_equal(finding.counted, 0);
	assert_int_equal(finding.ignored, 2);
	send(&plan, &evidence, 2, 1, 2, TEST_NOW);
	assert_int_equal(evidence.sent_count, 0);
	assert_int_equal(evidence.sent_log.count, 0);
}

static void
test_late_bounces_of_what_was_before_a_new_start_prove_nothing(void **state)
{
	struct pt_plan plan = plan_of(2, 1);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	struct pt_bounce_finding finding;
	int ours;

	(void)state;
	start(&evidence);
	send(&plan, &evidence, 1, 1, 4, TEST_NOW);
	report_of(&dsn, 1, 1, 2);
	finding = pt_bounce_count(&plan, &evidence, key, &dsn, true, TEST_NOW);
	assert_true(finding.is_cracked);
	pt_bounce_start_anew(&evidence);
	for (ours = 0; ours < 2; ours++) {
		report_of(&dsn, 1, 3, 2);
		finding = pt_bounce_count(
		    &plan, &evidence, key, &dsn, ours == 1, TEST_NOW + 1);
		assert_int_equal(finding.counted, 0);
		assert_false(finding.is_cracked);
		/* Again beside new mail that does not bounce. */
		send(&plan, &evidence, 2, 1, 4, TEST_NOW + 1);
	}
	assert_int_equal(evidence.bounces_total, 2);
	assert_int_equal(evidence.last_bounce_at, TEST_NOW);
	report_of(&dsn, 2, 1, 1);
	finding =
	    pt_bounce_count(&plan, &evidence, key, &dsn, false, TEST_NOW + 2);
	assert_int_equal(finding.bounced, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_only_bounces_tied_to_sent_mail_count),
	    cmocka_unit_test(
		test_the_original_recipient_ties_only_where_no_other_is_named),
	    cmocka_unit_test(
		test_a_report_about_the_account_itself_proves_nothing),
	    cmocka_unit_test(test_cracked_takes_both_the_minimum_and_the_share),
	    cmocka_unit_test(test_what_lies_before_the_period_does_not_count),
	    cmocka_unit_test(test_without_mail_in_the_period_there_is_no_share),
	    cmocka_unit_test(test_a_plan_without_a_share_wants_all_of_it),
	    cmocka_unit_test(test_a_plan_without_bounce_min_keeps_nothing),
	    cmocka_unit_test(
		test_late_bounces_of_what_was_before_a_new_start_prove_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
