/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Is the milter attached to Sendmail as it should be? */

#include "ctl/doctor.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "tests/unit/support/doctor_report.h"
#include "tests/unit/support/testing.h"

static void
sendmail_is_read_for_the_milter(void **state)
{
	static const struct {
		const char *text;
		const char *listen;
		const char *level;
		const char *what;
		const char *fix;
	} cases[] = {
	    {"O InputMailFilters=dkim-filter, postern\n"
	     "Xpostern, S=unix:/run/postern/milter.sock, F=T, T=S:4m;R:4m\n"
	     "Xdkim-filter, S=inet:8891@localhost\n",
		"unix:/run/postern/milter.sock", "note",
		"asks dkim-filter before the milter", ""},
	    {"O InputMailFilters=postern\n"
	     "Xpostern, S=local:/run/postern/milter.sock, F=T\n",
		"unix:/run/postern/milter.sock", "ok",
		"asks the milter (filter postern)", ""},
	    {"O InputMailFilters=gate\nXgate, S=inet:10046@127.0.0.1, F=4\n",
		"inet:127.0.0.1:10046", "ok", "mail is deferred", ""},
	    {"O InputMailFilters=gate\nXgate, S=unix:/x, F=R\n", "unix:/x",
		"problem", "refused for good (F=R)", ""},
	    {"O InputMailFilters=gate\nXgate, S=unix:/x\n", "unix:/x", "note",
		"no F=T", "S=unix:/x, F=T"},
	    {"Xpostern, S=unix:/x, F=T\n", "unix:/x", "problem",
		"does not ask the milter",
		"INPUT_MAIL_FILTER(`postern', `S=unix:/x, F=T"},
	    {"O InputMailFilters=\n", "inet:127.0.0.1:10046", "problem",
		"does not ask the milter", "S=inet:10046@127.0.0.1, F=T"},
	};
	struct doctor_diagnosis diagnosis;
	struct doctor_report report;
	char dir[256];
	char file[300];
	size_t i;

	(void)state;
	test_make_dir(dir, sizeof(dir));
	(void)snprintf(file, sizeof(file), "%s/sendmail.cf", dir);
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		test_write_file(file, cases[i].text);
		doctor_report_begin(&report, cases[i].listen, &diagnosis);
		assert_int_equal(pc_doctor_sendmail(&report.doctor, file, true),
		    strstr(cases[i].what, "does not ask") == NULL);
		doctor_report_end(&report);
		doctor_expect_line(
		    &diagnosis, i, cases[i].level, cases[i].what, cases[i].fix);
		free(diagnosis.text);
	}
	test_remove_dir(dir);
}

static void
a_sendmail_that_is_not_there_matters_only_if_named(void **state)
{
	static const bool named[] = {false, true};
	struct doctor_diagnosis diagnosis;
	struct doctor_report report;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(named); i++) {
		doctor_report_begin(&report, "unix:/x", &diagnosis);
		assert_false(pc_doctor_sendmail(
		    &report.doctor, "/nonexistent/sendmail.cf", named[i]));
		doctor_report_end(&report);
		assert_int_equal(diagnosis.problems, named[i] ? 1 : 0);
		free(diagnosis.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sendmail_is_read_for_the_milter),
	    cmocka_unit_test(
		a_sendmail_that_is_not_there_matters_only_if_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
