/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* How often the keeper says what. */

#include "keeper/report.h"

#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/testing.h"

static struct pk_report report;

static int
start(void **state)
{
	(void)state;
	pk_report_init(&report);
	return 0;
}

static void
tell(uint64_t id, enum pt_notice_kind kind, const char *what)
{
	const struct pt_outbox_entry entry = {
	    .id = id,
	    .login = test_login("ann@example.com"),
	    .notice = {.kind = kind, .block = PT_BLOCK_QUOTA},
	};

	pk_report_notice(&report, &entry, what);
}

static unsigned
count(const char *text, const char *wanted)
{
	unsigned n = 0;

	while ((text = strstr(text, wanted)) != NULL) {
		text += strlen(wanted);
		n++;
	}
	return n;
}

static void
each_notice_of_an_owner_is_told(void **state)
{
	const char *log;

	(void)state;
	test_capture_log(PT_LOG_INFO);
	tell(1, PT_NOTICE_ENABLED, "sent");
	tell(2, PT_NOTICE_BLOCKED, "sent");
	log = test_captured_log();
	assert_int_equal(count(log, "event=notice-sent "), 2);
	assert_int_equal(count(log, "notice=blocked-quota id=2\n"), 1);
}

static void
the_same_again_is_held_back(void **state)
{
	const char *log;

	(void)state;
	test_capture_log(PT_LOG_INFO);
	tell(1, PT_NOTICE_ENABLED, "failed");
	tell(1, PT_NOTICE_ENABLED, "failed");
	tell(1, PT_NOTICE_ENABLED, "gave-up");
	log = test_captured_log();
	assert_int_equal(count(log, "event=notice-failed "), 1);
	assert_int_equal(count(log, "event=notice-given-up "), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(each_notice_of_an_owner_is_told, start),
	    cmocka_unit_test_setup(the_same_again_is_held_back, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
