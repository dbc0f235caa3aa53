/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/session.h"

#include "tests/unit/rules_fixture.h"

static struct rules_site site;
static struct pt_token token;
static const struct pt_external_actor actor = {"root", "", TEST_NOW - 5};

static int
start(void **state)
{
	(void)state;
	rules_start(&site);
	token = (struct pt_token){
	    .protocol = PT_PROTOCOL_IMAP,
	    .password = rules_enable(&site),
	    .issued_at = TEST_NOW,
	};
	return 0;
}

static struct pt_verdict
judge(void)
{
	return pt_session_judge(
	    &site.config, &site.account, &site.activity, &token, TEST_NOW);
}

static void
make_nothing(void)
{
}

static void
make_inactive(void)
{
	site.account.status = PT_STATUS_INACTIVE;
}

static void
make_pending(void)
{
	site.activity.block.reason = PT_BLOCK_CONNECTIONS;
	site.activity.block.at = TEST_NOW - 5;
}

static void
make_blocked(void)
{
	assert_true(pt_external_block(&site.config, &site.account,
	    PT_BLOCK_QUOTA, NULL, &actor, &site.trail));
}

static void
make_disabled(void)
{
	assert_true(pt_external_disable(&site.account, &actor, &site.trail));
}

static void
make_deleted(void)
{
	struct pt_login login = site.account.login;

	pt_account_init(&site.account, &login);
}

static void
make_revoked(void)
{
	assert_int_equal(pt_external_revoke(
			     &site.account, 1, &actor, &site.trail, &site.err),
	    0);
}

static void
enable_again(void)
{
	uint32_t id;

	assert_int_equal(
	    pt_external_enable(&site.config, &site.account, 0, &rules_wish,
		RULES_OTHER, rules_salt, &actor, &id, &site.trail, &site.err),
	    0);
}

static void
make_disabled_and_enabled(void)
{
	make_disabled();
	enable_again();
}

static void
make_blocked_and_enabled(void)
{
	make_blocked();
	enable_again();
}

static void
make_unblocked(void)
{
	make_blocked();
	assert_true(pt_external_unblock(&site.account, &actor, &site.trail));
}

static void
make_changed(void)
{
	site.plan.password_change_ends = true;
	pt_external_password_changed(
	    &site.config, &site.account, &actor, &site.trail);
}

static void
make_forgotten(void)
{
	token.password = 99;
}

static void
make_expired(void)
{
	site.account.passwords[0].expires_at = TEST_NOW;
}

static void
make_unknown_plan(void)
{
	memcpy(site.account.plan, "gold", 5);
}

static void
make_plan_without(void)
{
	site.plan.protocols = PT_PROTOCOL_POP3;
}

static void
make_owner_without(void)
{
	site.account.protocols = PT_PROTOCOL_POP3;
}

static void
make_password_without(void)
{
	site.account.passwords[0].protocols = PT_PROTOCOL_POP3;
}

static const struct {
	const char *name;
	void (*make)(void);
	enum pt_reason_id reason;
	enum pt_ending ending;
	int64_t since;
} causes[] = {
    {"nothing", make_nothing, PT_REASON_NONE, PT_ENDING_NONE, 0},
    {"inactive", make_inactive, PT_REASON_INACTIVE, PT_ENDING_NONE, 0},
    {"pending", make_pending, PT_REASON_BLOCKED, PT_ENDING_NONE, TEST_NOW - 5},
    {"blocked", make_blocked, PT_REASON_BLOCKED, PT_ENDING_NONE, TEST_NOW - 5},
    {"disabled", make_disabled, PT_REASON_ACCESS_OFF, PT_ENDING_NONE,
	TEST_NOW - 5},
    {"deleted", make_deleted, PT_REASON_ACCESS_OFF, PT_ENDING_NONE, 0},
    {"revoked", make_revoked, PT_REASON_PASSWORD_REVOKED, PT_ENDING_REVOKED,
	TEST_NOW - 5},
    {"disabled and enabled", make_disabled_and_enabled,
	PT_REASON_PASSWORD_REVOKED, PT_ENDING_DISABLED, TEST_NOW - 5},
    {"blocked and enabled", make_blocked_and_enabled,
	PT_REASON_PASSWORD_REVOKED, PT_ENDING_BLOCKED, TEST_NOW - 5},
    {"unblocked", make_unblocked, PT_REASON_ACCESS_OFF, PT_ENDING_NONE,
	TEST_NOW - 5},
    {"changed", make_changed, PT_REASON_PASSWORD_CHANGED, PT_ENDING_NONE,
	TEST_NOW - 5},
    {"forgotten", make_forgotten, PT_REASON_PASSWORD_REVOKED, PT_ENDING_NONE,
	0},
    {"expired", make_expired, PT_REASON_PASSWORD_EXPIRED, PT_ENDING_NONE,
	TEST_NOW},
    {"unknown plan", make_unknown_plan, PT_REASON_NONE, PT_ENDING_NONE, 0},
    {"plan's protocols", make_plan_without, PT_REASON_PROTOCOL_PLAN,
	PT_ENDING_NONE, 0},
    {"owner's protocols", make_owner_without, PT_REASON_PROTOCOL_OFF,
	PT_ENDING_NONE, 0},
    {"password's protocols", make_password_without, PT_REASON_PROTOCOL_PASSWORD,
	PT_ENDING_NONE, 0},
};

static void
test_each_cause_ends_the_session_with_its_reason(void **state)
{
	struct pt_verdict verdict;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(causes); i++) {
		(void)start(state);
		causes[i].make();
		verdict = judge();
		if (verdict.reason != causes[i].reason)
			fail_msg("%s: %s", causes[i].name,
			    pt_reason_get(verdict.reason)->name);
		assert_int_equal(verdict.ending, causes[i].ending);
		assert_int_equal(verdict.since, causes[i].since);
		assert_int_equal(verdict.code,
		    causes[i].reason == PT_REASON_NONE ? PT_VERDICT_PERMIT
						       : PT_VERDICT_REFUSE);
	}
}

static void
test_revoking_one_app_password_spares_the_others(void **state)
{
	uint32_t id;

	(void)state;
	assert_int_equal(
	    pt_external_add_password(&site.config, &site.account, &rules_wish,
		RULES_OTHER, &actor, &id, &site.trail, &site.err),
	    0);
	make_revoked();
	assert_int_equal(judge().code, PT_VERDICT_REFUSE);
	token.password = id;
	assert_int_equal(judge().code, PT_VERDICT_PERMIT);
}

static int64_t
until(void)
{
	return pt_session_until(&site.account, &token, TEST_NOW);
}

static void
test_limits_of_logins_do_not_end_a_session(void **state)
{
	(void)state;
	site.config.require_tls = true;
	site.plan.activation_delay = (struct pt_limit){true, 10 * 86400};
	site.plan.logins = rules_windows(0, 60);
	site.plan.mail_check = (struct pt_limit){true, 300};
	assert_int_equal(judge().code, PT_VERDICT_PERMIT);
}

static void
test_expiry_says_when_to_look_again(void **state)
{
	(void)state;
	assert_int_equal(until(), 0);
	/* A plan on its way, when it holds, if that is sooner. */
	memcpy(site.account.next_plan, "gold", 5);
	site.account.next_plan_at = TEST_NOW + 9;
	assert_int_equal(until(), TEST_NOW + 9);
	site.account.passwords[0].expires_at = TEST_NOW + 5;
	assert_int_equal(until(), TEST_NOW + 5);
	site.account.next_plan_at = TEST_NOW;
	token.password = 99;
	assert_int_equal(until(), 0);
}

static void
test_session_count_includes_the_new_one(void **state)
{
	struct pt_verdict verdict;

	(void)state;
	assert_int_equal(
	    pt_session_count(&site.plan, UINT32_MAX).code, PT_VERDICT_PERMIT);
	site.plan.sessions = (struct pt_limit){true, 15};
	assert_int_equal(
	    pt_session_count(&site.plan, 15).code, PT_VERDICT_PERMIT);
	verdict = pt_session_count(&site.plan, 16);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.reason, PT_REASON_SESSIONS);
	assert_int_equal(verdict.used, 16);
	assert_int_equal(verdict.limit, 15);
}

static struct pt_verdict
transfer(uint64_t down, uint64_t up, int64_t now)
{
	const uint64_t bytes[PT_TRAFFICS] = {down, up};

	return pt_traffic_add(&site.plan, &site.usage, bytes, now);
}

static void
test_traffic_is_over_when_a_window_is_full(void **state)
{
	struct pt_verdict verdict;

	(void)state;
	site.plan.download = rules_windows(1000, RULES_DAY);
	site.plan.upload = rules_windows(500, RULES_DAY);
	assert_int_equal(transfer(999, 499, TEST_NOW).code, PT_VERDICT_PERMIT);
	verdict = transfer(5000, 0, TEST_NOW + 60);
	assert_int_equal(verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.reason, PT_REASON_TRAFFIC);
	assert_int_equal(verdict.traffic, PT_TRAFFIC_DOWN);
	assert_int_equal(verdict.used, 5999);
	assert_int_equal(verdict.limit, 1000);
	assert_int_equal(verdict.seconds, RULES_DAY);
	assert_int_equal(verdict.until, TEST_NOW + 60 + RULES_DAY + 1);
	/* A look changes nothing. */
	verdict = pt_traffic_judge(&site.plan, &site.usage, TEST_NOW + 61);
	assert_int_equal(verdict.used, 5999);
	verdict = pt_traffic_judge(
	    &site.plan, &site.usage, TEST_NOW + 60 + RULES_DAY + 1);
	assert_int_equal(verdict.code, PT_VERDICT_PERMIT);
	verdict = transfer(0, 1, TEST_NOW + 2 * RULES_DAY);
	assert_int_equal(verdict.code, PT_VERDICT_PERMIT);
	verdict = transfer(0, 499, TEST_NOW + 2 * RULES_DAY);
	assert_int_equal(verdict.reason, PT_REASON_TRAFFIC);
	assert_int_equal(verdict.traffic, PT_TRAFFIC_UP);
	verdict = transfer(1000, 0, TEST_NOW + 2 * RULES_DAY);
	assert_int_equal(verdict.traffic, PT_TRAFFIC_DOWN);
	assert_int_equal(site.usage.traffic_total[PT_TRAFFIC_DOWN], 6999);
	assert_int_equal(site.usage.traffic_total[PT_TRAFFIC_UP], 999);
}

static void
test_traffic_without_limit_is_only_added_up(void **state)
{
	(void)state;
	assert_int_equal(
	    transfer(UINT64_MAX, 7, TEST_NOW).code, PT_VERDICT_PERMIT);
	assert_int_equal(transfer(9, 7, TEST_NOW).code, PT_VERDICT_PERMIT);
	assert_true(site.usage.traffic_total[PT_TRAFFIC_DOWN] == UINT64_MAX);
	assert_int_equal(site.usage.traffic_total[PT_TRAFFIC_UP], 14);
	assert_int_equal(site.usage.traffic[PT_TRAFFIC_DOWN].count, 0);
}

static void
test_traffic_of_the_future_counts_as_of_now(void **state)
{
	struct pt_verdict verdict;

	(void)state;
	site.plan.download = rules_windows(1000, 60);
	(void)transfer(1000, 0, TEST_NOW + RULES_DAY);
	verdict = transfer(1, 0, TEST_NOW);
	assert_int_equal(verdict.until, TEST_NOW + 61);
}

#define SESSION_TEST(fn) cmocka_unit_test_setup(fn, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SESSION_TEST(test_each_cause_ends_the_session_with_its_reason),
	    SESSION_TEST(test_revoking_one_app_password_spares_the_others),
	    SESSION_TEST(test_limits_of_logins_do_not_end_a_session),
	    SESSION_TEST(test_expiry_says_when_to_look_again),
	    SESSION_TEST(test_session_count_includes_the_new_one),
	    SESSION_TEST(test_traffic_is_over_when_a_window_is_full),
	    SESSION_TEST(test_traffic_without_limit_is_only_added_up),
	    SESSION_TEST(test_traffic_of_the_future_counts_as_of_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
