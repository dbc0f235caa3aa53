/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* client-config --new-password: when an app password is made, and seen. */

#include "core/base/attr.h"
#include "tests/unit/ctl_client.h"

static void
an_app_password_is_made_only_when_asked_for(void **state)
{
	static const char *const lines[] = {
	    "client-config ann --text",
	    "client-config ann --text --qr",
	    "client-config ann --mobileconfig",
	    "client-config ann --mobileconfig --qr",
	    "client-config ann --autoconfig",
	    "client-config ann --autoconfig --qr",
	};
	char secret[PT_SECRET_TEXT_MAX];
	struct fixture *f = *state;

	issue_run(f, "enable ann", secret);
	for (size_t i = 0; i < PT_ARRAY_LEN(lines); i++) {
		fixture_run(f, 0, lines[i]);
		assert_int_equal(issue_find(f->out, secret), 0);
		client_did_not_say(f, "<key>IncomingPassword");
		client_did_not_say(f, "<password");
		fixture_run(f, 0, "password list ann -f tab");
		client_did_not_say(f, "\n2\t");
	}
}

static void
a_new_app_password_stands_in_what_is_written(void **state)
{
	static const struct {
		const char *line;
		unsigned count; /* how often it stands there */
	} cases[] = {
	    {"client-config ann --text --new-password --label My~Phone", 1},
	    {"client-config ann --text --qr --new-password", 1},
	    {"client-config ann --mobileconfig --new-password", 1},
	    {"client-config ann --autoconfig --new-password", 2},
	    {"client-config ann --autoconfig --qr --new-password", 0},
	};
	char secrets[PT_ARRAY_LEN(cases)][PT_SECRET_TEXT_MAX];
	struct fixture *f = *state;
	size_t i;

	fixture_run(f, 0, "enable ann");
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		secrets[i][0] = '\0';
		fixture_run(f, 0, cases[i].line);
		assert_string_equal(f->errors, "");
		assert_int_equal(
		    issue_find(f->out, secrets[i]), cases[i].count);
	}
	fixture_run(f, 0, "password list ann -f json");
	fixture_said(f, "{\"id\": 2, \"label\": \"My Phone\", ");
	fixture_said(f, "{\"id\": 6, ");
	fixture_run(f, 0, "history ann");
	fixture_said(f, "password-create");
	fixture_run(f, 0, "dump");
	assert_int_equal(issue_find(f->out, secrets[0]), 0);
}

static void
what_is_refused_makes_no_app_password(void **state)
{
	static const struct {
		const char *line;
		int code;
		const char *text;
	} cases[] = {
	    {"client-config ann --text --new-password --language fi", 64,
		"no texts in \"fi\""},
	    {"client-config ann --text --new-password --label a\tb", 65,
		"label"},
	    {"client-config ann --text --new-password --note a\tb", 64,
		"cannot take the note"},
	    {"client-config j\xc4\x81nis --text --qr --new-password", 65,
		"ASCII"},
	    {"client-config \xef\xbf\xbe --mobileconfig --new-password", 65,
		"XML cannot hold"},
	};
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	fixture_run(f, 0, "enable ann");
	fixture_run(f, 0, "enable j\xc4\x81nis");
	fixture_run(f, 0, "enable \xef\xbf\xbe");
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		fixture_run(f, cases[i].code, cases[i].line);
		assert_string_equal(f->out, "");
		fixture_said(f, cases[i].text);
	}
	for (unsigned i = 1; i < 32; i++)
		fixture_run(f, 0, "password create ann");
	fixture_run(f, 65, "client-config ann --text --new-password");
	assert_int_equal(issue_find(f->out, secret), 0);
	fixture_run(f, 0, "password list j\xc4\x81nis -f tab");
	client_did_not_say(f, "\n2\t");
}

static void
what_could_not_be_written_is_revoked(void **state)
{
	struct fixture *f = *state;
	char words[][16] = {"posternctl", "-c", "client-config", "ann",
	    "--mobileconfig", "--new-password"};
	char *argv[] = {words[0], words[1], f->conf, words[2], words[3],
	    words[4], words[5], NULL};
	FILE *full = fopen("/dev/full", "w");
	char *errors = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&errors, &len);

	assert_non_null(full);
	assert_non_null(stream);
	fixture_run(f, 0, "enable ann");
	assert_int_equal(pc_run(7, argv, full, stream), 75);
	(void)fclose(full);
	assert_int_equal(fclose(stream), 0);
	assert_non_null(strstr(errors, "it was revoked again"));
	free(errors);
	fixture_run(f, 0, "password list ann -f tab");
	client_did_not_say(f, "\n2\t");
	fixture_run(f, 0, "password list ann --all -f tab");
	fixture_said(f, "\trevoked\t");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, client_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(an_app_password_is_made_only_when_asked_for),
	    TEST(a_new_app_password_stands_in_what_is_written),
	    TEST(what_is_refused_makes_no_app_password),
	    TEST(what_could_not_be_written_is_revoked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
