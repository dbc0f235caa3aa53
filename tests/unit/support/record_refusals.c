/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/record_refusals.h"

void
a_cut_or_turned_record_is_noticed(void **state)
{
	const struct record_refusals *r = *state;

	record_check_damaged_hex(r->format, r->sound[0]);
	if (r->sound[1] != NULL)
		record_check_damaged_hex(r->format, r->sound[1]);
	if (r->random)
		record_check_damaged_random(r->format);
}

void
what_is_refused_says_why(void **state)
{
	const struct record_refusals *r = *state;

	record_check_refused(r->format, r->bad, r->bad_count);
}

int
record_refusals_run(struct record_refusals *refusals)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_prestate(
		a_cut_or_turned_record_is_noticed, refusals),
	    cmocka_unit_test_prestate(what_is_refused_says_why, refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
