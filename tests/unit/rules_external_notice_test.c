/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the owner is told of a transition, and with which figures. */

#include "core/rules/external.h"
#include "core/rules/notice.h"

#include "tests/unit/rules_fixture.h"

static struct rules_site site;
static const struct pt_external_actor now = {"root", "", TEST_NOW};
static const struct pt_figures refusals = {PT_FIGURES_REFUSALS, 52, 50, 3600};
static const struct pt_notice *const notice = &site.trail.notice;

static int
start(void **state)
{
	(void)state;
	rules_start(&site);
	memcpy(site.config.notice.from, "postmaster@example.com", 23);
	return 0;
}

static void
enable(void)
{
	uint32_t id = 0;

	if (pt_external_enable(&site.config, &site.account, PT_PROTOCOL_IMAP,
		&rules_wish, RULES_SECRET, rules_salt, &now, &id, &site.trail,
		&site.err) != 0)
		fail_msg("%s", site.err.text);
	site.account.exists = true;
}

static bool
block(enum pt_block_reason reason, const struct pt_figures *figures)
{
	return pt_external_block(
	    &site.config, &site.account, reason, figures, &now, &site.trail);
}

static void
test_enabling_tells_what_was_made_and_from_when_it_works(void **state)
{
	(void)state;
	enable();
	assert_int_equal(notice->kind, PT_NOTICE_ENABLED);
	assert_int_equal(notice->at, TEST_NOW);
	assert_int_equal(notice->until, 0);
	assert_int_equal(notice->protocols, PT_PROTOCOL_IMAP);
	assert_int_equal(notice->password_id, 1);
	assert_string_equal(notice->label, "Phone");
	(void)start(state);
	site.plan.activation_delay = (struct pt_limit){true, 900};
	enable();
	assert_int_equal(notice->until, TEST_NOW + 900);
}

static void
test_further_app_password_is_told(void **state)
{
	const struct pt_password_wish wish = {.label = "Tablet"};
	uint32_t id = 0;

	(void)state;
	enable();
	assert_int_equal(
	    pt_external_add_password(&site.config, &site.account, &wish,
		RULES_OTHER, &now, &id, &site.trail, &site.err),
	    0);
	assert_int_equal(notice->kind, PT_NOTICE_PASSWORD_CREATED);
	assert_int_equal(notice->password_id, 2);
	assert_string_equal(notice->label, "Tablet");
	assert_int_equal(notice->protocols, PT_PROTOCOL_IMAP);
}

static void
test_every_block_is_told_with_its_figures(void **state)
{
	int reason;

	for (reason = PT_BLOCK_QUOTA; reason <= PT_BLOCK_ADMIN; reason++) {
		(void)start(state);
		enable();
		assert_true(block((enum pt_block_reason)reason, &refusals));
		assert_int_equal(notice->kind, PT_NOTICE_BLOCKED);
		assert_int_equal(notice->block, reason);
		assert_int_equal(notice->at, TEST_NOW);
		assert_int_equal(notice->figures.used, 52);
		assert_int_equal(site.account.block_figures.limit, 50);
	}
	(void)start(state);
	enable();
	assert_false(block(PT_BLOCK_NONE, NULL));
	assert_int_equal(site.account.access, PT_ACCESS_ON);
}

static void
test_figures_stand_in_the_history_and_go_with_the_block(void **state)
{
	(void)state;
	enable();
	assert_true(block(PT_BLOCK_QUOTA, &refusals));
	assert_string_equal(site.trail.note.detail,
	    "reason=quota refusals=52 limit=50/1h app-passwords-ended=1");
	enable();
	assert_int_equal(site.account.block_figures.unit, PT_FIGURES_NONE);
	assert_true(block(PT_BLOCK_QUOTA, &refusals));
	assert_true(block(PT_BLOCK_ADMIN, NULL));
	assert_int_equal(site.account.block_figures.unit, PT_FIGURES_NONE);
	assert_int_equal(notice->figures.unit, PT_FIGURES_NONE);
	assert_true(pt_external_unblock(&site.account, &now, &site.trail));
	assert_int_equal(notice->kind, PT_NOTICE_NONE);
}

static void
test_changed_main_password_is_told_if_it_ended_any(void **state)
{
	(void)state;
	site.plan.password_change_ends = true;
	pt_external_password_changed(
	    &site.config, &site.account, &now, &site.trail);
	assert_int_equal(notice->kind, PT_NOTICE_NONE);
	enable();
	pt_external_password_changed(
	    &site.config, &site.account, &now, &site.trail);
	assert_int_equal(notice->kind, PT_NOTICE_PASSWORDS_ENDED);
	assert_int_equal(notice->at, TEST_NOW);
	site.plan.password_change_ends = false;
	pt_external_password_changed(
	    &site.config, &site.account, &now, &site.trail);
	assert_int_equal(notice->kind, PT_NOTICE_NONE);
}

static void
test_what_the_owner_did_is_not_told(void **state)
{
	(void)state;
	enable();
	assert_int_equal(
	    pt_external_revoke(&site.account, 1, &now, &site.trail, &site.err),
	    0);
	assert_int_equal(notice->kind, PT_NOTICE_NONE);
	assert_true(pt_external_disable(&site.account, &now, &site.trail));
	assert_int_equal(notice->kind, PT_NOTICE_NONE);
}

static bool
carry_over(void)
{
	return pt_external_carry_over(
	    &site.config, &site.account, &site.activity, TEST_NOW, &site.trail);
}

static void
mark_notice(int64_t at)
{
	const struct pt_notice soon = {
	    .kind = PT_NOTICE_LIMIT_SOON,
	    .at = at,
	    .until = at + 5,
	    .figures = {PT_FIGURES_MESSAGES, 80, 100, RULES_DAY},
	};

	pt_notice_mark(&site.activity, &soon);
}

static void
test_pending_block_is_carried_over_with_its_figures(void **state)
{
	(void)state;
	enable();
	assert_true(pt_external_mark_block(&site.account, &site.activity,
	    PT_BLOCK_QUOTA, &refusals, TEST_NOW - 3));
	assert_true(carry_over());
	assert_int_equal(site.account.block.at, TEST_NOW - 3);
	assert_int_equal(notice->kind, PT_NOTICE_BLOCKED);
	assert_int_equal(notice->at, TEST_NOW - 3);
	assert_int_equal(notice->figures.used, 52);
}

static void
test_pending_notice_is_carried_over_once(void **state)
{
	struct pt_activity marked;

	(void)state;
	enable();
	mark_notice(TEST_NOW - 3);
	marked = site.activity;
	assert_true(carry_over());
	assert_int_equal(site.activity.notice.kind, PT_NOTICE_NONE);
	assert_int_equal(notice->kind, PT_NOTICE_LIMIT_SOON);
	assert_int_equal(notice->at, TEST_NOW - 3);
	assert_int_equal(notice->until, TEST_NOW + 2);
	assert_int_equal(notice->figures.used, 80);
	assert_string_equal(site.trail.note.what, "");
	/* Whoever did that died before the mark was gone. */
	site.activity = marked;
	assert_false(carry_over());
	assert_int_equal(notice->kind, PT_NOTICE_NONE);
	assert_int_equal(site.activity.notice.kind, PT_NOTICE_NONE);
	/* The same again, later, is another one. */
	mark_notice(TEST_NOW);
	assert_true(carry_over());
}

static void
test_block_that_was_carried_over_does_not_come_back(void **state)
{
	struct pt_activity marked;

	(void)state;
	enable();
	assert_true(pt_external_mark_block(
	    &site.account, &site.activity, PT_BLOCK_QUOTA, NULL, TEST_NOW - 3));
	mark_notice(TEST_NOW - 3);
	marked = site.activity;
	assert_true(carry_over());
	assert_int_equal(notice->kind, PT_NOTICE_BLOCKED);
	enable();
	site.activity = marked;
	assert_false(carry_over());
	assert_int_equal(site.account.access, PT_ACCESS_ON);
	assert_int_equal(notice->kind, PT_NOTICE_NONE);
}

static void
test_pending_notice_of_who_has_no_record_makes_one(void **state)
{
	(void)state;
	mark_notice(TEST_NOW - 3);
	assert_true(carry_over());
	assert_int_equal(site.account.created_at, TEST_NOW - 3);
	assert_int_equal(site.account.access, PT_ACCESS_NEVER);
}

static void
test_pending_notice_is_dropped_while_notices_are_off(void **state)
{
	(void)state;
	site.config.notice.from[0] = '\0';
	mark_notice(TEST_NOW - 3);
	assert_false(carry_over());
	assert_int_equal(site.activity.notice.kind, PT_NOTICE_NONE);
	assert_int_equal(site.account.created_at, 0);
}

static void
test_main_password_of_before_does_not_end_a_later_block(void **state)
{
	uint32_t id = 0;

	(void)state;
	enable();
	/* In the same second, and with a clock that is set back now. */
	site.account.main_password_at = TEST_NOW + RULES_DAY;
	assert_true(block(PT_BLOCK_CRACKED, NULL));
	assert_int_equal(
	    pt_external_enable(&site.config, &site.account, 0, &rules_wish,
		RULES_OTHER, rules_salt, &now, &id, &site.trail, &site.err),
	    -1);
	assert_non_null(strstr(site.err.text, "main password"));
	pt_external_password_changed(
	    &site.config, &site.account, &now, &site.trail);
	enable();
}

#define NOTICE_TEST(fn) cmocka_unit_test_setup(fn, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    NOTICE_TEST(
		test_enabling_tells_what_was_made_and_from_when_it_works),
	    NOTICE_TEST(test_further_app_password_is_told),
	    NOTICE_TEST(test_every_block_is_told_with_its_figures),
	    NOTICE_TEST(
		test_figures_stand_in_the_history_and_go_with_the_block),
	    NOTICE_TEST(test_changed_main_password_is_told_if_it_ended_any),
	    NOTICE_TEST(test_what_the_owner_did_is_not_told),
	    NOTICE_TEST(test_pending_block_is_carried_over_with_its_figures),
	    NOTICE_TEST(test_pending_notice_is_carried_over_once),
	    NOTICE_TEST(test_block_that_was_carried_over_does_not_come_back),
	    NOTICE_TEST(test_pending_notice_of_who_has_no_record_makes_one),
	    NOTICE_TEST(test_pending_notice_is_dropped_while_notices_are_off),
	    NOTICE_TEST(
		test_main_password_of_before_does_not_end_a_later_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
