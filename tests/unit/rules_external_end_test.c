/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What takes external access away, and what ends a block. */

#include "tests/unit/rules_external.h"

static void
test_cracked_account_comes_back_with_a_new_main_password(void **state)
{
	(void)state;
	make_on();
	make_cracked();
	pt_external_password_changed(
	    &site.config, &site.account, &now, &site.trail);
	assert_entry("password-changed", "app-passwords-ended=0");
	assert_int_equal(site.account.block_reason, PT_BLOCK_CRACKED);
	assert_int_equal(site.account.access, PT_ACCESS_OFF);
	assert_int_equal(enable(0), 0);
	assert_int_equal(site.account.block_reason, PT_BLOCK_NONE);
}

static void
test_password_changed_counts_even_if_the_clock_went_back(void **state)
{
	const struct pt_external_actor earlier = {"root", "", TEST_NOW - 3600};

	(void)state;
	make_cracked();
	pt_external_password_changed(
	    &site.config, &site.account, &earlier, &site.trail);
	assert_int_equal(enable(0), 0);
}

static void
test_password_changed_keeps_app_passwords_by_default(void **state)
{
	(void)state;
	make_on();
	pt_external_password_changed(
	    &site.config, &site.account, &now, &site.trail);
	assert_int_equal(site.account.passwords[0].ended_at, 0);
	assert_entry("password-changed", "app-passwords-ended=0");
}

static void
test_password_changed_ends_app_passwords_and_access_stays(void **state)
{
	(void)state;
	make_on();
	site.plan.password_change_ends = true;
	pt_external_password_changed(
	    &site.config, &site.account, &now, &site.trail);
	assert_int_equal(site.account.main_password_at, TEST_NOW);
	assert_int_equal(site.account.access, PT_ACCESS_ON);
	assert_int_equal(site.account.passwords[0].ending, PT_ENDING_CHANGED);
	assert_entry("password-changed", "app-passwords-ended=1");
}

static void
test_password_changed_makes_a_record_where_there_is_none(void **state)
{
	(void)state;
	pt_external_password_changed(
	    &site.config, &site.account, &now, &site.trail);
	assert_int_equal(site.account.created_at, TEST_NOW);
	assert_int_equal(site.account.access, PT_ACCESS_NEVER);
}

static void
test_disable_ends_every_app_password(void **state)
{
	const struct pt_external_actor actor = {
	    "ann", "by \"ann\"\n", TEST_NOW};

	(void)state;
	assert_false(pt_external_disable(&site.account, &now, &site.trail));
	make_on();
	assert_true(pt_external_disable(&site.account, &actor, &site.trail));
	assert_int_equal(site.account.access, PT_ACCESS_OFF);
	assert_int_equal(site.account.access_at, TEST_NOW);
	assert_int_equal(pt_password_count_living(&site.account), 0);
	assert_int_equal(site.account.passwords[0].ending, PT_ENDING_DISABLED);
	assert_int_equal(site.account.passwords[0].ended_at, TEST_NOW);
	assert_string_equal(site.trail.note.detail,
	    "app-passwords-ended=1 note=\"by \\x22ann\\x22\\x0A\"");
	assert_false(pt_external_disable(&site.account, &now, &site.trail));
}

static void
test_block_ends_app_passwords_with_its_reason(void **state)
{
	const struct pt_external_actor actor = {
	    "policyd", "62 refused", TEST_NOW};

	(void)state;
	make_on();
	assert_true(pt_external_block(&site.config, &site.account,
	    PT_BLOCK_QUOTA, NULL, &actor, &site.trail));
	assert_int_equal(site.account.block_reason, PT_BLOCK_QUOTA);
	assert_int_equal(site.account.block.at, TEST_NOW);
	assert_string_equal(site.account.block.note, "62 refused");
	assert_int_equal(site.account.access, PT_ACCESS_OFF);
	assert_int_equal(site.account.passwords[0].ending, PT_ENDING_BLOCKED);
	assert_int_equal(
	    site.account.passwords[0].ending_block, PT_BLOCK_QUOTA);
	assert_string_equal(site.trail.note.what, "block");
	assert_string_equal(site.trail.note.detail,
	    "reason=quota app-passwords-ended=1 note=\"62 refused\"");
	assert_false(pt_external_block(&site.config, &site.account,
	    PT_BLOCK_QUOTA, NULL, &actor, &site.trail));
}

static void
test_block_without_external_access_does_not_switch_it_off(void **state)
{
	(void)state;
	make_blocked(PT_BLOCK_QUOTA, "");
	assert_int_equal(site.account.access, PT_ACCESS_NEVER);
	assert_true(pt_external_unblock(&site.account, &now, &site.trail));
	assert_int_equal(site.account.access, PT_ACCESS_NEVER);
}

static void
test_harder_block_replaces_a_milder_one_only(void **state)
{
	static const enum pt_block_reason order[] = {PT_BLOCK_UNUSED,
	    PT_BLOCK_QUOTA, PT_BLOCK_CRACKED, PT_BLOCK_ADMIN, PT_BLOCK_ABUSE};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(order); i++) {
		assert_true(pt_external_block(&site.config, &site.account,
		    order[i], NULL, &now, &site.trail));
		assert_int_equal(site.account.block_reason, order[i]);
	}
	for (i = 0; i < 3; i++)
		assert_false(pt_external_block(&site.config, &site.account,
		    order[i], NULL, &now, &site.trail));
	assert_int_equal(site.account.block_reason, PT_BLOCK_ABUSE);
}

static void
test_long_note_of_a_block_is_cut_between_characters(void **state)
{
	char note[400];
	size_t i;

	(void)state;
	for (i = 0; i + 2 < sizeof(note); i += 2)
		memcpy(note + i, "\xc3\xbc", 2);
	note[i] = '\0';
	make_blocked(PT_BLOCK_ADMIN, note);
	assert_int_equal(strlen(site.account.block.note), PT_NOTE_MAX - 1);
	assert_true(strlen(site.trail.note.detail) <= PT_HISTORY_DETAIL_MAX);
}

static void
test_unblock_leaves_access_off(void **state)
{
	(void)state;
	assert_false(pt_external_unblock(&site.account, &now, &site.trail));
	make_on();
	make_admin();
	assert_true(pt_external_unblock(&site.account, &now, &site.trail));
	assert_entry("unblock", "reason=admin");
	assert_int_equal(site.account.block_reason, PT_BLOCK_NONE);
	assert_string_equal(site.account.block.note, "");
	assert_int_equal(site.account.access, PT_ACCESS_OFF);
	assert_int_equal(enable(0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    EXTERNAL_TEST(
		test_cracked_account_comes_back_with_a_new_main_password),
	    EXTERNAL_TEST(
		test_password_changed_counts_even_if_the_clock_went_back),
	    EXTERNAL_TEST(test_password_changed_keeps_app_passwords_by_default),
	    EXTERNAL_TEST(
		test_password_changed_ends_app_passwords_and_access_stays),
	    EXTERNAL_TEST(
		test_password_changed_makes_a_record_where_there_is_none),
	    EXTERNAL_TEST(test_disable_ends_every_app_password),
	    EXTERNAL_TEST(test_block_ends_app_passwords_with_its_reason),
	    EXTERNAL_TEST(
		test_block_without_external_access_does_not_switch_it_off),
	    EXTERNAL_TEST(test_harder_block_replaces_a_milder_one_only),
	    EXTERNAL_TEST(test_long_note_of_a_block_is_cut_between_characters),
	    EXTERNAL_TEST(test_unblock_leaves_access_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
