/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* App passwords: how they are made, printed, listed and ended. */

#include "core/base/attr.h"
#include "tests/unit/ctl_issue.h"

static void
an_app_password_is_printed_once_in_each_format(void **state)
{
	static const struct {
		const char *line;
		const char *before; /* what stands before the secret */
	} cases[] = {
	    {"enable ann", "app password  "},
	    {"enable bob -f json", "\"password\": \""},
	    {"enable carl -f flow", " password="},
	    {"enable dave -f tab", "\t"},
	    {"password create ann", "app password  "},
	    {"password create ann -f json", "\"password\": \""},
	};
	char secrets[PT_ARRAY_LEN(cases)][PT_SECRET_TEXT_MAX];
	struct fixture *f = *state;
	const char *at;
	size_t len;
	size_t i;
	size_t j;

	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		issue_run(f, cases[i].line, secrets[i]);
		at = strstr(f->out, secrets[i]);
		assert_non_null(at);
		len = strlen(cases[i].before);
		assert_int_equal(strncmp(at - len, cases[i].before, len), 0);
		for (j = 0; j < i; j++)
			assert_string_not_equal(secrets[i], secrets[j]);
	}
	fixture_run(f, 0, "history");
	assert_int_equal(issue_find(f->out, secrets[0]), 0);
	fixture_run(f, 0, "dump");
	assert_int_equal(issue_find(f->out, secrets[0]), 0);
}

static void
what_was_wished_for_is_told(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	issue_run(f,
	    "enable ann --label My~Phone --protocols smtp --expires 90d "
	    "--networks 192.0.2.0/24,::1",
	    secret);
	fixture_said(f, "login         ann@example.com\n");
	fixture_said(f, "record        new");
	fixture_said(f, "id            1\n");
	fixture_said(f, "label         My Phone\n");
	fixture_said(f, "protocols     smtp\n");
	fixture_said(f, "networks      192.0.2.0/24,::1\n");
	issue_run(
	    f, "password create ann --expires 2099-01-02 -f json", secret);
	fixture_said(f, "\"id\": 2, \"label\": \"\", \"password\": ");
	fixture_said(f, "\"protocols\": \"smtp\", \"networks\": null, "
			"\"expires\": \"2099-01-02T00:00:00Z\", "
			"\"active_from\": null, \"sending_locked\": null}");
	fixture_said(f, "\"new_record\": false");
	fixture_run(f, 0, "password list ann");
	fixture_said(f, "My Phone");
	assert_null(strstr(f->out, "192.0.2.0"));
	fixture_run(f, 0, "password list ann -f json");
	fixture_said(f, "{\"id\": 1, \"label\": \"My Phone\", \"protocols\": "
			"\"smtp\", \"networks\": \"192.0.2.0/24,::1\", ");
	fixture_said(f, "\"expires\": \"2099-01-02T00:00:00Z\", "
			"\"last_used\": null, \"by\": null, \"from\": null, "
			"\"ended\": null, \"ending\": null, \"block\": null}");
}

static void
mistakes_are_named_and_change_nothing(void **state)
{
	static const struct {
		const char *line;
		int code;
		const char *text;
	} cases[] = {
	    {"enable ann --protocols", 64, "its LIST is missing"},
	    {"enable ann --protocols imap,nntp", 64,
		"cannot read --protocols: cannot take \"nntp\""},
	    {"enable ann --protocols imap,", 64, "for a protocol"},
	    {"enable ann --protocols pop3", 65, "cannot switch on pop3"},
	    {"enable ann --expires tomorrow", 64, "cannot read --expires"},
	    {"enable ann --expires 2001-01-01", 64, "lies in the past"},
	    {"enable ann --expires 0s", 64, "cannot read --expires"},
	    {"enable ann --networks 192.0.2.1/24", 64, "did you mean"},
	    {"enable ann --networks 192.0.2.1,", 64, "is not a network"},
	    {"enable ann --networks ::1,::2,::3,::4,::5", 64, "4 are the most"},
	    {"enable ann --label a\033b", 65, "without control characters"},
	    {"enable ann --label \xff", 65, "it must be UTF-8"},
	    {"enable ann --label "
	     "1234567890123456789012345678901234567890123456789012345678901234",
		65, "at most 63 bytes"},
	    {"enable ann --note a\033b", 64, "control character"},
	    {"enable a~b", 65, "cannot take \"a b\" for a login"},
	    {"password create ann", 65, "its external access is off"},
	    {"password revoke ann 1", 1, "none that lives under that number"},
	    {"password revoke ann one", 64, "named by its number"},
	    {"password revoke ann -1", 64, "no such option"},
	    {"password revoke ann 4294967296", 64, "named by its number"},
	    {"password list ann", 1, "there is no record of ann@example.com"},
	    {"block ann", 64, "--reason must be"},
	    {"block ann --reason fun", 64, "--reason must be"},
	    {"password", 64, "a word is missing"},
	    {"password-change ann", 64, "did you mean \"password-changed\"?"},
	};
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		fixture_run(f, cases[i].code, cases[i].line);
		fixture_said(f, cases[i].text);
		assert_int_equal(issue_find(f->out, secret), 0);
		assert_int_equal(issue_find(f->errors, secret), 0);
	}
	fixture_run(f, 1, "account show ann");
	fixture_run(f, 0, "history");
	assert_string_equal(f->out, "");
}

static void
what_has_ended_is_listed_with_its_reason(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	issue_run(f, "enable ann", secret);
	issue_run(f, "password create ann", secret);
	fixture_run(f, 0, "password revoke ann 1 --note lost");
	fixture_run(f, 0, "disable ann");
	fixture_run(f, 0, "disable ann");
	fixture_said(f, "unchanged");
	issue_run(f, "enable ann", secret);
	fixture_run(f, 0, "block ann --reason quota --note spam");
	issue_run(f, "enable ann", secret);
	fixture_run(f, 0, "set ann password_change_ends=yes");
	fixture_run(f, 0, "password-changed ann");
	fixture_run(f, 0, "password list ann");
	assert_string_equal(f->out, "");
	fixture_run(f, 0, "password list ann --all -f tab");
	fixture_said(f, "\trevoked\t\n2\t");
	fixture_said(f, "\tdisabled\t\n3\t");
	fixture_said(f, "\tblocked\tquota\n4\t");
	fixture_said(f, "\tchanged\t\n");
	fixture_run(f, 0, "history ann");
	fixture_said(f, "note=\"lost\"");
	fixture_said(f, "note=\"spam\"");
}

static void
no_more_than_32_app_passwords_live(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];
	unsigned i;

	issue_run(f, "enable ann", secret);
	for (i = 1; i < PT_PASSWORDS_MAX; i++)
		issue_run(f, "password create ann", secret);
	fixture_run(f, 65, "password create ann");
	fixture_said(f, "it has 32 already");
	fixture_run(f, 0, "password revoke ann 7");
	issue_run(f, "password create ann", secret);
	fixture_said(f, "id            33\n");
	fixture_run(f, 65, "password create ann");
}

/* Standard output is a full disk. */
static void
what_could_not_be_printed_is_revoked(void **state)
{
	char *argv[] = {(char[]){"posternctl"}, (char[]){"-c"}, NULL,
	    (char[]){"enable"}, (char[]){"ann"}, NULL};
	struct fixture *f = *state;
	char *errors = NULL;
	size_t len;
	FILE *err_stream = open_memstream(&errors, &len);
	FILE *out = fopen("/dev/full", "w");

	assert_non_null(err_stream);
	assert_non_null(out);
	argv[2] = f->conf;
	assert_int_equal(pc_run(5, argv, out, err_stream), 75);
	assert_int_equal(fclose(err_stream), 0);
	(void)fclose(out);
	assert_non_null(strstr(errors, "cannot print the app password: "));
	assert_non_null(strstr(errors, "it was revoked again"));
	free(errors);
	fixture_run(f, 0, "password list ann");
	assert_string_equal(f->out, "");
	fixture_run(f, 0, "password list ann --all -f tab");
	fixture_said(f, "\trevoked\t\n");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, issue_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(an_app_password_is_printed_once_in_each_format),
	    TEST(what_was_wished_for_is_told),
	    TEST(mistakes_are_named_and_change_nothing),
	    TEST(what_has_ended_is_listed_with_its_reason),
	    TEST(no_more_than_32_app_passwords_live),
	    TEST(what_could_not_be_printed_is_revoked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
