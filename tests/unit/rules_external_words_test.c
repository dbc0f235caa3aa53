/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Lists of protocols. */

#include "core/rules/external.h"

#include "tests/unit/rules_fixture.h"

static void
test_protocol_lists_read_as_they_are_written(void **state)
{
	char buf[32];
	struct pt_err err;
	unsigned parsed;
	unsigned i;

	(void)state;
	pt_external_protocols_format(0, buf, sizeof(buf));
	assert_string_equal(buf, "none");
	for (i = 1; i <= RULES_ALL; i++) {
		pt_external_protocols_format(i, buf, sizeof(buf));
		assert_int_equal(
		    pt_external_protocols_parse(buf, &parsed, &err), 0);
		assert_int_equal(parsed, i);
	}
	assert_string_equal(buf, "imap,pop3,smtp");
	assert_int_equal(
	    pt_external_protocols_parse("smtp,imap,smtp", &parsed, &err), 0);
	assert_int_equal(parsed, PT_PROTOCOL_IMAP | PT_PROTOCOL_SMTP);
}

static void
test_what_is_no_protocol_is_named(void **state)
{
	static const char *const bad[][2] = {
	    {"", "\"\""},
	    {"imap,", "\"\""},
	    {"imap,,smtp", "\"\""},
	    {"IMAP", "\"IMAP\""},
	    {"imap, smtp", "\" smtp\""},
	    {"imapx", "\"imapx\""},
	    {"none", "\"none\""},
	    {"ma\nil", "\"ma\\x0Ail\""},
	};
	struct pt_err err;
	unsigned parsed = 7;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(bad); i++) {
		assert_int_equal(
		    pt_external_protocols_parse(bad[i][0], &parsed, &err), -1);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		if (strstr(err.text, bad[i][1]) == NULL)
			fail_msg("row %zu: %s", i, err.text);
		assert_int_equal(parsed, 7);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_protocol_lists_read_as_they_are_written),
	    cmocka_unit_test(test_what_is_no_protocol_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
