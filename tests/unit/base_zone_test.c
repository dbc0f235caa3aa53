/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <stdlib.h>

#include "core/base/attr.h"
#include "core/base/zone.h"
#include "tests/unit/support/testing.h"

/* 2026-11-22 07:05:30 UTC and 2026-07-01 07:05:30 UTC */
#define WINTER 1795331130
#define SUMMER 1782889530

static bool
has_database(void)
{
	return pt_zone_exists("Europe/Riga");
}

static void
test_a_name_is_a_file_of_the_database(void **state)
{
	static const char *const bad[] = {"", "/", "Europe", "Europe/",
	    "/Europe/Riga", "Europe//Riga", "../../../etc/passwd",
	    "Europe/../Europe/Riga", "Europe/Riga ", "No/Such", ":UTC",
	    "Europe/Riga/x", "zone1970.tab", "EET-2EEST,M3.5.0/3,M10.5.0/4"};
	char longest[200];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(bad); i++) {
		if (pt_zone_exists(bad[i]))
			fail_msg("\"%s\" passes", bad[i]);
	}
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_false(pt_zone_exists(longest));
	assert_true(pt_zone_exists("UTC"));
}

static void
test_a_time_is_told_in_its_zone(void **state)
{
	static const struct {
		const char *zone;
		enum pt_zone_date date;
		int64_t at;
		const char *text;
	} cases[] = {
	    {"Europe/Riga", PT_ZONE_DATE_ISO, WINTER, "2026-11-22 09:05 EET"},
	    {"Europe/Riga", PT_ZONE_DATE_ISO, SUMMER, "2026-07-01 10:05 EEST"},
	    {"UTC", PT_ZONE_DATE_ISO, WINTER, "2026-11-22 07:05 UTC"},
	    {"America/New_York", PT_ZONE_DATE_ISO, WINTER,
		"2026-11-22 02:05 EST"},
	    {"Asia/Kolkata", PT_ZONE_DATE_ISO, WINTER, "2026-11-22 12:35 IST"},
	    {"America/Sao_Paulo", PT_ZONE_DATE_ISO, WINTER,
		"2026-11-22 04:05 -03"},
	    {"Europe/Riga", PT_ZONE_DATE_ISO, WINTER, "2026-11-22 09:05 EET"},
	    {"Europe/Tallinn", PT_ZONE_DATE_DOTTED, SUMMER,
		"01.07.2026 10:05 EEST"},
	    {"Europe/Riga", PT_ZONE_DATE_LATVIAN, WINTER,
		"22.11.2026. 09:05 EET"},
	};
	char text[PT_ZONE_TEXT_MAX];

	(void)state;
	if (!has_database())
		skip();
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_zone_format(cases[i].zone, cases[i].date, cases[i].at, text,
		    sizeof(text));
		assert_string_equal(text, cases[i].text);
	}
}

static void
test_an_unknown_zone_is_utc(void **state)
{
	char text[PT_ZONE_TEXT_MAX];

	(void)state;
	pt_zone_format("No/Such", PT_ZONE_DATE_ISO, WINTER, text, sizeof(text));
	assert_string_equal(text, "2026-11-22 07:05 UTC");
	pt_zone_format("", PT_ZONE_DATE_ISO, WINTER, text, sizeof(text));
	assert_string_equal(text, "2026-11-22 07:05 UTC");
	pt_zone_format("UTC", PT_ZONE_DATE_ISO, INT64_MAX, text, sizeof(text));
	assert_string_equal(text, "@9223372036854775807");
}

static void
test_the_environment_stays_in_place(void **state)
{
	char text[PT_ZONE_TEXT_MAX];
	const char *before;

	(void)state;
	pt_zone_format("UTC", PT_ZONE_DATE_ISO, WINTER, text, sizeof(text));
	before = getenv("TZ");
	assert_non_null(before);
	pt_zone_format(
	    "Europe/Riga", PT_ZONE_DATE_ISO, WINTER, text, sizeof(text));
	assert_ptr_equal(getenv("TZ"), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_name_is_a_file_of_the_database),
	    cmocka_unit_test(test_a_time_is_told_in_its_zone),
	    cmocka_unit_test(test_an_unknown_zone_is_utc),
	    cmocka_unit_test(test_the_environment_stays_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
