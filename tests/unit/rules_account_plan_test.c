/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Which plan holds, and when another one does. */

#include "core/rules/account_plan.h"

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

#define DELAY ((int64_t)2 * 86400)

static struct pt_config config;
static struct pt_plan plans[3];
static struct pt_account account;

static int
start(void **state)
{
	struct pt_login login = test_login("ann@example.com");

	(void)state;
	memset(&config, 0, sizeof(config));
	memset(&account, 0, sizeof(account));
	pt_account_init(&account, &login);
	pt_plan_defaults(&plans[0], "free");
	pt_plan_defaults(&plans[1], "gold");
	pt_plan_defaults(&plans[2], "silver");
	plans[0].protocols = PT_PROTOCOL_POP3;
	plans[1].protocols = PT_PROTOCOL_IMAP;
	plans[2].protocols = PT_PROTOCOL_SMTP;
	plans[1].plan_delay = (struct pt_limit){true, (uint64_t)DELAY};
	plans[2].plan_delay = (struct pt_limit){true, (uint64_t)DELAY};
	memcpy(config.default_plan, "free", 5);
	config.plans = plans;
	config.plan_count = PT_ARRAY_LEN(plans);
	return 0;
}

static void
set(const char *name, int64_t at)
{
	pt_account_plan_set(&config, &account, name, false, at);
}

static void
assert_plans(const char *plan, const char *next, int64_t next_at)
{
	assert_string_equal(account.plan, plan);
	assert_string_equal(account.next_plan, next);
	assert_int_equal(account.next_plan_at, next_at);
}

static const struct pt_plan *
plan_at(int64_t at)
{
	struct pt_plan room;

	return pt_account_plan(&config, &account, at, &room);
}

static void
test_plan_with_a_delay_holds_when_it_is_over(void **state)
{
	(void)state;
	set("gold", TEST_NOW);
	assert_plans("", "gold", TEST_NOW + DELAY);
	assert_ptr_equal(plan_at(TEST_NOW + DELAY - 1), &plans[0]);
	assert_ptr_equal(plan_at(TEST_NOW + DELAY), &plans[1]);
	assert_string_equal(
	    pt_account_plan_name(&account, TEST_NOW + DELAY), "gold");
	assert_false(pt_account_plan_settle(&account, TEST_NOW + DELAY - 1));
	assert_true(pt_account_plan_settle(&account, TEST_NOW + DELAY));
	assert_plans("gold", "", 0);
	assert_false(pt_account_plan_settle(&account, TEST_NOW + DELAY));
}

static void
test_plan_without_a_delay_holds_at_once(void **state)
{
	(void)state;
	set("gold", TEST_NOW);
	set("free", TEST_NOW + DELAY + 1);
	assert_plans("free", "", 0);
	(void)start(state);
	pt_account_plan_set(&config, &account, "gold", true, TEST_NOW);
	assert_plans("gold", "", 0);
}

static void
test_same_plan_again_does_not_start_the_delay_anew(void **state)
{
	(void)state;
	set("gold", TEST_NOW);
	set("gold", TEST_NOW + 60);
	assert_plans("", "gold", TEST_NOW + DELAY);
	set("silver", TEST_NOW + 60);
	assert_plans("", "silver", TEST_NOW + 60 + DELAY);
	pt_account_plan_set(&config, &account, "silver", true, TEST_NOW + 90);
	assert_plans("silver", "", 0);
}

/* It was set on a clock that was wrong, or the delay is shorter now. */
static void
test_same_plan_again_never_waits_longer_than_the_delay(void **state)
{
	(void)state;
	set("gold", TEST_NOW + 365 * DELAY);
	set("gold", TEST_NOW);
	assert_plans("", "gold", TEST_NOW + DELAY);
	plans[1].plan_delay.value = (uint64_t)(DELAY / 2);
	set("gold", TEST_NOW + 60);
	assert_plans("", "gold", TEST_NOW + 60 + DELAY / 2);
}

static void
test_plan_that_holds_takes_back_what_was_on_its_way(void **state)
{
	static const char *const presents[] = {"free", ""};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(presents); i++) {
		(void)start(state);
		set("gold", TEST_NOW);
		set(presents[i], TEST_NOW + 60);
		assert_plans(presents[i], "", 0);
	}
	/* One whose time has come holds, and need not be waited for again. */
	(void)start(state);
	set("gold", TEST_NOW);
	set("gold", TEST_NOW + DELAY);
	assert_plans("gold", "", 0);
}

static void
test_plan_on_its_way_tells_which_protocols_it_brings(void **state)
{
	(void)state;
	assert_int_equal(
	    pt_account_plan_from(&config, &account, PT_PROTOCOL_IMAP, TEST_NOW),
	    0);
	set("gold", TEST_NOW);
	assert_int_equal(
	    pt_account_plan_from(&config, &account, PT_PROTOCOL_IMAP, TEST_NOW),
	    TEST_NOW + DELAY);
	assert_int_equal(
	    pt_account_plan_from(&config, &account, PT_PROTOCOL_SMTP, TEST_NOW),
	    0);
	assert_int_equal(pt_account_plan_from(&config, &account,
			     PT_PROTOCOL_IMAP, TEST_NOW + DELAY),
	    0);
	assert_true(pt_words_add(&account.overrides, "protocols=pop3"));
	assert_int_equal(
	    pt_account_plan_from(&config, &account, PT_PROTOCOL_IMAP, TEST_NOW),
	    0);
}

#define PLAN_TEST(fn) cmocka_unit_test_setup(fn, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAN_TEST(test_plan_with_a_delay_holds_when_it_is_over),
	    PLAN_TEST(test_plan_without_a_delay_holds_at_once),
	    PLAN_TEST(test_same_plan_again_does_not_start_the_delay_anew),
	    PLAN_TEST(test_same_plan_again_never_waits_longer_than_the_delay),
	    PLAN_TEST(test_plan_that_holds_takes_back_what_was_on_its_way),
	    PLAN_TEST(test_plan_on_its_way_tells_which_protocols_it_brings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
