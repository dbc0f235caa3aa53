/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/rewrite.h"

#include "tests/unit/support/testing.h"

static void
test_what_is_kept_cannot_forge_a_header(void **state)
{
	static const struct {
		const char *text;
		const char *wanted;
	} rows[] = {
	    {"", ""},
	    {"  \t ", ""},
	    {" CEO <ceo@example.com>", "CEO <ceo@example.com>"},
	    {"a\r\nBcc: b@example.com", "a Bcc: b@example.com"},
	    {"a\n\n\nb\x7f"
	     "c",
		"a b c"},
	    {"\xc3\xa4 \xff\xfe x", "\xc3\xa4 ?? x"},
	};
	char buf[PM_REWRITE_VALUE_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pm_rewrite_clean(rows[i].text, buf, sizeof(buf));
		assert_string_equal(buf, rows[i].wanted);
	}
}

static void
test_long_values_are_folded_at_blanks(void **state)
{
	char text[PM_ORIGINAL_MAX + 1];
	char buf[PM_REWRITE_VALUE_MAX];
	const char *at;
	size_t column = strlen(PM_REWRITE_ORIGINAL ": ");
	size_t i;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (i = 9; i < sizeof(text) - 1; i += 10)
		text[i] = ' ';
	pm_rewrite_clean(text, buf, sizeof(buf));
	for (at = buf; *at != '\0'; at++) {
		column = *at == '\n' ? 0 : column + 1;
		assert_true(column <= PM_REWRITE_LINE_MAX);
		if (*at == '\n')
			assert_int_equal(at[1], ' ');
	}
}

static void
test_a_login_becomes_a_mailbox_that_can_be_read(void **state)
{
	static const struct {
		const char *login;
		const char *wanted;
	} rows[] = {
	    {"ann@example.com", "ann@example.com"},
	    {"ann.b+c@example.com", "ann.b+c@example.com"},
	    {"ann,b@example.com", "\"ann,b\"@example.com"},
	    {".ann@example.com", "\".ann\"@example.com"},
	    {"a..b@example.com", "\"a..b\"@example.com"},
	};
	struct pt_login login;
	char buf[2 * PT_LOGIN_MAX + 4];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		login = test_login(rows[i].login);
		pm_rewrite_address(&login, buf, sizeof(buf));
		assert_string_equal(buf, rows[i].wanted);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_is_kept_cannot_forge_a_header),
	    cmocka_unit_test(test_long_values_are_folded_at_blanks),
	    cmocka_unit_test(test_a_login_becomes_a_mailbox_that_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
