/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/event.h"

#include "tests/unit/support/testing.h"

#define HEAD "request=postern_session\n"

static struct pd_record record;
static struct pd_event event;

/* NULL, or what is wrong with it. */
static const char *
read_event(const char *text)
{
	static struct pd_parser parser;
	size_t len = strlen(text);

	memset(&event, 0xff, sizeof(event));
	pd_parser_init(&parser, &pd_event_grammar, &pd_event_limits);
	pd_parser_next(&parser, &record);
	while (len > 0 && parser.state == PD_PARSER_MORE) {
		(void)pd_parser_feed(&parser, &record, text, 1);
		text++;
		len--;
	}
	if (parser.state == PD_PARSER_GARBAGE)
		return parser.why;
	assert_int_equal(parser.state, PD_PARSER_COMPLETE);
	return pd_event_read(&record, &event);
}

static void
test_open_says_who_it_is(void **state)
{
	(void)state;
	assert_null(
	    read_event(HEAD "event=open\nlogin=alice@example.com\n"
			    "token=abc\nservice=pop3\nsession=x/1\n\n"));
	assert_int_equal(event.kind, PD_EVENT_OPEN);
	assert_string_equal(event.login, "alice@example.com");
	assert_int_equal(event.login_len, 17);
	assert_string_equal(event.token, "abc");
	assert_int_equal(event.protocol, PT_PROTOCOL_POP3);
	assert_string_equal(event.id, "x/1");
	assert_null(read_event(HEAD "event=open\nlogin=a\ntoken=b\n"
				    "service=imap\nlater=thing\n\n"));
	assert_int_equal(event.protocol, PT_PROTOCOL_IMAP);
	assert_string_equal(event.id, "");
}

static void
test_long_session_id_is_cut(void **state)
{
	char text[400];

	(void)state;
	(void)snprintf(text, sizeof(text),
	    HEAD "event=open\nlogin=a\ntoken=b\nservice=imap\n"
		 "session=%0100d\n\n",
	    7);
	assert_null(read_event(text));
	assert_int_equal(strlen(event.id), PD_EVENT_ID_MAX - 1);
}

static void
test_views_and_bytes_are_numbers(void **state)
{
	(void)state;
	assert_null(read_event(
	    HEAD "event=check\nuidvalidity=4294967295\nuidnext=1\n\n"));
	assert_int_equal(event.kind, PD_EVENT_CHECK);
	assert_true(event.uidvalidity == UINT32_MAX);
	assert_int_equal(event.uidnext, 1);
	assert_null(
	    read_event(HEAD "event=stored\nuidvalidity=2\nuidnext=3\n\n"));
	assert_int_equal(event.kind, PD_EVENT_STORED);
	assert_null(read_event(
	    HEAD "event=traffic\ndown=9223372036854775807\nup=0\n\n"));
	assert_int_equal(event.kind, PD_EVENT_TRAFFIC);
	assert_true(event.bytes[PT_TRAFFIC_DOWN] == INT64_MAX);
	assert_true(event.bytes[PT_TRAFFIC_UP] == 0);
	assert_null(read_event(HEAD "event=close\n\n"));
	assert_int_equal(event.kind, PD_EVENT_CLOSE);
	assert_null(read_event(HEAD "event=hibernate\n\n"));
	assert_int_equal(event.kind, PD_EVENT_HIBERNATE);
}

static void
test_what_is_no_event_is_garbage(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
	    {"\n", "required attribute missing"},
	    {HEAD "\n", "required attribute missing"},
	    {"event=close\n\n", "required attribute missing"},
	    {"request=smtpd_access_policy\n", "unknown kind of request"},
	    {HEAD "event=explode\n", "unknown kind of request"},
	    {HEAD "event=none\n", "unknown kind of request"},
	    {HEAD "event=open\nservice=smtp\n", "unknown kind of request"},
	    {HEAD "event=open\nlogin=a\nlogin=b\n", "attribute given twice"},
	    {HEAD "event=open\nlogin=a\ntoken=b\n\n",
		"attribute of the event missing"},
	    {HEAD "event=check\nuidnext=1\n\n",
		"attribute of the event missing"},
	    {HEAD "event=stored\nuidvalidity=1\n\n",
		"attribute of the event missing"},
	    {HEAD "event=traffic\ndown=1\n\n",
		"attribute of the event missing"},
	    {HEAD "event=check\nuidvalidity=0\nuidnext=1\n\n", "not a UID"},
	    {HEAD "event=check\nuidvalidity=1\nuidnext=4294967296\n\n",
		"not a UID"},
	    {HEAD "event=traffic\ndown=-1\nup=0\n", "not a number"},
	    {HEAD "event=traffic\ndown=9223372036854775808\n", "not a number"},
	    {HEAD "login=a\x01\n", "control character"},
	    {HEAD "token=0123456789012345678901234567890123456789"
		  "01234567890123456789abcd\n",
		"value too long"},
	};
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		why = read_event(rows[i].text);
		if (why == NULL || strcmp(why, rows[i].why) != 0)
			fail_msg("%s: got %s, want %s", rows[i].text,
			    why == NULL ? "nothing" : why, rows[i].why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_open_says_who_it_is),
	    cmocka_unit_test(test_long_session_id_is_cut),
	    cmocka_unit_test(test_views_and_bytes_are_numbers),
	    cmocka_unit_test(test_what_is_no_event_is_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
