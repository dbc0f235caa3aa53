/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/testing.h"

/* What fn writes to standard error. */
static const char *
captured(void (*fn)(void))
{
	test_capture_errors();
	fn();
	return test_captured_log();
}

static void
log_one_line(void)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_WARN, "refused");
	pt_log_str(&line, "login", "alice@example.com");
	pt_log_str(&line, "text", "two words");
	pt_log_str(&line, "forged", "x\nevent=ok");
	pt_log_str(&line, "empty", "");
	pt_log_int(&line, "used", -5);
	pt_log_time(&line, "until", TEST_NOW);
	pt_log_end(&line);
}

static void
test_line_is_one_line_with_quoted_and_escaped_values(void **state)
{
	const char *out;

	(void)state;
	(void)setenv("JOURNAL_STREAM", "8:1", 1);
	pt_log_init("test", PT_LOG_INFO);
	out = captured(log_one_line);
	assert_string_equal(out,
	    "<4>event=refused login=alice@example.com text=\"two words\" "
	    "forged=\"x\\x0Aevent=ok\" empty=\"\" used=-5 "
	    "until=2026-11-21T12:00:00Z\n");
}

static void
test_line_below_the_level_is_not_written(void **state)
{
	(void)state;
	pt_log_init("test", PT_LOG_ERROR);
	assert_string_equal(captured(log_one_line), "");
	assert_false(pt_log_is_on(PT_LOG_WARN));
	assert_true(pt_log_is_on(PT_LOG_ERROR));
}

static void
log_a_long_line(void)
{
	struct pt_log_line line;
	char value[5000];

	memset(value, 'v', sizeof(value));
	pt_log_begin(&line, PT_LOG_ERROR, "long");
	pt_log_bytes(&line, "value", value, sizeof(value));
	pt_log_end(&line);
}

static void
test_long_line_is_cut_and_still_ends(void **state)
{
	const char *out;
	size_t len;

	(void)state;
	pt_log_init("test", PT_LOG_ERROR);
	out = captured(log_a_long_line);
	len = strlen(out);
	assert_true(len <= 2048);
	assert_int_equal(out[len - 1], '\n');
	assert_ptr_equal(strchr(out, '\n'), out + len - 1);
}

static void
test_without_a_journal_a_line_starts_with_time_and_program(void **state)
{
	const char *out;

	(void)state;
	(void)unsetenv("JOURNAL_STREAM");
	pt_log_init("test", PT_LOG_INFO);
	out = captured(log_one_line);
	assert_int_equal(out[10], 'T');
	assert_non_null(strstr(out, "Z test["));
	assert_non_null(strstr(out, "]: event=refused "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_line_is_one_line_with_quoted_and_escaped_values),
	    cmocka_unit_test(test_line_below_the_level_is_not_written),
	    cmocka_unit_test(test_long_line_is_cut_and_still_ends),
	    cmocka_unit_test(
		test_without_a_journal_a_line_starts_with_time_and_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
