/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/figures.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static const struct {
	struct pt_figures figures;
	const char *format;
	const char *words;
} cases[] = {
    {{PT_FIGURES_NONE, 0, 0, 0}, "", ""},
    {{PT_FIGURES_NONE, 0, 0, 60 * 86400}, "period=60d", "60 days"},
    {{PT_FIGURES_REFUSALS, 52, 50, 3600}, "refusals=52 limit=50/1h",
	"52 refused messages in 1 hour (limit 50)"},
    {{PT_FIGURES_REFUSALS, 1, 0, 60}, "refusals=1 limit=0/1m",
	"1 refused message in 1 minute (limit 0)"},
    {{PT_FIGURES_BOUNCES, 30, 25, 86400}, "bounces=30 limit=25/1d",
	"30 bounced recipients in 1 day (limit 25)"},
    {{PT_FIGURES_GUESSES, 100, 100, 3600}, "guesses=100 limit=100/1h",
	"100 wrong passwords in 1 hour (limit 100)"},
    {{PT_FIGURES_LOGINS, 600, 600, 3600}, "logins=600 limit=600/1h",
	"600 logins in 1 hour (limit 600)"},
    {{PT_FIGURES_BYTES, 2097152, 1048576, 86400}, "bytes=2097152 limit=1M/1d",
	"2M bytes in 1 day (limit 1M)"},
    {{PT_FIGURES_ADDRESSES, 11, 10, 3600}, "client-addresses=11 limit=10/1h",
	"11 client addresses in 1 hour (limit 10)"},
    {{PT_FIGURES_STRANGERS, 3, 2, 0}, "new-recipients=3 limit=2",
	"3 first-time recipients (limit 2)"},
    {{PT_FIGURES_UNITS, 3, 2, 0}, "", ""},
};

static void
test_figures_read_in_logs_and_sentences(void **state)
{
	char buf[PT_FIGURES_TEXT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_figures_format(&cases[i].figures, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].format);
		pt_figures_words(&cases[i].figures, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].words);
	}
}

static void
test_largest_figures_fit(void **state)
{
	struct pt_figures figures = {
	    PT_FIGURES_STRANGERS, UINT64_MAX, UINT64_MAX, INT64_MAX};
	char buf[PT_FIGURES_TEXT_MAX];

	(void)state;
	pt_figures_format(&figures, buf, sizeof(buf));
	assert_true(strlen(buf) < sizeof(buf) - 1);
	pt_figures_words(&figures, buf, sizeof(buf));
	assert_int_equal(buf[strlen(buf) - 1], ')');
}

static void
test_every_unit_has_a_name(void **state)
{
	struct pt_window window = {5, 60};
	struct pt_figures figures;
	int unit;

	(void)state;
	for (unit = PT_FIGURES_NONE + 1; unit < PT_FIGURES_UNITS; unit++) {
		assert_non_null(pt_figures_name((enum pt_figures_unit)unit));
		figures = pt_figures_of((enum pt_figures_unit)unit, 6, &window);
		assert_int_equal(figures.used, 6);
		assert_int_equal(figures.limit, 5);
		assert_int_equal(figures.seconds, 60);
	}
	assert_null(pt_figures_name(PT_FIGURES_NONE));
	assert_null(pt_figures_name(PT_FIGURES_UNITS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_figures_read_in_logs_and_sentences),
	    cmocka_unit_test(test_largest_figures_fit),
	    cmocka_unit_test(test_every_unit_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
