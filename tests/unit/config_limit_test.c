/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "core/config/limit.h"
#include "tests/unit/support/testing.h"

#define TEXT_MAX 64

static void
test_window_parse_valid_formats_back(void **state)
{
	static const struct {
		const char *text;
		bool is_size;
		uint64_t limit;
		int64_t seconds;
		const char *canonical;
	} cases[] = {
	    {"5/1m", false, 5, 60, "5/1m"},
	    {"15/1h", false, 15, 3600, "15/1h"},
	    {"15/60m", false, 15, 3600, "15/1h"},
	    {"0/1s", false, 0, 1, "0/1s"},
	    {"1125899906842624/3660d", false, (uint64_t)1 << 50, 316224000,
		"1125899906842624/3660d"},
	    {"2500M/1d", true, 2621440000, 86400, "2500M/1d"},
	    {"1048576K/36h", true, 1073741824, 129600, "1G/36h"},
	    {"10/1w", true, 10, 604800, "10/1w"},
	};
	struct pt_window window;
	struct pt_err err;
	char buf[TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(pt_window_parse(cases[i].text,
				     cases[i].is_size, &window, &err),
		    0);
		assert_true(window.limit == cases[i].limit);
		assert_true(window.seconds == cases[i].seconds);
		pt_window_format(&window, cases[i].is_size, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].canonical);
	}
}

static void
test_window_parse_malformed_refused(void **state)
{
	static const struct {
		const char *text;
		bool is_size;
		const char *why;
	} cases[] = {
	    {"", false, "\"\" is not a window: write a number"},
	    {"", true, "\"\" is not a window: write a size"},
	    {"5", false, "is not a window"},
	    {"/1m", false, "is not a window"},
	    {"5/", false, "\"\" is not a span"},
	    {"5/m", false, "\"m\" is not a span"},
	    {"5/1x", false, "\"1x\" is not a span"},
	    {"5/0s", false, "is a window of no length"},
	    {"5/11w/2", false, "\"11w/2\" is not a span"},
	    {"5/9999w", false, "the longest is ten years"},
	    {"5M/1m", false, "\"5M\" is not a number"},
	    {"-5/1m", false, "\"-5\" is not a number"},
	    {"1125899906842625/1m", false, "is not a number up to"},
	    {"5 /1m", false, "\"5 \" is not a number"},
	    {"5T/1m", true, "\"5T\" is not a size"},
	    {"1048577G/1m", true, "is too large a size"},
	    {"99999999999999999999999999999999999/1m", false,
		"is not a window"},
	};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		struct pt_window window = {.limit = 7};

		assert_int_equal(pt_window_parse(cases[i].text,
				     cases[i].is_size, &window, &err),
		    -1);
		assert_true(window.limit == 7);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		assert_non_null(strstr(err.text, cases[i].why));
	}
}

/* Adds windows "LIMIT/SPAN" one after the other; the last one's result. */
static int
add_all(const char *const *texts, size_t n, struct pt_windows *list,
    struct pt_err *err)
{
	int result = 0;

	memset(list, 0, sizeof(*list));
	for (size_t i = 0; i < n && texts[i] != NULL; i++) {
		struct pt_window window;

		assert_int_equal(result, 0);
		assert_int_equal(
		    pt_window_parse(texts[i], false, &window, err), 0);
		result = pt_windows_add(list, &window, err);
	}
	return result;
}

static void
test_windows_add_any_order_sorts_by_length(void **state)
{
	static const char *const orders[][3] = {
	    {"5/1m", "15/1h", "100/1d"},
	    {"100/1d", "15/1h", "5/1m"},
	    {"15/1h", "100/1d", "5/1m"},
	    {"15/1h", "5/1m", "100/1d"},
	};
	struct pt_windows list;
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(orders); i++) {
		assert_int_equal(add_all(orders[i], 3, &list, &err), 0);
		assert_int_equal(list.count, 3);
		assert_true(list.at[0].seconds == 60);
		assert_true(list.at[1].seconds == 3600);
		assert_true(list.at[2].seconds == 86400);
		assert_true(list.at[0].limit == 5);
		assert_true(list.at[1].limit == 15);
		assert_true(list.at[2].limit == 100);
	}
}

static void
test_windows_add_contradiction_refused(void **state)
{
	static const struct {
		const char *texts[3];
		const char *why;
	} cases[] = {
	    {{"5/1m", "7/60s"}, "there are two windows of 1 minute"},
	    {{"15/1m", "10/1h"},
		"15 in 1 minute has no effect beside 10 in 1 hour"},
	    {{"10/1h", "15/1m"},
		"15 in 1 minute has no effect beside 10 in 1 hour"},
	    {{"15/1m", "15/1h"},
		"15 in 1 minute has no effect beside 15 in 1 hour"},
	    {{"5/1m", "100/1d", "100/1h"},
		"100 in 1 hour has no effect beside 100 in 1 day"},
	    {{"5/1m", "100/1d", "5/1h"},
		"5 in 1 minute has no effect beside 5 in 1 hour"},
	};
	struct pt_windows list;
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		size_t before = cases[i].texts[2] == NULL ? 1 : 2;

		assert_int_equal(add_all(cases[i].texts, 3, &list, &err), -1);
		assert_int_equal(err.kind, PT_ERR_CONFIG);
		assert_non_null(strstr(err.text, cases[i].why));
		assert_int_equal(list.count, before);
	}
}

static void
test_windows_add_ninth_refused(void **state)
{
	struct pt_windows list = {0};
	struct pt_err err;

	(void)state;
	for (unsigned i = 0; i < PT_WINDOWS_MAX; i++) {
		struct pt_window window = {.limit = i, .seconds = i + 1};

		assert_int_equal(pt_windows_add(&list, &window, &err), 0);
	}
	assert_int_equal(
	    pt_windows_add(
		&list, &(struct pt_window){.limit = 100, .seconds = 100}, &err),
	    -1);
	assert_string_equal(err.text, "there are more than 8 windows");
	assert_int_equal(list.count, PT_WINDOWS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_window_parse_valid_formats_back),
	    cmocka_unit_test(test_window_parse_malformed_refused),
	    cmocka_unit_test(test_windows_add_any_order_sorts_by_length),
	    cmocka_unit_test(test_windows_add_contradiction_refused),
	    cmocka_unit_test(test_windows_add_ninth_refused),
	};

	return cmocka_run_group_tests_name("config_limit", tests, NULL, NULL);
}
