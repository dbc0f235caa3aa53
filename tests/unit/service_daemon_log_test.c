/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The lines that all daemons log alike. */
#include "core/service/daemon_log.h"

#include <string.h>

#include "core/base/attr.h"
#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/testing.h"

/* What was logged ends in this, after its time and program. */
static void
check_line(const char *wanted)
{
	const char *line = test_captured_log();
	const char *event = strstr(line, "event=");

	assert_string_equal(event == NULL ? line : event, wanted);
}

static void
test_a_block_is_told_with_the_figures_that_there_are(void **state)
{
	static const struct {
		enum pt_block_reason block;
		struct pt_figures figures;
		uint64_t suppressed;
		const char *line;
	} cases[] = {
	    {PT_BLOCK_QUOTA, {PT_FIGURES_REFUSALS, 51, 50, 3600}, 0,
		"event=blocked login=ann@example.com block=quota "
		"counted=refusals used=51 limit=50 window=1h\n"},
	    {PT_BLOCK_ADMIN, {.unit = PT_FIGURES_NONE}, 3,
		"event=blocked login=ann@example.com block=admin "
		"suppressed=3\n"},
	    {PT_BLOCK_UNUSED, {.seconds = 5184000}, 0,
		"event=blocked login=ann@example.com block=unused "
		"window=60d\n"},
	    {PT_BLOCK_QUOTA, {PT_FIGURES_BYTES, UINT64_MAX, 1, 60}, 0,
		"event=blocked login=ann@example.com block=quota "
		"counted=bytes used=9223372036854775807 limit=1 window=1m\n"},
	    /* Of a later version. */
	    {(enum pt_block_reason)200, {.unit = PT_FIGURES_NONE}, 0,
		"event=blocked login=ann@example.com block=unknown\n"},
	};
	struct pt_login login = test_login("ann@example.com");

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		test_capture_log(PT_LOG_INFO);
		pt_daemon_log_blocked(&login, cases[i].block, &cases[i].figures,
		    cases[i].suppressed);
		check_line(cases[i].line);
	}
}

static void
test_records_that_fail_come_with_the_remedy(void **state)
{
	static const struct {
		enum pt_err_kind kind;
		const char *text;
		const char *line;
	} cases[] = {
	    {PT_ERR_DAMAGED, "it cannot be read",
		"event=record-failed login=ann@example.com error=\"it cannot "
		"be "
		"read\" remedy=\"look with posternctl explain LOGIN; "
		"posternctl reset LOGIN starts its activity anew, an account "
		"record is loaded again from a dump\"\n"},
	    {PT_ERR_NEWER, "",
		"event=record-failed login=ann@example.com error=\"its records "
		"cannot be used\" remedy=\"run the version of Postern that "
		"wrote it, or a later one\"\n"},
	};
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)pt_err_set(&err, cases[i].kind, "%s", cases[i].text);
		test_capture_log(PT_LOG_INFO);
		pt_daemon_log_failed("ann@example.com", cases[i].kind, &err, 0);
		check_line(cases[i].line);
	}
}

static void
test_what_was_held_back_is_counted(void **state)
{
	struct pt_err err;

	(void)state;
	(void)pt_err_set(&err, PT_ERR_UNAVAILABLE, "no\nroom");
	test_capture_log(PT_LOG_INFO);
	pt_daemon_log_error("state-failed", &err, 2);
	check_line("event=state-failed error=no\\x0Aroom suppressed=2\n");
	test_capture_log(PT_LOG_INFO);
	pt_daemon_log_dropped(7);
	check_line("event=lines-dropped lines=7\n");
	test_capture_log(PT_LOG_INFO);
	pt_daemon_log_dropped(0);
	check_line("");
}

static void
test_each_line_has_a_limit_of_its_own(void **state)
{
	uint64_t key = pt_daemon_log_key("refused", "ann", 3, 2);

	(void)state;
	assert_true(key == pt_daemon_log_key("refused", "ann@", 3, 2));
	assert_true(key != pt_daemon_log_key("refuse", "ann", 3, 2));
	assert_true(key != pt_daemon_log_key("refused", "ann", 2, 2));
	assert_true(key != pt_daemon_log_key("refused", "ann", 3, 3));
	/* The same word as event and as detail does not cancel itself out. */
	assert_true(pt_daemon_log_key("ann", "ann", 3, 0) !=
		    pt_daemon_log_key("bob", "bob", 3, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_a_block_is_told_with_the_figures_that_there_are),
	    cmocka_unit_test(test_records_that_fail_come_with_the_remedy),
	    cmocka_unit_test(test_what_was_held_back_is_counted),
	    cmocka_unit_test(test_each_line_has_a_limit_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
