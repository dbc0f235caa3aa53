/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Access that was switched on and has not begun, or not in this plan. */

#include "core/rules/access.h"

#include "tests/unit/rules_fixture.h"

static struct rules_site site;
static struct pt_plan plans[2];

static int
start(void **state)
{
	(void)state;
	rules_start(&site);
	plans[0] = site.plan;
	plans[1] = site.plan;
	plans[0].activation_delay = (struct pt_limit){true, 900};
	memcpy(plans[1].name, "gold", 5);
	site.config.plans = plans;
	site.config.plan_count = 2;
	(void)rules_enable(&site);
	site.account.access_at = TEST_NOW;
	return 0;
}

static struct pt_verdict
send_at(int64_t at, bool trusted)
{
	const struct pt_access_facts facts = {
	    .now = at, .encrypted = true, .trusted = trusted};

	return pt_access_send(
	    &site.config, &plans[0], &site.account, &site.activity, &facts);
}

static void
test_mail_programs_send_when_access_has_begun(void **state)
{
	struct pt_verdict verdict;

	(void)state;
	verdict = send_at(TEST_NOW + 899, false);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.reason, PT_REASON_NOT_YET_ACTIVE);
	assert_int_equal(verdict.until, TEST_NOW + 900);
	assert_int_equal(
	    send_at(TEST_NOW + 900, false).code, PT_VERDICT_PERMIT);
	/* Webmail does not wait, nor does who never switched anything on. */
	assert_int_equal(send_at(TEST_NOW, true).code, PT_VERDICT_PERMIT);
	site.account.access = PT_ACCESS_NEVER;
	assert_int_equal(send_at(TEST_NOW, false).code, PT_VERDICT_PERMIT);
	/* Nor who would for ever, because the clock was set back. */
	site.account.access = PT_ACCESS_ON;
	assert_int_equal(send_at(TEST_NOW - 1, false).code, PT_VERDICT_PERMIT);
}

static void
test_protocol_of_the_next_plan_comes_with_its_time(void **state)
{
	const struct pt_password *password = &site.account.passwords[0];
	struct pt_verdict verdict;

	(void)state;
	plans[0].protocols = PT_PROTOCOL_POP3;
	verdict = pt_access_protocol(&site.config, &plans[0], &site.account,
	    password, PT_PROTOCOL_IMAP, TEST_NOW);
	assert_int_equal(verdict.reason, PT_REASON_PROTOCOL_PLAN);
	assert_int_equal(verdict.plan_from, 0);
	memcpy(site.account.next_plan, "gold", 5);
	site.account.next_plan_at = TEST_NOW + 60;
	verdict = pt_access_protocol(&site.config, &plans[0], &site.account,
	    password, PT_PROTOCOL_IMAP, TEST_NOW);
	assert_int_equal(verdict.plan_from, TEST_NOW + 60);
	site.account.access_at = TEST_NOW - RULES_DAY;
	verdict = send_at(TEST_NOW, false);
	assert_int_equal(verdict.reason, PT_REASON_SMTP_OFF);
	assert_int_equal(verdict.plan_from, TEST_NOW + 60);
}

static void
test_expired_app_password_is_told_so_when_it_has_ended(void **state)
{
	struct pt_password *password = &site.account.passwords[0];
	struct pt_verdict verdict;

	(void)state;
	password->expires_at = TEST_NOW - 2 * RULES_DAY;
	pt_password_end(
	    password, PT_ENDING_EXPIRED, PT_BLOCK_NONE, TEST_NOW - RULES_DAY);
	verdict = pt_access_ended(&site.account, &site.activity, password);
	assert_int_equal(verdict.code, PT_VERDICT_REFUSE);
	assert_int_equal(verdict.reason, PT_REASON_PASSWORD_EXPIRED);
	assert_int_equal(verdict.since, TEST_NOW - 2 * RULES_DAY);
}

#define ACCESS_TEST(fn) cmocka_unit_test_setup(fn, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ACCESS_TEST(test_mail_programs_send_when_access_has_begun),
	    ACCESS_TEST(test_protocol_of_the_next_plan_comes_with_its_time),
	    ACCESS_TEST(test_expired_app_password_is_told_so_when_it_has_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
