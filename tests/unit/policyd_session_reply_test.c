/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/session_reply.h"

#include "tests/unit/support/testing.h"

static char buf[PT_SESSION_REPLY_MAX];

static void
test_replies_are_as_the_protocol_says(void **state)
{
	const struct pt_held_view view = {
	    .held = true, .uidnext = 4294967295U, .due = 299};
	size_t len;

	(void)state;
	len = pd_session_reply_open(buf, true, 30);
	assert_int_equal(len, strlen(buf));
	assert_string_equal(buf, "action=ok\nhold=yes\nreport=30\n\n");
	(void)pd_session_reply_open(buf, false, 600);
	assert_string_equal(buf, "action=ok\nhold=no\nreport=600\n\n");
	len = pd_session_reply_hold(buf, &view, 7, false);
	assert_int_equal(len, strlen(buf));
	assert_string_equal(
	    buf, "action=hold\nuidvalidity=7\nuidnext=4294967295\ndue=299\n\n");
	(void)pd_session_reply_hold(buf, &view, 7, true);
	assert_string_equal(buf, "action=hold\nunasked=yes\nuidvalidity=7\n"
				 "uidnext=4294967295\ndue=299\n\n");
}

static void
test_each_reason_fits_into_a_reply_of_its_lines(void **state)
{
	static struct pt_config config;
	char login[321];
	struct pt_verdict verdict = {.code = PT_VERDICT_REFUSE,
	    .used = UINT64_MAX,
	    .limit = UINT64_MAX,
	    .amount = UINT64_MAX,
	    .seconds = 86400,
	    .until = TEST_NOW + 86400,
	    .protocol = PT_PROTOCOL_IMAP,
	    .block = PT_BLOCK_CONNECTIONS};
	unsigned reason;
	size_t len;
	int lines;
	size_t i;

	(void)state;
	memset(login, 'a', sizeof(login) - 1);
	login[sizeof(login) - 1] = '\0';
	memset(config.help_url, 'h', sizeof(config.help_url) - 1);
	for (reason = PT_REASON_UNAVAILABLE; reason < PT_REASONS; reason++) {
		verdict.reason = (enum pt_reason_id)reason;
		len = pd_session_reply_close(buf, &config, &verdict, login,
		    PT_PROTOCOL_IMAP, TEST_NOW, true);
		assert_int_equal(len, strlen(buf));
		assert_memory_equal(
		    buf, "action=close\nunasked=yes\nreason=", 32);
		assert_string_equal(buf + len - 2, "\n\n");
		for (i = 0, lines = 0; i < len; i++)
			lines += buf[i] == '\n';
		assert_int_equal(lines, 5);
		assert_non_null(
		    strstr(buf, pt_reason_get(verdict.reason)->name));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_replies_are_as_the_protocol_says),
	    cmocka_unit_test(test_each_reason_fits_into_a_reply_of_its_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
