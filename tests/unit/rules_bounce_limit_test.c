/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/rules_bounce.h"

static void
test_a_recipient_proves_once(void **state)
{
	struct pt_plan plan = plan_of(1000, 1);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	unsigned i;

	(void)state;
	start(&evidence);
	send(&plan, &evidence, 1, 1, 3, TEST_NOW);
	report_of(&dsn, 1, 1, 1);
	for (i = 0; i < 3; i++)
		assert_int_equal(pt_bounce_count(&plan, &evidence, key, &dsn,
				     false, TEST_NOW)
				     .counted,
		    i == 0 ? 1 : 0);
}

/* The most that reports from outside prove of a message to n recipients. */
static unsigned
from_outside(unsigned n)
{
	unsigned most = 0;

	for (; n > 0; n /= 2)
		most++;
	return most;
}

/* Whatever who got the message writes into however many reports. */
static void
test_a_message_proves_few_bounces_from_outside(void **state)
{
	struct pt_plan plan = plan_of(1000, 1);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	unsigned counted;
	unsigned ours;
	unsigned n;
	unsigned i;

	(void)state;
	/* Up to more than there are bits. */
	for (n = 20; n < 200; n += 7) {
		for (ours = 0; ours < 2; ours++) {
			start(&evidence);
			send(&plan, &evidence, 1, 1, n, TEST_NOW);
			counted = 0;
			for (i = 0; i < 3 * n; i++) {
				report_of(&dsn, 1, 1 + i % n, 1);
				counted += pt_bounce_count(&plan, &evidence,
				    key, &dsn, ours == 1, TEST_NOW + i)
					       .counted;
			}
			assert_int_equal(
			    counted, ours == 1 ? n : from_outside(n));
		}
	}
}

static void
test_a_storm_of_forged_reports_proves_nothing(void **state)
{
	struct pt_plan plan = plan_of(1, 1);
	static struct pt_evidence evidence;
	static struct pt_evidence before;
	static struct pt_dsn dsn;
	struct pt_bounce_finding finding;
	uint64_t random = 20261122;
	unsigned i;

	(void)state;
	start(&evidence);
	for (i = 0; i < 100; i++)
		send(&plan, &evidence, i, i, 5, TEST_NOW + i);
	before = evidence;
	for (i = 0; i < 100000; i++) {
		report_of(&dsn, 0, (unsigned)test_random_below(&random, 100),
		    1 + (unsigned)test_random_below(&random, 50));
		/* Of an id all is guessed but its domain. */
		dsn.message_id_len = (size_t)snprintf(dsn.message_id,
		    sizeof(dsn.message_id), "<%llx@example.com>",
		    (unsigned long long)test_random(&random));
		dsn.from_a_list = test_random_below(&random, 2) == 0;
		finding = pt_bounce_count(
		    &plan, &evidence, key, &dsn, false, TEST_NOW + 200);
		assert_int_equal(finding.counted, 0);
		assert_false(finding.is_cracked);
	}
	assert_memory_equal(&evidence, &before, sizeof(evidence));
}

/*
 * Somebody who got messages proves no more bounces than these had recipients,
 * and of each message no more than a few.
 */
static void
test_who_got_mail_proves_no_more_than_its_recipients(void **state)
{
	struct pt_plan plan = plan_of(1000000, 1);
	static struct pt_evidence evidence;
	static struct pt_dsn dsn;
	uint64_t random = 5;
	unsigned known;
	unsigned most;
	unsigned counted;
	unsigned round;
	unsigned i;

	(void)state;
	for (round = 0; round < 300; round++) {
		start(&evidence);
		known = 1 + (unsigned)test_random_below(&random, 5);
		most = 0;
		counted = 0;
		for (i = 0; i < 40; i++) {
			unsigned n = 1 + (unsigned)test_random_below(
					     &random, i == 7 ? 90 : 4);

			send(&plan, &evidence, i, i, n, TEST_NOW + i);
			if (i < known)
				most += from_outside(n);
		}
		for (i = 0; i < 200; i++) {
			report_of(&dsn,
			    (unsigned)test_random_below(&random, known),
			    (unsigned)test_random_below(&random, 50),
			    1 + (unsigned)test_random_below(&random, 50));
			counted += pt_bounce_count(
			    &plan, &evidence, key, &dsn, false, TEST_NOW + 100)
				       .counted;
		}
		assert_true(counted >= 1 && counted <= most);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_recipient_proves_once),
	    cmocka_unit_test(test_a_message_proves_few_bounces_from_outside),
	    cmocka_unit_test(test_a_storm_of_forged_reports_proves_nothing),
	    cmocka_unit_test(
		test_who_got_mail_proves_no_more_than_its_recipients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
