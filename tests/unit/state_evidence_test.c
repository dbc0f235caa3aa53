/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/evidence.h"
#include "tests/unit/support/random_evidence.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

#define NOW TEST_NOW

static void
start(struct pt_evidence *evidence)
{
	struct pt_login login = test_login("ann@example.com");

	memset(evidence, 0xee, sizeof(*evidence));
	pt_evidence_init(evidence, &login);
}

static void
add_entry(struct pt_window_log *log, int64_t at, uint64_t amount)
{
	log->entry[log->count++] = (struct pt_window_entry){at, at, amount};
}

static void
a_new_record_is_empty(void **state)
{
	struct pt_evidence evidence;

	(void)state;
	start(&evidence);
	assert_string_equal(evidence.login.text, "ann@example.com");
	assert_false(evidence.exists);
	assert_int_equal(evidence.sent_count, 0);
	assert_int_equal(evidence.sent_log.count, 0);
	assert_int_equal(evidence.bounce_log.count, 0);
	assert_int_equal(evidence.bounces_total, 0);
	assert_int_equal(evidence.last_bounce_at, 0);
	assert_false(pt_evidence_settle(&evidence, NOW));
}

static void
no_stamp_lies_in_the_future(void **state)
{
	struct pt_evidence evidence;

	(void)state;
	start(&evidence);
	add_entry(&evidence.sent_log, NOW + 1, 3);
	assert_true(pt_evidence_settle(&evidence, NOW));
	assert_int_equal(evidence.sent_log.entry[0].at, NOW);
	add_entry(&evidence.bounce_log, NOW - 1, 1);
	add_entry(&evidence.bounce_log, NOW + 5, 2);
	add_entry(&evidence.bounce_log, NOW + 9, 4);
	assert_true(pt_evidence_settle(&evidence, NOW));
	assert_int_equal(evidence.bounce_log.count, 2);
	assert_int_equal(evidence.bounce_log.entry[1].at, NOW);
	assert_int_equal(evidence.bounce_log.entry[1].amount, 6);
	evidence.last_bounce_at = NOW + 1;
	assert_true(pt_evidence_settle(&evidence, NOW));
	assert_int_equal(evidence.last_bounce_at, NOW);
	assert_false(pt_evidence_settle(&evidence, NOW));
}

static void
settling_keeps_what_has_no_time(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < 1000; round++) {
		uint64_t random = random_seed(round);
		struct pt_evidence evidence;
		struct pt_evidence before;

		random_evidence(&random, &evidence);
		before = evidence;
		(void)pt_evidence_settle(
		    &evidence, (int64_t)random_number(&random, 40));
		before.sent_log = evidence.sent_log;
		before.bounce_log = evidence.bounce_log;
		before.last_bounce_at = evidence.last_bounce_at;
		if (!is_same_evidence(&evidence, &before))
			fail_msg("seed %u", (unsigned)round);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_new_record_is_empty),
	    cmocka_unit_test(no_stamp_lies_in_the_future),
	    cmocka_unit_test(settling_keeps_what_has_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
