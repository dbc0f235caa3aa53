/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "tests/unit/support/testing.h"

/* 2026-11-22 14:05:10 UTC */
#define NOW 1795356310

static void
test_clock_now_lies_after_release(void **state)
{
	(void)state;
	assert_true(pt_clock_now() > 1700000000);
}

static void
test_clock_ticks_never_go_back(void **state)
{
	int64_t before = pt_clock_ticks_ms();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int64_t after = pt_clock_ticks_ms();

		assert_true(after >= before);
		before = after;
	}
}

static void
test_clock_format_names_day_only_if_another(void **state)
{
	static const struct {
		int64_t at;
		int64_t now;
		const char *text;
	} cases[] = {
	    {NOW, NOW, "14:05:10 UTC"},
	    {NOW, NOW - 14 * 3600, "14:05:10 UTC"},
	    {NOW, NOW - 15 * 3600, "2026-11-22 14:05:10 UTC"},
	    {NOW + 86400, NOW, "2026-11-23 14:05:10 UTC"},
	    {NOW + 365 * 86400, NOW, "2027-11-22 14:05:10 UTC"},
	    {0, NOW, "1970-01-01 00:00:00 UTC"},
	    {-1, NOW, "1969-12-31 23:59:59 UTC"},
	    {INT64_MAX, NOW, "@9223372036854775807"},
	    {NOW, INT64_MIN, "2026-11-22 14:05:10 UTC"},
	};
	char buf[PT_CLOCK_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_clock_format(cases[i].at, cases[i].now, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].text);
	}
}

static void
test_clock_format_iso_any_time_fits(void **state)
{
	static const struct {
		int64_t at;
		const char *text;
	} cases[] = {
	    {NOW, "2026-11-22T14:05:10Z"},
	    {0, "1970-01-01T00:00:00Z"},
	    {951782400, "2000-02-29T00:00:00Z"},
	    {253402300799, "9999-12-31T23:59:59Z"},
	    {INT64_MIN, "@-9223372036854775808"},
	    {253402300800, "@253402300800"},
	    {67768036191676799, "@67768036191676799"},
	};
	char buf[PT_CLOCK_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_clock_format_iso(cases[i].at, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].text);
	}
}

static void
test_clock_parse_valid_gives_time(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} cases[] = {
	    {"2026-11-22", NOW - 50710},
	    {"2026-11-22T14:05:10Z", NOW},
	    {"2026-11-22T14:05:10", NOW},
	    {"2026-11-22 14:05:10", NOW},
	    {"2026-11-22 14:05", NOW - 10},
	    {"1970-01-01", 0},
	    {"2000-02-29", 951782400},
	    {"2028-02-29", 1835395200},
	    {"9999-12-31T23:59:59Z", 253402300799},
	    {"14:06", NOW + 50},
	    {"14:05:11", NOW + 1},
	    {"+2h", NOW + 7200},
	    {"+0s", NOW},
	};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		int64_t at = -1;

		assert_int_equal(
		    pt_clock_parse(cases[i].text, NOW, &at, &err), 0);
		assert_true(at == cases[i].at);
	}
}

static void
test_clock_parse_time_of_day_past_is_tomorrow(void **state)
{
	struct pt_err err;
	int64_t at;

	(void)state;
	assert_int_equal(pt_clock_parse("14:05", NOW, &at, &err), 0);
	assert_true(at == NOW - 10 + 86400);
	assert_int_equal(pt_clock_parse("14:05:10", NOW, &at, &err), 0);
	assert_true(at == NOW + 86400);
}

static void
test_clock_parse_malformed_refused(void **state)
{
	static const char *const cases[] = {"", "now", "2026", "2026-11",
	    "2026-11-31", "2025-02-29", "2026-13-01", "2026-00-01",
	    "2026-01-00", "1969-12-31", "2026-1-1", "26-11-22", "2026-11-22 ",
	    "2026-11-22T", "2026-11-22 24:00", "2026-11-22 14:60",
	    "2026-11-22 14:05:60", "2026-11-22 14:05:1", "2026-11-22Z",
	    "2026-11-22 14:05ZZ", "2026-11-22  14:05", "1:05", "24:00",
	    "14:05 ", "14", "-2h", "99999-01-01"};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		int64_t at = -7;

		assert_int_equal(pt_clock_parse(cases[i], NOW, &at, &err), -1);
		assert_true(at == -7);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		assert_non_null(strstr(err.text, "is not a time"));
	}
}

static void
test_clock_parse_bad_span_says_span(void **state)
{
	struct pt_err err;
	int64_t at = -7;

	(void)state;
	assert_int_equal(pt_clock_parse("+2x", NOW, &at, &err), -1);
	assert_non_null(strstr(err.text, "\"2x\" is not a span"));
	assert_int_equal(pt_clock_parse("+1s", INT64_MAX, &at, &err), -1);
	assert_non_null(strstr(err.text, "too far in the future"));
	assert_true(at == -7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_clock_now_lies_after_release),
	    cmocka_unit_test(test_clock_ticks_never_go_back),
	    cmocka_unit_test(test_clock_format_names_day_only_if_another),
	    cmocka_unit_test(test_clock_format_iso_any_time_fits),
	    cmocka_unit_test(test_clock_parse_valid_gives_time),
	    cmocka_unit_test(test_clock_parse_time_of_day_past_is_tomorrow),
	    cmocka_unit_test(test_clock_parse_malformed_refused),
	    cmocka_unit_test(test_clock_parse_bad_span_says_span),
	};

	return cmocka_run_group_tests_name("base_clock", tests, NULL, NULL);
}
