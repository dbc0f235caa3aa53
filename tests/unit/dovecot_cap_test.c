/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/common/cap.h"

#include "tests/unit/support/testing.h"

static void
test_nothing_known_shows_everything_and_asks(void **state)
{
	struct dp_cap cap = {0};

	(void)state;
	assert_true(dp_cap_is_due(&cap, 7, 0));
	assert_int_equal(dp_cap_limit(&cap, 7), UINT32_MAX);
}

static void
test_held_asks_again_only_when_due(void **state)
{
	struct dp_cap cap = {0};

	(void)state;
	assert_false(dp_cap_hold(&cap, 7, 10, 5000));
	assert_int_equal(dp_cap_limit(&cap, 7), 10);
	assert_false(dp_cap_is_due(&cap, 7, 4999));
	assert_true(dp_cap_is_due(&cap, 7, 5000));
}

static void
test_another_uidvalidity_is_another_mailbox(void **state)
{
	struct dp_cap cap = {0};

	(void)state;
	(void)dp_cap_hold(&cap, 7, 10, 5000);
	assert_true(dp_cap_is_due(&cap, 8, 0));
	assert_int_equal(dp_cap_limit(&cap, 8), UINT32_MAX);
	(void)dp_cap_hold(&cap, 8, 3, 5000);
	assert_int_equal(dp_cap_limit(&cap, 8), 3);
}

static void
test_cap_never_falls_for_a_uidvalidity(void **state)
{
	static const struct {
		const char *name;
		uint32_t held, shown, told, limit;
		bool more;
	} cases[] = {
	    {"raised", 10, 1, 12, 12, true},
	    {"the same again", 10, 1, 10, 10, false},
	    {"lower than before", 10, 1, 8, 10, false},
	    {"lower than what was shown", 10, 14, 12, 14, false},
	    {"higher than what was shown", 10, 14, 15, 15, true},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dp_cap cap = {0};

		(void)dp_cap_hold(&cap, 7, cases[i].held, 5000);
		dp_cap_shown(&cap, 7, cases[i].shown);
		if (dp_cap_hold(&cap, 7, cases[i].told, 6000) !=
			cases[i].more ||
		    dp_cap_limit(&cap, 7) != cases[i].limit)
			fail_msg("%s: limit is %u", cases[i].name,
			    (unsigned)dp_cap_limit(&cap, 7));
	}
}

static void
test_what_was_shown_without_policyd_stays_shown(void **state)
{
	struct dp_cap cap = {0};

	(void)state;
	(void)dp_cap_hold(&cap, 7, 10, 5000);
	dp_cap_forget(&cap);
	assert_int_equal(dp_cap_limit(&cap, 7), UINT32_MAX);
	dp_cap_shown(&cap, 7, 20);
	(void)dp_cap_hold(&cap, 7, 10, 9000);
	assert_int_equal(dp_cap_limit(&cap, 7), 20);
}

static void
test_own_mail_raises_the_cap_but_is_no_check(void **state)
{
	struct dp_cap cap = {0};

	(void)state;
	(void)dp_cap_hold(&cap, 7, 10, 5000);
	dp_cap_stored(&cap, 7, 13);
	assert_int_equal(dp_cap_limit(&cap, 7), 13);
	assert_false(dp_cap_is_due(&cap, 7, 4999));
	dp_cap_stored(&cap, 7, 11);
	assert_int_equal(dp_cap_limit(&cap, 7), 13);
	dp_cap_stored(&cap, 6, 99);
	assert_int_equal(dp_cap_limit(&cap, 7), 13);
}

static void
test_nothing_held_is_believed_for_a_while(void **state)
{
	struct dp_cap cap = {0};

	(void)state;
	dp_cap_free(&cap, 1000);
	assert_false(dp_cap_is_due(&cap, 7, 1000 + DP_CAP_FREE_MS - 1));
	assert_true(dp_cap_is_due(&cap, 7, 1000 + DP_CAP_FREE_MS));
	assert_int_equal(dp_cap_limit(&cap, 7), UINT32_MAX);
	(void)dp_cap_hold(&cap, 7, 10, 5000);
	assert_int_equal(dp_cap_limit(&cap, 7), 10);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing_known_shows_everything_and_asks),
	    cmocka_unit_test(test_held_asks_again_only_when_due),
	    cmocka_unit_test(test_another_uidvalidity_is_another_mailbox),
	    cmocka_unit_test(test_cap_never_falls_for_a_uidvalidity),
	    cmocka_unit_test(test_what_was_shown_without_policyd_stays_shown),
	    cmocka_unit_test(test_own_mail_raises_the_cap_but_is_no_check),
	    cmocka_unit_test(test_nothing_held_is_believed_for_a_while),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
