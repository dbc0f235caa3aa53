/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/stages.h"

#include "core/rules/quota.h"
#include "tests/unit/support/milter_site.h"

static void
test_a_message_of_the_login_is_charged_once(void **state)
{
	struct milter_site *site = *state;

	assert_int_equal(site_send(site, "Q1", "<ann@example.com>"), 0);
	assert_int_equal(site_send(site, "Q1", "Ann <ann+x@example.com>"), 0);
	assert_int_equal(site_sent(site), 1);
	assert_int_equal(site->filter.report.counters.permitted, 1);
	assert_int_equal(site->filter.report.counters.repeated, 1);
	assert_int_equal(site_send(site, "Q2", "<ann@example.com>"), 0);
	assert_int_equal(site_sent(site), 2);
}

static void
test_without_a_queue_id_each_message_is_charged(void **state)
{
	struct milter_site *site = *state;

	assert_int_equal(site_send(site, NULL, "<ann@example.com>"), 0);
	assert_int_equal(site_send(site, NULL, "<ann@example.com>"), 0);
	assert_int_equal(site_sent(site), 2);
}

static void
test_a_spoof_is_refused_by_name_and_costs_nothing(void **state)
{
	struct milter_site *site = *state;

	assert_int_equal(
	    site_send(site, "Q1", "CEO <ceo@example.com>"), PM_STEP_REJECT);
	assert_string_equal(site->reply,
	    "550 5.7.1 You may not send with From <ceo@example.com>: it does "
	    "not belong to your login");
	assert_int_equal(site_sent(site), 0);
	assert_int_equal(site_send(site, "Q2", NULL), PM_STEP_REJECT);
	assert_non_null(strstr(site->reply, "no From header"));
}

static void
charge_update(struct pt_records *records, void *arg)
{
	const struct pt_plan *plan = arg;
	const struct pt_charge charge = {
	    .hash = pt_charge_hash("Q1", 2), .amount = {1, 1, 100}};

	(void)pt_quota_charge(
	    plan, records->account, records->activity, &charge, pt_clock_now());
	records->activity_changed = true;
}

static void
test_what_policyd_charged_is_refunded_with_a_refusal(void **state)
{
	struct milter_site *site = *state;
	const struct pt_login login = test_login(SITE_LOGIN);
	struct pt_update update = {
	    .login = &login,
	    .fn = charge_update,
	    .arg = &site->filter.snapshots.current->config->plans[0],
	};
	struct pt_err err;

	assert_int_equal(pm_door_update(&site->filter.door, &update, &err), 0);
	assert_int_equal(site_sent(site), 1);
	assert_int_equal(
	    site_send(site, "Q1", "<ceo@example.com>"), PM_STEP_REJECT);
	assert_int_equal(site_sent(site), 0);
	assert_int_equal(site->filter.report.counters.refunded, 1);
}

static void
test_the_windows_are_looked_at_before_the_content(void **state)
{
	struct milter_site *site = *state;

	assert_int_equal(site_send(site, "Q1", "<ann@example.com>"), 0);
	assert_int_equal(site_send(site, "Q2", "<ann@example.com>"), 0);
	assert_int_equal(site_send(site, "Q3", "<ann@example.com>"), 0);
	site->queue_id = NULL;
	assert_int_equal(
	    site_mail(site, "<ann@example.com>"), PM_STEP_TEMPFAIL);
	assert_memory_equal(site->reply, "450 4.7.28 ", 11);
	assert_int_equal(
	    site->filter.report.counters.refused[PT_REASON_QUOTA], 1);
}

static void
test_what_the_envelope_tells_is_refused_there(void **state)
{
	struct milter_site *site = *state;

	assert_int_equal(site_mail(site, "<ceo@example.com>"), PM_STEP_REJECT);
	assert_memory_equal(site->reply, "550 5.7.1 ", 10);
	site->encrypted = false;
	assert_int_equal(site_mail(site, "<ann@example.com>"), PM_STEP_REJECT);
	assert_memory_equal(site->reply, "530 5.7.0 ", 10);
	site->encrypted = true;
	site->login = "no login at all";
	assert_int_equal(
	    site_mail(site, "<ann@example.com>"), PM_STEP_TEMPFAIL);
}

static void
test_one_recipient_too_many_is_deferred_alone(void **state)
{
	struct milter_site *site = *state;

	assert_int_equal(site_mail(site, "<ann@example.com>"), 0);
	assert_int_equal(site_rcpt(site, "<b@example.net>"), 0);
	assert_int_equal(site_rcpt(site, "<c@example.net>"), 0);
	assert_int_equal(site_rcpt(site, "<d@example.net>"), PM_STEP_TEMPFAIL);
	assert_memory_equal(site->reply, "452 4.5.3 ", 10);
	site_header(site, "From", "<ann@example.com>");
	assert_int_equal(site_end(site), PM_STEP_CONTINUE);
	assert_int_equal(site_sent(site), 1);
}

static void
test_a_message_that_is_too_large_is_refused_by_its_bytes(void **state)
{
	static char large[1100000];
	struct milter_site *site = *state;

	memset(large, 'x', sizeof(large) - 1);
	assert_int_equal(site_mail(site, "<ann@example.com>"), 0);
	site_header(site, "From", "<ann@example.com>");
	site_body(site, large);
	assert_int_equal(site_end(site), PM_STEP_REJECT);
	assert_memory_equal(site->reply, "552 5.3.4 ", 10);
	assert_int_equal(site_sent(site), 0);
}

static void
test_mail_without_a_login_is_none_of_our_business(void **state)
{
	struct milter_site *site = *state;

	site->login = NULL;
	assert_int_equal(
	    site_mail(site, "<anybody@example.net>"), PM_STEP_ACCEPT);
	assert_int_equal(site->filter.report.counters.unauthenticated, 1);
	assert_int_equal(atomic_load(&site->filter.messages), 0);
}

static void
test_observe_mode_refuses_nothing_and_charges(void **state)
{
	struct milter_site *site = *state;
	char text[sizeof(SITE_CONFIG) + 1] = SITE_CONFIG;

	memcpy(strstr(text, "enforce"), "observe", 7);
	site_configure(site, text);
	assert_int_equal(site_send(site, "Q1", "<ceo@example.com>"), 0);
	assert_string_equal(site->reply, "");
	assert_int_equal(site_sent(site), 1);
	assert_int_equal(
	    site->filter.report.counters.observed[PT_REASON_FROM_NOT_OWNED], 1);
}

static void
test_a_message_without_an_id_gets_one(void **state)
{
	struct milter_site *site = *state;

	assert_int_equal(site_mail(site, "<ann@example.com>"), 0);
	site_header(site, "From", "<ann@example.com>");
	assert_int_equal(site_end(site), 0);
	assert_int_equal(site->line_count, 1);
	assert_memory_equal(site->lines[0], "+Message-ID:<", 13);
	assert_non_null(strstr(site->lines[0], "@example.com>"));
	assert_int_equal(site_send(site, "Q2", "<ann@example.com>"), 0);
	assert_int_equal(site->line_count, 0);
}

static void
test_from_is_rewritten_where_that_is_wanted(void **state)
{
	struct milter_site *site = *state;

	site_configure(site, SITE_CONFIG "sender { policy = rewrite }\n");
	site->session->leads_blank = true;
	assert_int_equal(site_mail(site, "<ann@example.com>"), 0);
	site_header(site, "From", " CEO\n <ceo@example.com>");
	site_header(site, "from", " other@example.com");
	site_header(site, "Sender", " ceo@example.com");
	site_header(site, "Message-ID", " <1@example.com>");
	assert_int_equal(site_end(site), 0);
	assert_int_equal(site->line_count, 4);
	assert_string_equal(site->lines[0], "-From 2");
	assert_string_equal(site->lines[1], "=From 1: ann@example.com");
	assert_string_equal(site->lines[2], "-Sender 1");
	assert_string_equal(site->lines[3],
	    "+X-Original-From: CEO <ceo@example.com> other@example.com");
	assert_int_equal(site_sent(site), 1);
	assert_int_equal(site->filter.report.counters.rewritten, 1);
}

static void
test_no_message_begins_while_the_milter_stops(void **state)
{
	struct milter_site *site = *state;

	atomic_store(&site->filter.is_stopping, true);
	assert_int_equal(
	    site_mail(site, "<ann@example.com>"), PM_STEP_TEMPFAIL);
	site->login = NULL;
	assert_int_equal(site_mail(site, "<a@example.net>"), PM_STEP_ACCEPT);
}

static void
test_a_state_that_cannot_be_used_defers(void **state)
{
	struct milter_site *site = *state;
	struct pt_err err;

	assert_int_equal(site_mail(site, "<ann@example.com>"), 0);
	site_header(site, "From", "<ann@example.com>");
	assert_int_equal(pm_door_close(&site->filter.door, &err), 0);
	pt_log_set_level((enum pt_log_level)0);
	assert_int_equal(site_end(site), PM_STEP_TEMPFAIL);
	assert_memory_equal(site->reply, "451 4.3.0 ", 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    MILTER_TEST(test_a_message_of_the_login_is_charged_once),
	    MILTER_TEST(test_without_a_queue_id_each_message_is_charged),
	    MILTER_TEST(test_a_spoof_is_refused_by_name_and_costs_nothing),
	    MILTER_TEST(test_what_policyd_charged_is_refunded_with_a_refusal),
	    MILTER_TEST(test_the_windows_are_looked_at_before_the_content),
	    MILTER_TEST(test_what_the_envelope_tells_is_refused_there),
	    MILTER_TEST(test_one_recipient_too_many_is_deferred_alone),
	    MILTER_TEST(
		test_a_message_that_is_too_large_is_refused_by_its_bytes),
	    MILTER_TEST(test_mail_without_a_login_is_none_of_our_business),
	    MILTER_TEST(test_observe_mode_refuses_nothing_and_charges),
	    MILTER_TEST(test_a_message_without_an_id_gets_one),
	    MILTER_TEST(test_from_is_rewritten_where_that_is_wanted),
	    MILTER_TEST(test_no_message_begins_while_the_milter_stops),
	    MILTER_TEST(test_a_state_that_cannot_be_used_defers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
