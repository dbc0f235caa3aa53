/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* When a notice is tried again, and when it is given up. */

#include "core/service/outbox_entry.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static void
test_waits_grow_and_a_clock_set_back_delays_nothing(void **state)
{
	static const int64_t waits[] = {
	    60, 120, 300, 900, 1800, 3600, 7200, 7200};
	const struct pt_limit never = {.on = false};
	const struct pt_limit at_once = {.on = true, .value = 0};
	struct pt_outbox_entry entry = {.next_at = TEST_NOW + 7200};

	(void)state;
	assert_false(pt_outbox_is_due(&entry, TEST_NOW));
	assert_true(pt_outbox_is_due(&entry, TEST_NOW - 1));
	assert_true(pt_outbox_is_due(&entry, TEST_NOW + 7200));
	for (size_t i = 0; i < PT_ARRAY_LEN(waits); i++) {
		pt_outbox_fail(&entry, &never, "a\nb\xff", TEST_NOW);
		assert_int_equal(entry.next_at, TEST_NOW + waits[i]);
		assert_string_equal(entry.error, "ab?");
	}
	/* A keeper that comes back after days gives nothing up at once. */
	entry.tries = 0;
	for (int i = 1; i <= PT_OUTBOX_TRIES_MIN; i++) {
		assert_false(entry.gave_up);
		pt_outbox_fail(&entry, &at_once, "x", TEST_NOW);
	}
	assert_true(entry.gave_up);
	assert_false(pt_outbox_is_due(&entry, INT64_MAX));
}

static void
test_what_a_clock_ahead_has_stamped_is_given_up_in_time(void **state)
{
	const struct pt_limit three_days = {.on = true, .value = 3 * 86400};
	struct pt_outbox_entry entry = {
	    .notice.at = TEST_NOW + (int64_t)365 * 86400, .next_at = TEST_NOW};
	int64_t now = TEST_NOW;

	(void)state;
	while (!entry.gave_up) {
		now = entry.next_at;
		assert_true(now <= TEST_NOW + 3 * 86400 + 7200);
		pt_outbox_fail(&entry, &three_days, "x", now);
	}
	assert_true(now >= TEST_NOW + 3 * 86400 - 7200);
	entry.gave_up = false;
	entry.tries = UINT32_MAX;
	pt_outbox_fail(&entry, &three_days, "x", now);
	assert_true(entry.gave_up);
}

static void
test_only_what_nobody_looked_at_for_long_is_too_old(void **state)
{
#define AGO(days) (TEST_NOW - (int64_t)(days)*86400)
	static const struct {
		int64_t at, next_at;
		struct pt_limit give_up_after;
		bool is_too_old;
	} cases[] = {
	    {AGO(0), AGO(0), {.on = true, .value = 3 * 86400}, false},
	    /* A long weekend without a keeper. */
	    {AGO(4), AGO(4), {.on = true, .value = 3 * 86400}, false},
	    {AGO(14), AGO(14), {.on = true, .value = 3 * 86400}, false},
	    {AGO(15), AGO(15), {.on = true, .value = 3 * 86400}, true},
	    {AGO(400), AGO(400), {.on = true, .value = 3 * 86400}, true},
	    /* posternctl notice retry. */
	    {AGO(400), AGO(0), {.on = true, .value = 3 * 86400}, false},
	    {AGO(15), AGO(15), {.on = true, .value = 30 * 86400}, false},
	    {AGO(31), AGO(15), {.on = true, .value = 30 * 86400}, true},
	    {AGO(400), AGO(400), {.on = false}, false},
	    {AGO(-400), AGO(-400), {.on = true, .value = 86400}, false},
	};
	struct pt_outbox_entry entry = {.tries = 0};

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		entry.notice.at = cases[i].at;
		entry.next_at = cases[i].next_at;
		if (pt_outbox_is_too_old(&entry, &cases[i].give_up_after,
			TEST_NOW) != cases[i].is_too_old)
			fail_msg("case %zu", i);
	}
	entry.gave_up = true;
	entry.next_at = AGO(400);
	assert_false(
	    pt_outbox_is_too_old(&entry, &cases[4].give_up_after, TEST_NOW));
#undef AGO
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_waits_grow_and_a_clock_set_back_delays_nothing),
	    cmocka_unit_test(
		test_what_a_clock_ahead_has_stamped_is_given_up_in_time),
	    cmocka_unit_test(
		test_only_what_nobody_looked_at_for_long_is_too_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
