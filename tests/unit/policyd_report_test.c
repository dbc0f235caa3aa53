/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/report.h"

#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/testing.h"

static struct pd_report report;
static struct pt_config config;

static struct pd_text
text_of(const char *s)
{
	return (struct pd_text){.at = s, .len = strlen(s)};
}

static struct pd_case
over_quota(const char *login)
{
	return (struct pd_case){
	    .config = &config,
	    .now = TEST_NOW,
	    .login = test_login(login),
	    .request =
		{
		    .stage = PD_STAGE_RCPT,
		    .login = text_of(login),
		    .sender = text_of(""),
		    .queue_id = text_of("4c8mR"),
		    .instance = text_of("1.2.3"),
		    .client_address = text_of("192.0.2.1"),
		},
	    .verdict =
		{
		    .code = PT_VERDICT_DEFER,
		    .reason = PT_REASON_QUOTA,
		    .counted = PT_COUNT_MESSAGES,
		    .used = 5,
		    .limit = 5,
		    .seconds = 60,
		    .until = TEST_NOW + 61,
		},
	};
}

static int
set_up(void **state)
{
	(void)state;
	pd_report_init(&report);
	config.mode = PT_MODE_ENFORCE;
	return 0;
}

static void
test_refusal_names_who_what_and_until_when(void **state)
{
	struct pd_case c = over_quota("alice@example.com");

	(void)state;
	test_capture_log(PT_LOG_INFO);
	pd_report_case(&report, &c, 1000);
	assert_string_equal(test_captured_log(),
	    "<6>event=refused login=alice@example.com queue_id=4c8mR "
	    "stage=RCPT reason=quota counted=messages used=5 limit=5 "
	    "window=1m until=2026-11-21T12:01:01Z client=192.0.2.1\n");
}

static void
test_observed_refusal_says_what_it_would_be(void **state)
{
	struct pd_case c = over_quota("alice@example.com");

	(void)state;
	config.mode = PT_MODE_OBSERVE;
	c.request.queue_id = text_of("");
	test_capture_log(PT_LOG_INFO);
	pd_report_case(&report, &c, 1000);
	assert_string_equal(test_captured_log(),
	    "<6>event=observed login=alice@example.com instance=1.2.3 "
	    "stage=RCPT would=quota counted=messages used=5 limit=5 "
	    "window=1m until=2026-11-21T12:01:01Z client=192.0.2.1\n");
}

static void
test_what_is_only_watched_is_told_of_what_passes(void **state)
{
	struct pd_case c = over_quota("alice@example.com");

	(void)state;
	c.effects.would = c.verdict;
	c.effects.would.reason = PT_REASON_CLIENT_ADDRESSES;
	c.effects.would_block = (struct pt_verdict){
	    .reason = PT_REASON_BLOCKED,
	    .block = PT_BLOCK_QUOTA,
	    .used = 51,
	    .limit = 50,
	};
	c.verdict = (struct pt_verdict){.code = PT_VERDICT_PERMIT};
	test_capture_log(PT_LOG_INFO);
	pd_report_case(&report, &c, 1000);
	pd_report_case(&report, &c, 1001);
	assert_string_equal(test_captured_log(),
	    "<6>event=observed login=alice@example.com queue_id=4c8mR "
	    "stage=RCPT would=client-addresses counted=client-addresses used=5 "
	    "limit=5 window=1m until=2026-11-21T12:01:01Z client=192.0.2.1\n"
	    "<6>event=observed login=alice@example.com queue_id=4c8mR "
	    "stage=RCPT would=blocked used=51 limit=50 block=quota "
	    "client=192.0.2.1\n");
}

static void
test_a_penalty_that_begins_is_told_with_its_end(void **state)
{
	struct pd_case c = over_quota("alice@example.com");

	(void)state;
	c.request.stage = PD_STAGE_END;
	c.verdict = (struct pt_verdict){.code = PT_VERDICT_PERMIT};
	c.effects.penalty = (struct pt_verdict){
	    .reason = PT_REASON_PENALTY,
	    .used = 90,
	    .limit = 90,
	    .seconds = 86400,
	    .until = TEST_NOW + 3600,
	};
	test_capture_log(PT_LOG_INFO);
	pd_report_case(&report, &c, 1000);
	c.effects.penalty_is_watched = true;
	pd_report_case(&report, &c, 1000);
	assert_string_equal(test_captured_log(),
	    "<6>event=penalty login=alice@example.com queue_id=4c8mR "
	    "stage=END-OF-MESSAGE reason=penalty counted=messages used=90 "
	    "limit=90 window=1d until=2026-11-21T13:00:00Z client=192.0.2.1\n"
	    "<6>event=penalty login=alice@example.com queue_id=4c8mR "
	    "stage=END-OF-MESSAGE reason=penalty counted=messages used=90 "
	    "limit=90 window=1d until=2026-11-21T13:00:00Z mode=observe "
	    "client=192.0.2.1\n");
}

static void
test_repetition_is_held_back_by_login_and_reason(void **state)
{
	struct pd_case alice = over_quota("alice@example.com");
	struct pd_case bob = over_quota("bob@example.com");
	const char *out;
	int i;

	(void)state;
	test_capture_log(PT_LOG_INFO);
	for (i = 0; i < 5; i++)
		pd_report_case(&report, &alice, 1000 + i);
	pd_report_case(&report, &bob, 1000);
	alice.verdict.reason = PT_REASON_SENDING_LOCKED;
	pd_report_case(&report, &alice, 1000);
	alice.verdict.reason = PT_REASON_QUOTA;
	pd_report_case(&report, &alice, 20000);
	out = test_captured_log();
	assert_non_null(strstr(out, "login=bob@example.com"));
	assert_non_null(strstr(out, "reason=sending-locked"));
	assert_non_null(strstr(out, "client=192.0.2.1 suppressed=4\n"));
	for (i = 0; (out = strchr(out, '\n')) != NULL; i++)
		out++;
	assert_int_equal(i, 4);
}

static void
test_detail_is_told_where_the_reason_needs_it(void **state)
{
	struct pd_case c = over_quota("alice@example.com");
	const char *out;

	(void)state;
	c.verdict = (struct pt_verdict){
	    .code = PT_VERDICT_REFUSE,
	    .reason = PT_REASON_SENDER_NOT_OWNED,
	};
	c.request.sender = text_of("boss\"\n@example.com");
	test_capture_log(PT_LOG_INFO);
	pd_report_case(&report, &c, 1000);
	c.verdict.reason = PT_REASON_BLOCKED;
	c.verdict.block = PT_BLOCK_CRACKED;
	pd_report_case(&report, &c, 1000);
	c.verdict.reason = PT_REASON_LOGIN_INVALID;
	c.request.login = text_of("two words");
	pd_report_case(&report, &c, 1000);
	c.request.login.cut = true;
	pd_report_case(&report, &c, 20000);
	out = test_captured_log();
	assert_non_null(strstr(out, "sender=\"boss\\x22\\x0A@example.com\""));
	assert_non_null(strstr(out, "block=cracked"));
	assert_non_null(strstr(out, "login=\"two words\""));
	assert_non_null(strstr(out, "error=\"local part has a blank"));
	assert_non_null(strstr(out, "error=\"login is too long\""));
}

static void
test_permitted_is_logged_at_debug_level_only(void **state)
{
	struct pd_case c = over_quota("alice@example.com");
	const char *out;

	(void)state;
	c.verdict = (struct pt_verdict){.code = PT_VERDICT_PERMIT};
	test_capture_log(PT_LOG_INFO);
	pd_report_case(&report, &c, 1000);
	assert_string_equal(test_captured_log(), "");
	test_capture_log(PT_LOG_DEBUG);
	pd_report_case(&report, &c, 1000);
	out = test_captured_log();
	assert_non_null(strstr(out, "<7>event=decided "));
	assert_non_null(strstr(out, " verdict=permit reason=none "));
}

static void
test_wrong_stage_is_told_once_each_with_the_remedy(void **state)
{
	const char *out;
	const char *second;

	(void)state;
	test_capture_log(PT_LOG_INFO);
	pd_report_stage(&report, PD_STAGE_CONNECT);
	pd_report_stage(&report, PD_STAGE_CONNECT);
	pd_report_stage(&report, PD_STAGE_RCPT);
	pd_report_stage(&report, PD_STAGE_END);
	pd_report_stage(&report, PD_STAGE_MAIL);
	out = test_captured_log();
	assert_non_null(strstr(out, "event=wrong-stage stage=CONNECT "));
	assert_non_null(strstr(out, "smtpd_end_of_data_restrictions"));
	second = strchr(out, '\n');
	assert_non_null(second);
	assert_non_null(strstr(second, "stage=MAIL"));
	assert_ptr_equal(strchr(second + 1, '\n'), out + strlen(out) - 1);
}

static void
test_messages_that_are_never_charged_are_told_once(void **state)
{
	const char *out;
	int i;

	(void)state;
	test_capture_log(PT_LOG_INFO);
	for (i = 1; i < PD_REPORT_UNCHARGED; i++)
		pd_report_uncharged(&report);
	assert_string_equal(test_captured_log(), "");
	test_capture_log(PT_LOG_INFO);
	for (i = 0; i < 100; i++)
		pd_report_uncharged(&report);
	out = test_captured_log();
	assert_non_null(strstr(out, "event=never-charged messages=20 "));
	assert_ptr_equal(strchr(out, '\n'), out + strlen(out) - 1);
}

static void
test_one_charge_shows_that_it_is_attached(void **state)
{
	int i;

	(void)state;
	test_capture_log(PT_LOG_INFO);
	pd_report_uncharged(&report);
	pd_report_charged(&report);
	for (i = 0; i < 100; i++)
		pd_report_uncharged(&report);
	assert_string_equal(test_captured_log(), "");
}

static void
test_errors_are_held_back_by_event(void **state)
{
	struct pd_case c = over_quota("alice@example.com");
	struct pt_err err = {.kind = PT_ERR_UNAVAILABLE, .text = "disk full"};
	const char *out;

	(void)state;
	test_capture_log(PT_LOG_INFO);
	pd_report_error(&report, "state-failed", &err, 1000);
	pd_report_error(&report, "state-failed", &err, 2000);
	pd_report_error(&report, "sync-failed", &err, 2000);
	pd_report_damaged(&report, &c.login, PT_ERR_DAMAGED, &err, 2000);
	pd_report_client(&report, "slow-client", NULL, 2000);
	pd_report_error(&report, "state-failed", &err, 11000);
	out = test_captured_log();
	assert_non_null(
	    strstr(out, "<3>event=state-failed error=\"disk full\"\n"
			"<3>event=sync-failed error=\"disk full\"\n"
			"<3>event=record-failed login=alice@example.com "
			"error=\"disk full\" remedy=\""));
	assert_non_null(strstr(out,
	    "<4>event=slow-client\n"
	    "<3>event=state-failed error=\"disk full\" suppressed=1\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(
		test_refusal_names_who_what_and_until_when, set_up),
	    cmocka_unit_test_setup(
		test_observed_refusal_says_what_it_would_be, set_up),
	    cmocka_unit_test_setup(
		test_what_is_only_watched_is_told_of_what_passes, set_up),
	    cmocka_unit_test_setup(
		test_a_penalty_that_begins_is_told_with_its_end, set_up),
	    cmocka_unit_test_setup(
		test_repetition_is_held_back_by_login_and_reason, set_up),
	    cmocka_unit_test_setup(
		test_detail_is_told_where_the_reason_needs_it, set_up),
	    cmocka_unit_test_setup(
		test_permitted_is_logged_at_debug_level_only, set_up),
	    cmocka_unit_test_setup(
		test_wrong_stage_is_told_once_each_with_the_remedy, set_up),
	    cmocka_unit_test_setup(
		test_messages_that_are_never_charged_are_told_once, set_up),
	    cmocka_unit_test_setup(
		test_one_charge_shows_that_it_is_attached, set_up),
	    cmocka_unit_test_setup(test_errors_are_held_back_by_event, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
