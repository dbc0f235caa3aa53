/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* A block that is decided where no disk may be waited for. */

#include "core/rules/external.h"

#include "tests/unit/rules_fixture.h"

static struct rules_site site;

static int
start(void **state)
{
	uint32_t id;
	const struct pt_external_actor actor = {
	    .who = "test", .note = "", .now = TEST_NOW - RULES_DAY};

	(void)state;
	rules_start(&site);
	site.account.exists = true;
	return pt_external_enable(&site.config, &site.account, 0, &rules_wish,
	    RULES_SECRET, rules_salt, &actor, &id, &site.trail, &site.err);
}

static bool
carry_over(enum pt_block_reason reason, int64_t at)
{
	bool changed;

	site.activity.block = (struct pt_pending_block){
	    .reason = (unsigned char)reason, .at = at};
	site.trail = (struct pt_trail){.note.at = 0};
	changed = pt_external_carry_over(
	    &site.config, &site.account, &site.activity, TEST_NOW, &site.trail);
	assert_int_equal(site.activity.block.reason, PT_BLOCK_NONE);
	assert_true(site.activity.block.at == 0);
	if (!changed)
		assert_string_equal(site.trail.note.what, "");
	return changed;
}

static void
test_block_holds_from_when_it_was_decided(void **state)
{
	(void)state;
	assert_true(carry_over(PT_BLOCK_CRACKED, TEST_NOW - 7));
	assert_int_equal(site.account.block_reason, PT_BLOCK_CRACKED);
	assert_true(site.account.block.at == TEST_NOW - 7);
	assert_int_equal(site.account.access, PT_ACCESS_OFF);
	assert_int_equal(site.account.passwords[0].ending, PT_ENDING_BLOCKED);
	assert_true(site.trail.note.at == TEST_NOW - 7);
	assert_string_equal(site.trail.note.who, "postern");
	assert_string_equal(site.trail.note.what, "block");
	assert_string_equal(
	    site.trail.note.detail, "reason=cracked app-passwords-ended=1");
}

static void
test_decision_of_a_clock_that_was_ahead_is_one_of_now(void **state)
{
	(void)state;
	assert_true(carry_over(PT_BLOCK_CRACKED, TEST_NOW + RULES_DAY));
	assert_true(site.account.block.at == TEST_NOW);
	assert_true(site.trail.note.at == TEST_NOW);
}

static void
test_nothing_pending_changes_nothing(void **state)
{
	(void)state;
	assert_false(carry_over(PT_BLOCK_NONE, 0));
	assert_int_equal(site.account.access, PT_ACCESS_ON);
}

static void
test_what_the_postmaster_decided_stands(void **state)
{
	(void)state;
	assert_true(carry_over(PT_BLOCK_ADMIN, TEST_NOW - 9));
	assert_false(carry_over(PT_BLOCK_CRACKED, TEST_NOW));
	assert_int_equal(site.account.block_reason, PT_BLOCK_ADMIN);
}

static void
test_account_that_is_gone_stays_gone(void **state)
{
	(void)state;
	site.account.exists = false;
	assert_false(carry_over(PT_BLOCK_CONNECTIONS, TEST_NOW));
	assert_int_equal(site.account.block_reason, PT_BLOCK_NONE);
}

static void
test_who_never_switched_access_on_can_be_cracked_too(void **state)
{
	(void)state;
	pt_account_init(&site.account, &site.account.login);
	assert_true(carry_over(PT_BLOCK_CRACKED, TEST_NOW));
	assert_int_equal(site.account.block_reason, PT_BLOCK_CRACKED);
}

static void
test_block_is_marked_where_it_would_not_give_way(void **state)
{
	static const struct {
		enum pt_block_reason account, pending, reason;
		bool marks;
	} cases[] = {
	    {PT_BLOCK_NONE, PT_BLOCK_NONE, PT_BLOCK_CRACKED, true},
	    {PT_BLOCK_QUOTA, PT_BLOCK_NONE, PT_BLOCK_CRACKED, true},
	    {PT_BLOCK_CRACKED, PT_BLOCK_NONE, PT_BLOCK_CRACKED, false},
	    {PT_BLOCK_ADMIN, PT_BLOCK_NONE, PT_BLOCK_CRACKED, false},
	    {PT_BLOCK_NONE, PT_BLOCK_CONNECTIONS, PT_BLOCK_CRACKED, true},
	    {PT_BLOCK_NONE, PT_BLOCK_CRACKED, PT_BLOCK_CRACKED, false},
	    {PT_BLOCK_NONE, PT_BLOCK_CRACKED, PT_BLOCK_QUOTA, false},
	};
	struct pt_pending_block *pending = &site.activity.block;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		site.account.block_reason = cases[i].account;
		*pending = (struct pt_pending_block){
		    .reason = (unsigned char)cases[i].pending, .at = 1};
		if (pt_external_mark_block(&site.account, &site.activity,
			cases[i].reason, NULL, TEST_NOW) != cases[i].marks)
			fail_msg("case %u", (unsigned)i);
		assert_int_equal(pending->reason,
		    cases[i].marks ? cases[i].reason : cases[i].pending);
		assert_true(pending->at == (cases[i].marks ? TEST_NOW : 1));
	}
	site.account.exists = false;
	*pending = (struct pt_pending_block){.reason = PT_BLOCK_NONE};
	site.account.block_reason = PT_BLOCK_NONE;
	assert_false(pt_external_mark_block(&site.account, &site.activity,
	    PT_BLOCK_CONNECTIONS, NULL, TEST_NOW));
	assert_true(pt_external_mark_block(
	    &site.account, &site.activity, PT_BLOCK_CRACKED, NULL, TEST_NOW));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
	    TEST(test_block_holds_from_when_it_was_decided),
	    TEST(test_decision_of_a_clock_that_was_ahead_is_one_of_now),
	    TEST(test_nothing_pending_changes_nothing),
	    TEST(test_what_the_postmaster_decided_stands),
	    TEST(test_account_that_is_gone_stays_gone),
	    TEST(test_who_never_switched_access_on_can_be_cracked_too),
	    TEST(test_block_is_marked_where_it_would_not_give_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
