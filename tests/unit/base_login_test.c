/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/login.h"

#include "tests/unit/support/testing.h"

static void
test_spellings_of_one_account_become_one_login(void **state)
{
	static const struct {
		const char *in;
		const char *out;
	} cases[] = {
	    {"alice@example.com", "alice@example.com"},
	    {"Alice@EXAMPLE.Com", "alice@example.com"},
	    {"alice", "alice@example.com"},
	    {"ALICE", "alice@example.com"},
	    {"a+b@example.com", "a+b@example.com"},
	    {"x@b@\xc3\xbc"
	     "cher.example",
		NULL},
	    {"a@b\xc3\xbc"
	     "cher.example",
		"a@xn--bcher-kva.example"},
	    {"a@B\xc3\x9c"
	     "cher.example",
		"a@xn--bcher-kva.example"},
	    {"a@xn--bcher-kva.example", "a@xn--bcher-kva.example"},
	    {"\xc4\x81"
	     "bols@example.com",
		"\xc4\x81"
		"bols@example.com"},
	    /* No Unicode case folding in the local part. */
	    {"\xc4\x80"
	     "bols@example.com",
		"\xc4\x80"
		"bols@example.com"},
	    {"a@localhost", "a@localhost"},
	    {"a@[192.0.2.1]", "a@[192.0.2.1]"},
	    {"a@_dmarc.example.com", "a@_dmarc.example.com"},
	};
	struct pt_login login;
	struct pt_err err;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		rc = pt_login_parse(cases[i].in, strlen(cases[i].in),
		    "example.com", &login, &err);
		if (cases[i].out == NULL) {
			assert_int_equal(rc, -1);
			continue;
		}
		if (rc != 0)
			fail_msg("%s: %s", cases[i].in, err.text);
		assert_string_equal(login.text, cases[i].out);
		assert_int_equal(login.len, strlen(cases[i].out));
		assert_int_equal(login.text[login.at], '@');
	}
}

static void
test_what_is_no_login_is_refused_with_the_cause(void **state)
{
	static const struct {
		const char *in;
		const char *cause;
	} cases[] = {
	    {"", "empty"},
	    {"@example.com", "local part is empty"},
	    {"a@", "domain is empty"},
	    {"a@b@example.com", "more than one @"},
	    {"a b@example.com", "blank or a control"},
	    {"a\nb@example.com", "blank or a control"},
	    {"a\x1b@example.com", "blank or a control"},
	    {"a@exa mple.com", "blank or a control"},
	    {"a@example..com", "not a valid domain"},
	    {"a@.example.com", "not a valid domain"},
	    {"a@example.com.", "not a valid domain"},
	    {"a@exa/mple.com", "not a valid domain"},
	    {"a@[192.0.2.1", "not a valid domain"},
	    {"\xc3@example.com", "not valid UTF-8"},
	    {"a@\xff.example", "not valid UTF-8"},
	};
	struct pt_login login;
	struct pt_err err;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		if (pt_login_parse(cases[i].in, strlen(cases[i].in),
			"example.com", &login, &err) != -1)
			fail_msg("accepted: %s", cases[i].in);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		if (strstr(err.text, cases[i].cause) == NULL)
			fail_msg("%s: %s", cases[i].in, err.text);
	}
}

static void
test_bare_local_part_needs_a_default_domain(void **state)
{
	struct pt_login login;
	struct pt_err err;

	(void)state;
	assert_int_equal(pt_login_parse("alice", 5, "", &login, &err), -1);
	assert_non_null(strstr(err.text, "default_domain"));
	assert_int_equal(pt_login_parse("alice", 5, NULL, &login, &err), -1);
}

static void
test_nul_inside_is_refused(void **state)
{
	struct pt_login login;
	struct pt_err err;

	(void)state;
	assert_int_equal(
	    pt_login_parse("al\0ce@example.com", 17, NULL, &login, &err), -1);
	assert_int_equal(
	    pt_login_parse("alice@exa\0ple.com", 17, NULL, &login, &err), -1);
}

static void
test_lengths_are_bounded_at_every_edge(void **state)
{
	struct pt_login login;
	struct pt_err err;
	char text[600];
	size_t local;
	size_t label;
	size_t len;
	bool good;

	(void)state;
	for (local = 1; local <= 70; local++) {
		for (label = 1; label <= 66; label++) {
			/* local @ label . label . label . com */
			memset(text, 'a', sizeof(text));
			text[local] = '@';
			text[local + 1 + label] = '.';
			text[local + 2 + 2 * label] = '.';
			text[local + 3 + 3 * label] = '.';
			len = local + 4 + 3 * label + 3;
			good = local <= 64 && label <= 63 && len <= 254;
			if ((pt_login_parse(text, len, NULL, &login, &err) ==
				0) != good)
				fail_msg("local %zu, label %zu", local, label);
			if (good)
				assert_int_equal(login.len, len);
		}
	}
}

static void
test_failure_leaves_the_output_alone(void **state)
{
	struct pt_login login = test_login("alice@example.com");
	struct pt_err err;

	(void)state;
	assert_int_equal(pt_login_parse("bob@", 4, NULL, &login, &err), -1);
	assert_string_equal(login.text, "alice@example.com");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_spellings_of_one_account_become_one_login),
	    cmocka_unit_test(test_what_is_no_login_is_refused_with_the_cause),
	    cmocka_unit_test(test_bare_local_part_needs_a_default_domain),
	    cmocka_unit_test(test_nul_inside_is_refused),
	    cmocka_unit_test(test_lengths_are_bounded_at_every_edge),
	    cmocka_unit_test(test_failure_leaves_the_output_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
