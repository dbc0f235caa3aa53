/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The limits of one account must fit together, as those of a plan must. */

#include "core/base/attr.h"
#include "tests/unit/ctl_fixture.h"

#define CONFIG                                                                \
	FIXTURE_CONFIG "plan strict { messages = { \"3/1h\", \"50/1d\" } }\n" \
		       "plan later { messages = { \"100/1d\" } "              \
		       "plan_delay = \"2d\" }\n"

#define PENALTY "penalty=4/1h~for~2d~after~90/1d"
#define NO_TIGHTER                                                      \
	"penalty: 4/1h is no tighter than messages, which permit 3/1h " \
	"at any time: lower the limit of the penalty\n"
#define NEVER                                                            \
	"penalty: nobody can send 90/1d, because messages permit 50/1d:" \
	" lower what it begins after\n"

static int
set_up(void **state)
{
	(void)fixture_set_up(state);
	fixture_configure(*state, CONFIG);
	return 0;
}

static void
a_penalty_that_would_do_nothing_is_refused(void **state)
{
	static const struct {
		const char *line;
		const char *errors;
	} cases[] = {
	    {"set ann plan=strict " PENALTY,
		"posternctl: cannot set " NO_TIGHTER},
	    {"set ann messages=3/1h " PENALTY,
		"posternctl: cannot set " NO_TIGHTER},
	    {"set ann " PENALTY " messages=9/1h,50/1d",
		"posternctl: cannot set " NEVER},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		fixture_run(f, 64, cases[i].line);
		assert_string_equal(f->errors, cases[i].errors);
	}
	fixture_run(f, 1, "account show ann");
	fixture_run(f, 0, "history");
	assert_string_equal(f->out, "");
}

static void
another_limit_is_taken_with_a_warning(void **state)
{
	static const struct {
		const char *line;
		const char *errors;
	} cases[] = {
	    {"set ann " PENALTY, ""},
	    {"set ann messages=3/1h", "posternctl: " NO_TIGHTER},
	    {"set ann language=en", ""},
	    {"set ann messages=", ""},
	    {"set ann messages=9/1h,50/1d", "posternctl: " NEVER},
	    {"set ann messages= plan=strict", "posternctl: " NO_TIGHTER},
	    {"set ann penalty=", ""},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		fixture_run(f, 0, cases[i].line);
		assert_string_equal(f->errors, cases[i].errors);
	}
}

static void
the_plan_on_its_way_decides(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "set ann plan=strict");
	fixture_run(f, 0, "set ann plan=later " PENALTY);
	assert_string_equal(f->errors, "");
	fixture_run(f, 64, "set ann plan=strict " PENALTY);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_penalty_that_would_do_nothing_is_refused),
	    TEST(another_limit_is_taken_with_a_warning),
	    TEST(the_plan_on_its_way_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
