/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/common/request.h"

#include <string.h>

#include "dovecot-plugin/common/backoff.h"
#include "dovecot-plugin/common/traffic.h"
#include "tests/unit/support/testing.h"

static void
test_requests_read_as_the_protocol_says(void **state)
{
	char buf[DP_REQUEST_MAX];
	size_t len;

	(void)state;
	len = dp_request_open(buf, "a@example.org", "tok", "imap", "s/1");
	assert_int_equal(len, strlen(buf));
	assert_string_equal(buf,
	    "request=postern_session\nevent=open\nlogin=a@example.org\n"
	    "token=tok\nservice=imap\nsession=s/1\n\n");
	len = dp_request_mailbox(buf, DP_EVENT_CHECK, 1, UINT32_MAX);
	assert_int_equal(len, strlen(buf));
	assert_string_equal(buf,
	    "request=postern_session\nevent=check\nuidvalidity=1\n"
	    "uidnext=4294967295\n\n");
	(void)dp_request_mailbox(buf, DP_EVENT_STORED, 2, 3);
	assert_string_equal(buf,
	    "request=postern_session\nevent=stored\nuidvalidity=2\n"
	    "uidnext=3\n\n");
	(void)dp_request_traffic(buf, UINT64_MAX, 0);
	assert_string_equal(buf, "request=postern_session\nevent=traffic\n"
				 "down=18446744073709551615\nup=0\n\n");
	(void)dp_request_end(buf, DP_EVENT_HIBERNATE);
	assert_string_equal(
	    buf, "request=postern_session\nevent=hibernate\n\n");
	(void)dp_request_end(buf, DP_EVENT_CLOSE);
	assert_string_equal(buf, "request=postern_session\nevent=close\n\n");
}

static void
test_what_cannot_be_said_is_no_request(void **state)
{
	char buf[DP_REQUEST_MAX], longest[PT_SESSION_VALUE_MAX + 2];

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(dp_request_open(buf, longest, "t", "imap", ""), 0);
	assert_int_equal(
	    dp_request_open(buf, "a\nevent=close", "t", "imap", ""), 0);
	assert_int_equal(dp_request_open(buf, "a", "t", "imap", "s\r"), 0);
	assert_int_equal(dp_request_mailbox(buf, DP_EVENT_CHECK, 0, 1), 0);
	assert_int_equal(dp_request_mailbox(buf, DP_EVENT_CHECK, 1, 0), 0);
	longest[PT_SESSION_VALUE_MAX] = '\0';
	assert_int_not_equal(
	    dp_request_open(buf, longest, longest, "imap", longest), 0);
}

static void
test_waits_grow_to_a_minute_and_start_anew(void **state)
{
	static const unsigned least[] = {1, 2, 5, 10, 20, 40, 60, 60, 60};
	struct dp_backoff backoff = {.seed = 7};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(least) / sizeof(least[0]); i++) {
		unsigned ms = dp_backoff_next(&backoff);

		assert_in_range(ms, least[i] * 1000, least[i] * 1250);
	}
	dp_backoff_reset(&backoff);
	assert_in_range(dp_backoff_next(&backoff), 1000, 1250);
}

static void
test_sessions_do_not_come_back_together(void **state)
{
	struct dp_backoff a = {.seed = 1}, b = {.seed = 0x20001};

	(void)state;
	assert_int_not_equal(dp_backoff_next(&a), dp_backoff_next(&b));
}

static void
test_traffic_is_what_came_since(void **state)
{
	struct dp_traffic traffic = {0};
	uint64_t down, up;

	(void)state;
	assert_true(dp_traffic_take(&traffic, 100, 7, &down, &up));
	assert_int_equal(down, 100);
	assert_int_equal(up, 7);
	assert_false(dp_traffic_take(&traffic, 100, 7, &down, &up));
	assert_true(dp_traffic_take(&traffic, 150, 7, &down, &up));
	assert_int_equal(down, 50);
	assert_int_equal(up, 0);
	assert_true(dp_traffic_take(&traffic, 20, 9, &down, &up));
	assert_int_equal(down, 20);
	assert_int_equal(up, 2);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_requests_read_as_the_protocol_says),
	    cmocka_unit_test(test_what_cannot_be_said_is_no_request),
	    cmocka_unit_test(test_waits_grow_to_a_minute_and_start_anew),
	    cmocka_unit_test(test_sessions_do_not_come_back_together),
	    cmocka_unit_test(test_traffic_is_what_came_since),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
