/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What time does to an account.  Access was switched on at day 0. */

#include "core/rules/window.h"
#include "tests/unit/rules_idle.h"

static int64_t
until(int day)
{
	struct pt_idle_facts facts = facts_at(DAY_0 + day * RULES_DAY);

	return pt_idle_until(
	    &facts, &site.account, &site.activity, &site.usage);
}

static void
test_unused_access_ends_a_week_after_the_owner_was_told(void **state)
{
	const struct pt_notice *notice = &site.trail.notice;

	(void)state;
	assert_int_equal(judge(52), 0);
	assert_int_equal(until(52), DAY_0 + 60 * RULES_DAY);
	assert_int_equal(judge(53), PT_IDLE_TOLD);
	assert_int_equal(notice->kind, PT_NOTICE_UNUSED_SOON);
	assert_int_equal(notice->at, DAY_0 + 53 * RULES_DAY);
	assert_int_equal(notice->until, DAY_0 + 60 * RULES_DAY);
	assert_int_equal(notice->figures.seconds, 60 * RULES_DAY);
	assert_string_equal(site.trail.note.what, "");
	assert_int_equal(judge(59), 0);
	assert_int_equal(notice->kind, PT_NOTICE_NONE);
	assert_int_equal(judge(60), PT_IDLE_BLOCKED);
	assert_int_equal(site.account.block_reason, PT_BLOCK_UNUSED);
	assert_int_equal(pt_password_count_living(&site.account), 0);
	assert_int_equal(notice->kind, PT_NOTICE_BLOCKED);
	assert_int_equal(notice->block, PT_BLOCK_UNUSED);
	assert_string_equal(site.trail.note.who, "postern");
	assert_string_equal(site.trail.note.detail,
	    "reason=unused period=60d app-passwords-ended=1");
	assert_int_equal(judge(61), 0);
	assert_int_equal(until(61), 0);
}

static void
test_use_makes_it_begin_anew(void **state)
{
	(void)state;
	assert_int_equal(judge(53), PT_IDLE_TOLD);
	site.usage.last_login_at = DAY_0 + 54 * RULES_DAY;
	assert_int_equal(judge(61), 0);
	assert_int_equal(until(61), DAY_0 + 114 * RULES_DAY);
	assert_int_equal(judge(107), PT_IDLE_TOLD);
	assert_int_equal(judge(114), PT_IDLE_BLOCKED);
}

/* Nobody can use it while it waits for activation_delay. */
static void
test_access_is_not_unused_before_it_can_be_used(void **state)
{
	(void)state;
	site.config.notice.from[0] = '\0';
	site.plan.unused_after = (struct pt_limit){true, RULES_DAY};
	site.plan.activation_delay = (struct pt_limit){true, 3 * RULES_DAY};
	assert_int_equal(judge(3), 0);
	assert_int_equal(judge_at(DAY_0 + 4 * RULES_DAY - 1), 0);
	assert_int_equal(until(3), DAY_0 + 4 * RULES_DAY);
	assert_int_equal(judge(4), PT_IDLE_BLOCKED);
}

static void
make_login(int64_t at)
{
	site.usage.last_login_at = at;
}

static void
make_pop3(int64_t at)
{
	site.usage.pop3_checked_at = at;
}

static void
make_imap(int64_t at)
{
	site.usage.view.checked_at = at;
}

static void
make_traffic(int64_t at)
{
	struct pt_windows windows = rules_windows(1, RULES_DAY);

	pt_window_add(&site.usage.traffic[PT_TRAFFIC_DOWN], &windows, 10, at);
}

static void
make_begun(int64_t at)
{
	begun = at;
}

static void
make_enabled(int64_t at)
{
	site.account.access_at = at;
}

/* What webmail sends is no use of external access. */
static void
make_sent(int64_t at)
{
	site.activity.last_sent_at = at;
}

static const struct {
	const char *name;
	void (*make)(int64_t at);
	bool counts;
} uses[] = {
    {"login", make_login, true},
    {"POP3 check", make_pop3, true},
    {"IMAP check", make_imap, true},
    {"traffic", make_traffic, true},
    {"the state began", make_begun, true},
    {"switched on", make_enabled, true},
    {"message", make_sent, false},
};

static void
test_only_what_could_be_use_counts(void **state)
{
	int64_t used = DAY_0 + 30 * RULES_DAY;
	struct pt_idle_facts facts;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(uses); i++) {
		(void)start(state);
		uses[i].make(used);
		facts = facts_at(DAY_0 + 40 * RULES_DAY);
		if ((pt_idle_since(&facts, &site.plan, &site.account,
			 &site.usage) == used) != uses[i].counts ||
		    (judge(53) == 0) != uses[i].counts)
			fail_msg("%s", uses[i].name);
	}
}

/* For whoever stays logged in for months, day and night. */
static void
test_open_session_is_use_as_long_as_policyd_knows_of_it(void **state)
{
	static const struct {
		const char *name;
		struct pt_open_sessions sessions;
		bool counts;
	} cases[] = {
	    {"open", {LIFE, 1}, true},
	    {"closed", {LIFE, 0}, false},
	    {"of a policyd that is gone", {LIFE - 1, 1}, false},
	};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)start(state);
		site.usage.sessions = cases[i].sessions;
		if ((judge(90) == 0) != cases[i].counts ||
		    (until(90) == DAY_0 + 150 * RULES_DAY) != cases[i].counts)
			fail_msg("%s", cases[i].name);
	}
}

/* Nobody counts: a number that nobody has is in no record. */
static void
test_no_session_is_open_while_policyd_is_down(void **state)
{
	struct pt_idle_facts facts = facts_at(DAY_0 + 90 * RULES_DAY);

	(void)state;
	facts.life = 0;
	site.usage.sessions = (struct pt_open_sessions){0, 1};
	assert_int_equal(
	    pt_idle_since(&facts, &site.plan, &site.account, &site.usage),
	    DAY_0);
}

static void
test_late_sweep_tells_first_and_waits_a_week(void **state)
{
	(void)state;
	assert_int_equal(judge(90), PT_IDLE_TOLD);
	assert_int_equal(site.trail.notice.until, DAY_0 + 97 * RULES_DAY);
	assert_int_equal(until(90), DAY_0 + 97 * RULES_DAY);
	assert_int_equal(judge(96), 0);
	assert_int_equal(judge(97), PT_IDLE_BLOCKED);
}

static void
test_short_period_is_told_at_half_time(void **state)
{
	(void)state;
	site.plan.unused_after.value = 10 * (uint64_t)RULES_DAY;
	assert_int_equal(judge(4), 0);
	assert_int_equal(judge(5), PT_IDLE_TOLD);
	assert_int_equal(judge(9), 0);
	assert_int_equal(judge(10), PT_IDLE_BLOCKED);
}

static void
test_without_notices_access_ends_untold(void **state)
{
	(void)state;
	site.config.notice.from[0] = '\0';
	assert_int_equal(judge(59), 0);
	assert_int_equal(judge(60), PT_IDLE_BLOCKED);
	assert_int_equal(site.trail.notice.kind, PT_NOTICE_NONE);
}

static void
test_owner_who_had_too_many_notices_is_told_later(void **state)
{
	(void)state;
	site.config.notice.max = rules_windows(1, 2 * RULES_DAY);
	site.account.notices =
	    (struct pt_notice_count){DAY_0 + 53 * RULES_DAY, 1};
	assert_int_equal(judge(54), 0);
	assert_int_equal(site.account.unused_told_at, 0);
	assert_int_equal(judge(61), PT_IDLE_TOLD);
	assert_int_equal(judge(67), 0);
	assert_int_equal(judge(68), PT_IDLE_BLOCKED);
}

static void
make_pending(struct rules_site *at)
{
	at->activity.block.reason = PT_BLOCK_CRACKED;
}

static void
make_unlimited(struct rules_site *at)
{
	at->plan.unused_after.on = false;
}

static void
test_nothing_ends_where_there_is_nothing_to_end(void **state)
{
	static void (*const makes[])(struct rules_site *) = {rules_make_off,
	    rules_make_never, rules_make_blocked, make_pending, make_unlimited,
	    rules_make_unknown_plan};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(makes); i++) {
		(void)start(state);
		makes[i](&site);
		assert_int_equal(until(60), 0);
		assert_int_equal(judge(1000), 0);
	}
}

static void
make_observe_mode(struct rules_site *at)
{
	at->config.mode = PT_MODE_OBSERVE;
}

static void
make_observed(struct rules_site *at)
{
	at->plan.observe = PT_OBSERVE_UNUSED_AFTER;
}

static void
test_what_is_only_observed_is_not_told_either(void **state)
{
	static void (*const makes[])(struct rules_site *) = {
	    make_observe_mode, make_observed};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(makes); i++) {
		(void)start(state);
		makes[i](&site);
		assert_int_equal(judge(59), 0);
		assert_int_equal(judge(60), PT_IDLE_WOULD);
		assert_int_equal(site.account.access, PT_ACCESS_ON);
		assert_int_equal(site.account.unused_told_at, 0);
		assert_int_equal(site.trail.notice.kind, PT_NOTICE_NONE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IDLE_TEST(test_unused_access_ends_a_week_after_the_owner_was_told),
	    IDLE_TEST(test_use_makes_it_begin_anew),
	    IDLE_TEST(test_access_is_not_unused_before_it_can_be_used),
	    IDLE_TEST(test_only_what_could_be_use_counts),
	    IDLE_TEST(test_open_session_is_use_as_long_as_policyd_knows_of_it),
	    IDLE_TEST(test_no_session_is_open_while_policyd_is_down),
	    IDLE_TEST(test_late_sweep_tells_first_and_waits_a_week),
	    IDLE_TEST(test_short_period_is_told_at_half_time),
	    IDLE_TEST(test_without_notices_access_ends_untold),
	    IDLE_TEST(test_owner_who_had_too_many_notices_is_told_later),
	    IDLE_TEST(test_nothing_ends_where_there_is_nothing_to_end),
	    IDLE_TEST(test_what_is_only_observed_is_not_told_either),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
