/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "core/base/span.h"
#include "tests/unit/support/testing.h"

static void
test_span_parse_valid_gives_seconds(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {
	    {"0s", 0},
	    {"1s", 1},
	    {"90s", 90},
	    {"5m", 300},
	    {"36h", 129600},
	    {"60d", 5184000},
	    {"2w", 1209600},
	    {"007m", 420},
	    {"3660d", PT_SPAN_MAX},
	    {"316224000s", PT_SPAN_MAX},
	};
	struct pt_err err = {0};

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		int64_t seconds = -1;

		assert_int_equal(
		    pt_span_parse(cases[i].text, &seconds, &err), 0);
		assert_true(seconds == cases[i].seconds);
	}
	assert_int_equal(err.kind, PT_ERR_NONE);
}

static void
test_span_parse_malformed_refused(void **state)
{
	static const char *const cases[] = {"", "5", "m", "5M", "5x", "5mm",
	    "-5m", "+5m", " 5m", "5 m", "5m ", "1.5h", "0x5m", "5m\n"};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		int64_t seconds = -7;

		assert_int_equal(pt_span_parse(cases[i], &seconds, &err), -1);
		assert_true(seconds == -7);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		assert_non_null(strstr(err.text, "is not a span"));
	}
}

static void
test_span_parse_beyond_ten_years_refused(void **state)
{
	static const char *const cases[] = {"316224001s", "3661d", "523w",
	    "99999999999999999999w", "18446744073709551616s",
	    "999999999999999999999999999999999999999999s"};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		int64_t seconds = -7;

		assert_int_equal(pt_span_parse(cases[i], &seconds, &err), -1);
		assert_true(seconds == -7);
		assert_non_null(strstr(err.text, "the longest is ten years"));
	}
}

static void
test_span_error_shows_bytes_harmless(void **state)
{
	struct pt_err err;
	int64_t seconds;

	(void)state;
	assert_int_equal(pt_span_parse("5\x1b\"m", &seconds, &err), -1);
	assert_ptr_equal(
	    strstr(err.text, "\"5\\x1B\\x22m\" is not a span"), err.text);
}

static void
test_span_format_takes_largest_unit_that_divides(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
		const char *words;
	} cases[] = {
	    {0, "0s", "0 seconds"},
	    {1, "1s", "1 second"},
	    {60, "1m", "1 minute"},
	    {90, "90s", "90 seconds"},
	    {900, "15m", "15 minutes"},
	    {3600, "1h", "1 hour"},
	    {129600, "36h", "36 hours"},
	    {86400, "1d", "1 day"},
	    {604800, "1w", "1 week"},
	    {5184000, "60d", "60 days"},
	};
	char buf[PT_SPAN_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_span_format(cases[i].seconds, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].text);
		pt_span_words(cases[i].seconds, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].words);
	}
}

static void
test_span_format_parse_gives_same(void **state)
{
	struct pt_err err;
	char buf[PT_SPAN_TEXT_MAX];

	(void)state;
	for (int64_t seconds = 0; seconds <= PT_SPAN_MAX;
	     seconds = seconds * 3 + 7) {
		int64_t back = -1;

		pt_span_format(seconds, buf, sizeof(buf));
		assert_int_equal(pt_span_parse(buf, &back, &err), 0);
		assert_true(back == seconds);
	}
}

static void
test_size_parse_valid_gives_bytes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} cases[] = {
	    {"0", 0},
	    {"10240", 10240},
	    {"1K", 1024},
	    {"30M", 31457280},
	    {"2500M", 2621440000},
	    {"2G", 2147483648},
	    {"1048576G", PT_SIZE_MAX},
	    {"1125899906842624", PT_SIZE_MAX},
	};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		uint64_t bytes = 1;

		assert_int_equal(pt_size_parse(cases[i].text, &bytes, &err), 0);
		assert_true(bytes == cases[i].bytes);
	}
}

static void
test_size_parse_bad_refused(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
	    {"", "is not a size"},
	    {"M", "is not a size"},
	    {"30m", "is not a size"},
	    {"30MB", "is not a size"},
	    {"30 M", "is not a size"},
	    {"-1", "is not a size"},
	    {"1T", "is not a size"},
	    {"1125899906842625", "is too large a size"},
	    {"1048577G", "is too large a size"},
	    {"99999999999999999999G", "is too large a size"},
	};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		uint64_t bytes = 7;

		assert_int_equal(
		    pt_size_parse(cases[i].text, &bytes, &err), -1);
		assert_true(bytes == 7);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		assert_non_null(strstr(err.text, cases[i].why));
	}
}

static void
test_size_format_takes_largest_unit_that_divides(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
	    {0, "0"},
	    {1023, "1023"},
	    {1024, "1K"},
	    {10241, "10241"},
	    {31457280, "30M"},
	    {2621440000, "2500M"},
	    {1073741824, "1G"},
	    {PT_SIZE_MAX, "1048576G"},
	};
	char buf[PT_SPAN_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_size_format(cases[i].bytes, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_span_parse_valid_gives_seconds),
	    cmocka_unit_test(test_span_parse_malformed_refused),
	    cmocka_unit_test(test_span_parse_beyond_ten_years_refused),
	    cmocka_unit_test(test_span_error_shows_bytes_harmless),
	    cmocka_unit_test(test_span_format_takes_largest_unit_that_divides),
	    cmocka_unit_test(test_span_format_parse_gives_same),
	    cmocka_unit_test(test_size_parse_valid_gives_bytes),
	    cmocka_unit_test(test_size_parse_bad_refused),
	    cmocka_unit_test(test_size_format_takes_largest_unit_that_divides),
	};

	return cmocka_run_group_tests_name("base_span", tests, NULL, NULL);
}
