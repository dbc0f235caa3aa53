/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/window.h"
#include "tests/unit/support/testing.h"

static struct pt_window_log
three_entries(void)
{
	return (struct pt_window_log){
	    .count = 3,
	    .entry = {{100, 100, 1}, {120, 110, 5}, {130, 130, 2}},
	};
}

static void
test_take_finds_the_entry_of_a_moment(void **state)
{
	static const struct {
		const char *name;
		uint64_t amount;
		int64_t at;
		uint64_t left[3];
		unsigned count;
	} cases[] = {
	    {"before all", 1, 99, {1, 5, 2}, 3},
	    {"lone, whole", 1, 100, {5, 2}, 2},
	    {"between", 1, 105, {1, 5, 2}, 3},
	    {"first of several", 2, 110, {1, 3, 2}, 3},
	    {"amid several", 4, 115, {1, 1, 2}, 3},
	    {"last of several", 5, 120, {1, 2}, 2},
	    {"newest, in part", 1, 130, {1, 5, 1}, 3},
	    {"newest, whole", 2, 130, {1, 5}, 2},
	    {"more than there is", 9, 130, {1, 5}, 2},
	    {"after all", 1, 131, {1, 5, 2}, 3},
	};

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		struct pt_window_log log = three_entries();
		bool same;

		pt_window_take(&log, cases[i].amount, cases[i].at);
		same = log.count == cases[i].count;
		for (unsigned j = 0; j < log.count && same; j++)
			same = log.entry[j].amount == cases[i].left[j];
		if (!same)
			fail_msg("%s", cases[i].name);
	}
}

static void
test_take_from_an_empty_log_is_nothing(void **state)
{
	struct pt_window_log log = {0};

	(void)state;
	pt_window_take(&log, 1, TEST_NOW);
	assert_int_equal(log.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_take_finds_the_entry_of_a_moment),
	    cmocka_unit_test(test_take_from_an_empty_log_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
