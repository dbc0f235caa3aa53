/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What a login records, and the limits that it meets. */

#include "core/rules/window.h"
#include "tests/unit/rules_attempt.h"

static void
make_sessions_full(void)
{
	site.usage.sessions.count = 2;
}

static void
make_checked(void)
{
	site.usage.pop3_checked_at = TEST_NOW - 57;
	site.usage.view.checked_at = TEST_NOW - 61;
	site.plan.imap_check = PT_IMAP_CHECK_REFUSE;
}

static const struct {
	const char *address;
	unsigned char bytes[16];
} addresses[] = {
    {"192.0.2.7", {[10] = 0xff, 0xff, 192, 0, 2, 7}},
    {"::ffff:192.0.2.7", {[10] = 0xff, 0xff, 192, 0, 2, 7}},
    {"2001:db8::1", {0x20, 0x01, 0x0d, 0xb8, [15] = 1}},
    {"", {0}},
    {"unknown", {0}},
    {"192.0.2.0/24", {0}},
};

static void
test_permitted_login_is_recorded(void **state)
{
	const struct pt_last_use *use;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(addresses); i++) {
		(void)start(state);
		attempt.address = pt_address_parse(addresses[i].address);
		assert_int_equal(judge(), PT_REASON_NONE);
		assert_true(admission.usage_changed);
		assert_int_equal(site.usage.logins_total, 1);
		assert_int_equal(site.usage.last_login_at, TEST_NOW);
		assert_int_equal(site.usage.pop3_checked_at, TEST_NOW);
		assert_int_equal(site.usage.view.checked_at, 0);
		use = pt_usage_last(&site.usage, 1);
		assert_non_null(use);
		assert_int_equal(use->at, TEST_NOW);
		assert_int_equal(use->protocol, PT_PROTOCOL_POP3);
		assert_memory_equal(
		    use->address, addresses[i].bytes, sizeof(use->address));
	}
}

static void
test_login_window_tells_its_figures(void **state)
{
	int i;

	(void)state;
	attempt.protocol = PT_PROTOCOL_SMTP;
	for (i = 0; i < 3; i++)
		assert_int_equal(judge_at(TEST_NOW + i), PT_REASON_NONE);
	assert_int_equal(judge_at(TEST_NOW + 3), PT_REASON_LOGINS);
	assert_int_equal(admission.verdict.used, 3);
	assert_int_equal(admission.verdict.limit, 3);
	assert_int_equal(admission.verdict.seconds, 3600);
	assert_int_equal(admission.verdict.until, TEST_NOW + 3601);
	assert_int_equal(judge_at(TEST_NOW + 3601), PT_REASON_NONE);
	/* A plan that admits none never will. */
	site.plan.logins = rules_windows(0, 60);
	assert_int_equal(judge_at(TEST_NOW + 9999), PT_REASON_LOGINS);
	assert_int_equal(admission.verdict.until, 0);
}

/* n logins within as many seconds; those beyond the first 3 are refused. */
static void
log_in(int n)
{
	int i;

	attempt.protocol = PT_PROTOCOL_SMTP;
	for (i = 0; i < n; i++)
		assert_int_equal(judge_at(TEST_NOW + i),
		    i < 3 ? PT_REASON_NONE : PT_REASON_LOGINS);
}

static bool
carry_out(void)
{
	return pt_authenticate_block(
	    &site.account, &site.activity, &site.usage, &admission, TEST_NOW);
}

static void
test_far_too_many_logins_block_with_their_figures(void **state)
{
	const struct pt_figures *figures = &site.activity.block.figures;

	(void)state;
	site.plan.logins_factor = (struct pt_limit){true, 4};
	log_in(11);
	assert_int_equal(admission.block, PT_BLOCK_NONE);
	assert_true(admission.usage_changed);
	assert_false(carry_out());
	(void)start(state);
	site.plan.logins_factor = (struct pt_limit){true, 4};
	log_in(12);
	assert_int_equal(admission.block, PT_BLOCK_CONNECTIONS);
	assert_true(carry_out());
	assert_int_equal(site.activity.block.reason, PT_BLOCK_CONNECTIONS);
	assert_int_equal(site.activity.block.at, TEST_NOW);
	assert_int_equal(figures->unit, PT_FIGURES_LOGINS);
	assert_int_equal(figures->used, 12);
	assert_int_equal(figures->limit, 12);
	assert_int_equal(figures->seconds, 3600);
	assert_int_equal(judge_at(TEST_NOW + 12), PT_REASON_BLOCKED);
	assert_int_equal(admission.verdict.block, PT_BLOCK_CONNECTIONS);
}

static void
test_who_comes_back_is_not_blocked_for_the_logins_of_before(void **state)
{
	(void)state;
	site.plan.logins_factor = (struct pt_limit){true, 4};
	log_in(12);
	assert_true(carry_out());
	site.activity.block.reason = PT_BLOCK_NONE;
	assert_int_equal(judge_at(TEST_NOW + 20), PT_REASON_LOGINS);
	assert_int_equal(admission.block, PT_BLOCK_NONE);
	assert_int_equal(
	    pt_window_used(&site.usage.refused_logins, 3600, TEST_NOW + 20), 1);
}

static void
test_slow_refused_logins_do_not_block(void **state)
{
	int i;

	(void)state;
	site.plan.logins_factor = (struct pt_limit){true, 4};
	attempt.protocol = PT_PROTOCOL_SMTP;
	for (i = 0; i < 100; i++) {
		(void)judge_at(TEST_NOW + (int64_t)i * 600);
		assert_int_equal(admission.block, PT_BLOCK_NONE);
	}
}

static void
make_observed(void)
{
	site.plan.observe = PT_OBSERVE_LOGINS_FACTOR;
}

static void
make_observe_mode(void)
{
	site.config.mode = PT_MODE_OBSERVE;
}

static void
make_unlimited(void)
{
	site.plan.logins_factor.on = false;
}

static void
make_endless(void)
{
	site.plan.logins_factor.value = UINT64_MAX;
}

static const struct {
	const char *name;
	void (*make)(void);
	enum pt_block_reason block;
	bool observed, carried;
} factors[] = {
    {"observed alone", make_observed, PT_BLOCK_CONNECTIONS, true, false},
    {"a login rule holds in observe mode", make_observe_mode,
	PT_BLOCK_CONNECTIONS, false, true},
    {"no factor", make_unlimited, PT_BLOCK_NONE, false, false},
    {"a factor beyond all numbers", make_endless, PT_BLOCK_NONE, false, false},
};

static void
test_logins_factor_can_be_observed_and_switched_off(void **state)
{
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(factors); i++) {
		(void)start(state);
		site.plan.logins_factor = (struct pt_limit){true, 4};
		factors[i].make();
		log_in(20);
		if (admission.block != factors[i].block ||
		    admission.observed != factors[i].observed ||
		    carry_out() != factors[i].carried)
			fail_msg("%s", factors[i].name);
	}
}

static void
test_plan_that_admits_no_login_blocks_nobody(void **state)
{
	(void)state;
	site.plan.logins = rules_windows(0, 60);
	site.plan.logins_factor = (struct pt_limit){true, 4};
	assert_int_equal(judge(), PT_REASON_LOGINS);
	assert_int_equal(admission.block, PT_BLOCK_NONE);
}

static void
test_who_is_blocked_meanwhile_is_not_blocked_again(void **state)
{
	(void)state;
	site.plan.logins_factor = (struct pt_limit){true, 4};
	log_in(12);
	site.account.block_reason = PT_BLOCK_QUOTA;
	assert_false(carry_out());
	assert_int_equal(site.activity.block.reason, PT_BLOCK_NONE);
}

static void
test_sessions_count_only_in_the_present_life_of_policyd(void **state)
{
	(void)state;
	make_sessions_full();
	attempt.protocol = PT_PROTOCOL_IMAP;
	assert_int_equal(judge(), PT_REASON_SESSIONS);
	assert_int_equal(admission.verdict.used, 2);
	assert_int_equal(admission.verdict.limit, 2);
	attempt.life = LIFE + 1;
	assert_int_equal(judge(), PT_REASON_NONE);
	attempt.life = 0;
	site.usage.sessions.life = 0;
	assert_int_equal(judge(), PT_REASON_NONE);
}

static void
test_pop3_login_is_told_when_the_next_check_is(void **state)
{
	(void)state;
	make_checked();
	assert_int_equal(judge(), PT_REASON_MAIL_CHECK);
	assert_int_equal(admission.verdict.until, TEST_NOW + 243);
	assert_int_equal(judge_at(TEST_NOW + 242), PT_REASON_MAIL_CHECK);
	assert_int_equal(judge_at(TEST_NOW + 243), PT_REASON_NONE);
	assert_int_equal(site.usage.pop3_checked_at, TEST_NOW + 243);
}

static void
test_imap_burst_is_one_check_where_logins_are_refused(void **state)
{
	(void)state;
	site.plan.logins.count = 0;
	site.plan.imap_check = PT_IMAP_CHECK_REFUSE;
	attempt.protocol = PT_PROTOCOL_IMAP;
	assert_int_equal(judge_at(TEST_NOW), PT_REASON_NONE);
	assert_int_equal(judge_at(TEST_NOW + 60), PT_REASON_NONE);
	assert_int_equal(judge_at(TEST_NOW + 61), PT_REASON_MAIL_CHECK);
	assert_int_equal(admission.verdict.until, TEST_NOW + 300);
	assert_int_equal(judge_at(TEST_NOW + 300), PT_REASON_NONE);
	/* Under hold nobody is refused for it. */
	site.plan.imap_check = PT_IMAP_CHECK_HOLD;
	assert_int_equal(judge_at(TEST_NOW + 400), PT_REASON_NONE);
}

static void
test_activation_is_told_and_passes(void **state)
{
	(void)state;
	make_fresh();
	assert_int_equal(judge(), PT_REASON_NOT_YET_ACTIVE);
	assert_int_equal(admission.verdict.until, TEST_NOW + 1);
	assert_int_equal(judge_at(TEST_NOW + 1), PT_REASON_NONE);
	site.plan.activation_delay.on = false;
	site.plan.mail_check.on = false;
	make_fresh();
	assert_int_equal(judge(), PT_REASON_NONE);
}

static void
test_network_of_the_app_password_admits_its_addresses(void **state)
{
	(void)state;
	make_elsewhere();
	attempt.address = pt_address_parse("198.51.100.9");
	assert_int_equal(judge(), PT_REASON_NONE);
	attempt.address = pt_address_parse("");
	assert_int_equal(judge_at(TEST_NOW + 300), PT_REASON_NETWORK);
}

/* A day ahead, then back: nobody waits longer than a window from now. */
static void
test_clock_set_back_locks_nobody_out(void **state)
{
	(void)state;
	assert_int_equal(judge_at(TEST_NOW + RULES_DAY), PT_REASON_NONE);
	assert_int_equal(judge(), PT_REASON_MAIL_CHECK);
	assert_true(admission.usage_changed);
	assert_int_equal(admission.verdict.until, TEST_NOW + 300);
	assert_int_equal(judge_at(TEST_NOW + 300), PT_REASON_NONE);
	site.account.access_at = TEST_NOW + RULES_DAY;
	assert_int_equal(judge_at(TEST_NOW + 600), PT_REASON_NONE);
}

#define AUTHENTICATE_TEST(fn) cmocka_unit_test_setup(fn, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    AUTHENTICATE_TEST(test_permitted_login_is_recorded),
	    AUTHENTICATE_TEST(test_login_window_tells_its_figures),
	    AUTHENTICATE_TEST(
		test_far_too_many_logins_block_with_their_figures),
	    AUTHENTICATE_TEST(
		test_who_comes_back_is_not_blocked_for_the_logins_of_before),
	    AUTHENTICATE_TEST(test_slow_refused_logins_do_not_block),
	    AUTHENTICATE_TEST(
		test_logins_factor_can_be_observed_and_switched_off),
	    AUTHENTICATE_TEST(test_plan_that_admits_no_login_blocks_nobody),
	    AUTHENTICATE_TEST(
		test_who_is_blocked_meanwhile_is_not_blocked_again),
	    AUTHENTICATE_TEST(
		test_sessions_count_only_in_the_present_life_of_policyd),
	    AUTHENTICATE_TEST(test_pop3_login_is_told_when_the_next_check_is),
	    AUTHENTICATE_TEST(
		test_imap_burst_is_one_check_where_logins_are_refused),
	    AUTHENTICATE_TEST(test_activation_is_told_and_passes),
	    AUTHENTICATE_TEST(
		test_network_of_the_app_password_admits_its_addresses),
	    AUTHENTICATE_TEST(test_clock_set_back_locks_nobody_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
