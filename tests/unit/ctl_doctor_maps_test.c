/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Sender maps that cannot be read, or whose server is away. */

#include "ctl/doctor.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "tests/unit/support/doctor_report.h"
#include "tests/unit/support/testing.h"

static void
what_is_wrong_with_a_map_is_told(void **state)
{
	static const struct {
		const char *kind;
		const char *content; /* NULL: there is no such file */
		const char *rest;
		const char *level;
		const char *what;
	} cases[] = {
	    {"file:", "info@example.com ann@example.com\n", "", "ok",
		"can be read"},
	    {"file:", NULL, "", "problem", "cannot read the map"},
	    {"file:", "info@example.com\n", "", "problem", "cannot start"},
	    {"lmdb:", NULL, "", "problem", "cannot read the map"},
	    {"socketmap:unix:", NULL, ":senders", "problem", "is deferred"},
	};
	struct doctor_diagnosis diagnosis;
	struct doctor_report report;
	char dir[256];
	char file[300];
	char map[400];
	char *maps[] = {map};
	size_t i;

	(void)state;
	test_make_dir(dir, sizeof(dir));
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)snprintf(file, sizeof(file), "%s/map%zu", dir, i);
		(void)snprintf(map, sizeof(map), "%s%s%s", cases[i].kind, file,
		    cases[i].rest);
		if (cases[i].content != NULL)
			test_write_file(file, cases[i].content);
		doctor_report_begin(&report, "", &diagnosis);
		report.config.sender.maps.at = maps;
		report.config.sender.maps.count = 1;
		pc_doctor_maps(&report.doctor);
		doctor_report_end(&report);
		doctor_expect_line(
		    &diagnosis, i, cases[i].level, cases[i].what, "");
		free(diagnosis.text);
	}
	test_remove_dir(dir);
}

static void
without_maps_there_is_nothing_to_say(void **state)
{
	struct doctor_diagnosis diagnosis;
	struct doctor_report report;

	(void)state;
	doctor_report_begin(&report, "", &diagnosis);
	pc_doctor_maps(&report.doctor);
	doctor_report_end(&report);
	assert_null(strstr(diagnosis.text, "maps"));
	free(diagnosis.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_wrong_with_a_map_is_told),
	    cmocka_unit_test(without_maps_there_is_nothing_to_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
