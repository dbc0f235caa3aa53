/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Which rule an event is put to, and what comes of it. */
#include "policyd/session_case.h"

#include "core/rules/external.h"
#include "tests/unit/support/testing.h"

static struct pt_account account;
static struct pt_activity activity;
static struct pt_usage usage;
static struct pt_config *config;

static void
configure(const char *mode, const char *plan)
{
	struct pt_err err;
	char text[300];

	pt_config_free(config);
	(void)snprintf(text, sizeof(text),
	    "mode = %s\ndefault_domain = \"example.com\"\nplan free { %s }\n",
	    mode, plan);
	if (pt_config_parse("test.conf", text, &config, &err) != 0)
		fail_msg("%s", err.text);
}

static int
set_up(void **state)
{
	static const unsigned char salt[PT_PASSWORD_SALT_BYTES] = {1};
	struct pt_login login = test_login("alice");
	struct pt_password_wish wish = {.label = ""};
	struct pt_external_actor actor = {
	    .who = "test", .note = "", .now = TEST_NOW - 1000};
	struct pt_trail trail;
	struct pt_err err;
	uint32_t id;

	(void)state;
	configure("enforce", "");
	pt_account_init(&account, &login);
	pt_activity_init(&activity, &login);
	pt_usage_init(&usage, &login);
	if (pt_external_enable(config, &account, 0, &wish,
		"abcdefghijklmnopqrstuvwx", salt, &actor, &id, &trail,
		&err) != 0)
		fail_msg("%s", err.text);
	account.exists = true;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	pt_config_free(config);
	config = NULL;
	return 0;
}

static struct pd_session_case
judge(struct pd_event event, uint32_t open)
{
	struct pd_session_case c;
	struct pt_records records = {
	    .account = &account, .activity = &activity, .usage = &usage};

	/* Nothing that is not written may be trusted. */
	memset(&c, 0xa5, sizeof(c));
	c.config = config;
	c.now = TEST_NOW;
	c.event = event;
	c.open = open;
	c.token = (struct pt_token){
	    .protocol = PT_PROTOCOL_IMAP, .password = 1, .nonce = 1};
	pd_session_case_update(&records, &c);
	assert_int_equal(records.usage_changed, c.changed);
	assert_false(records.account_changed);
	assert_false(records.activity_changed);
	return c;
}

static struct pd_event
of_kind(enum pd_event_kind kind)
{
	return (struct pd_event){.kind = kind, .uidvalidity = 1, .uidnext = 10};
}

static void
test_open_tells_whether_inbox_is_held(void **state)
{
	static const struct {
		const char *mode;
		const char *plan;
		bool holds;
		unsigned report;
	} rows[] = {
	    {"enforce", "", true, PD_REPORT_UNLIMITED_SECONDS},
	    {"enforce", "imap_check = off", false, PD_REPORT_UNLIMITED_SECONDS},
	    {"enforce", "imap_check = refuse", false,
		PD_REPORT_UNLIMITED_SECONDS},
	    {"enforce", "mail_check = unlimited", false,
		PD_REPORT_UNLIMITED_SECONDS},
	    {"observe", "", false, PD_REPORT_UNLIMITED_SECONDS},
	    {"enforce", "download = { \"1M/1d\" }", true,
		PD_REPORT_LIMITED_SECONDS},
	    {"enforce", "upload = { \"1M/1d\" }", true,
		PD_REPORT_LIMITED_SECONDS},
	};
	struct pd_session_case c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		configure(rows[i].mode, rows[i].plan);
		c = judge(of_kind(PD_EVENT_OPEN), 1);
		assert_false(pd_session_case_is_against(&c));
		assert_int_equal(c.holds, rows[i].holds);
		assert_int_equal(c.report, rows[i].report);
		assert_int_equal(
		    pd_session_case_holds(config, &account, &c.token, TEST_NOW),
		    rows[i].holds);
		assert_false(c.changed);
		assert_int_equal(c.until, 0);
	}
}

static void
test_limit_ends_it_or_is_only_noted_in_observe_mode(void **state)
{
	struct pd_session_case c;

	(void)state;
	configure("enforce", "sessions = 2");
	c = judge(of_kind(PD_EVENT_OPEN), 2);
	assert_false(pd_session_case_is_against(&c));
	c = judge(of_kind(PD_EVENT_OPEN), 3);
	assert_true(pd_session_case_is_against(&c));
	assert_int_equal(c.verdict.reason, PT_REASON_SESSIONS);
	/* One that only comes again is not counted again. */
	c = judge(of_kind(PD_EVENT_OPEN), 0);
	assert_false(pd_session_case_is_against(&c));
	configure("observe", "sessions = 2");
	c = judge(of_kind(PD_EVENT_OPEN), 3);
	assert_false(pd_session_case_is_against(&c));
	assert_int_equal(c.would.reason, PT_REASON_SESSIONS);
}

static void
test_check_opens_the_view_once(void **state)
{
	struct pd_event event = of_kind(PD_EVENT_CHECK);
	struct pd_session_case c = judge(event, 0);

	(void)state;
	assert_true(c.view.held);
	assert_true(c.moved);
	assert_true(c.changed);
	assert_int_equal(c.view.uidnext, 10);
	event.uidnext = 12;
	c = judge(event, 0);
	assert_true(c.view.held);
	assert_false(c.moved);
	assert_false(c.changed);
	assert_int_equal(c.view.uidnext, 10);
	event.kind = PD_EVENT_STORED;
	c = judge(event, 0);
	assert_true(c.moved);
	assert_int_equal(c.view.uidnext, 12);
}

static void
test_where_nothing_is_held_nothing_is_remembered(void **state)
{
	struct pd_session_case c;

	(void)state;
	configure("observe", "");
	c = judge(of_kind(PD_EVENT_CHECK), 0);
	assert_false(c.view.held);
	assert_false(c.moved);
	assert_false(c.changed);
	configure("enforce", "imap_check = off");
	c = judge(of_kind(PD_EVENT_STORED), 0);
	assert_false(c.view.held);
	assert_false(c.changed);
	assert_int_equal(usage.view.uidnext, 0);
}

static void
test_traffic_is_added_and_ends_it_when_used_up(void **state)
{
	struct pd_event event = of_kind(PD_EVENT_TRAFFIC);
	struct pd_session_case c;

	(void)state;
	configure("enforce", "download = { \"1000/1d\" }");
	c = judge(event, 0);
	assert_false(c.changed);
	event.bytes[PT_TRAFFIC_DOWN] = 600;
	c = judge(event, 0);
	assert_true(c.changed);
	assert_false(pd_session_case_is_against(&c));
	c = judge(event, 0);
	assert_int_equal(c.verdict.reason, PT_REASON_TRAFFIC);
	assert_true(usage.traffic_total[PT_TRAFFIC_DOWN] == 1200);
	/* Who comes back on the same day is not let in either. */
	c = judge(of_kind(PD_EVENT_OPEN), 1);
	assert_int_equal(c.verdict.reason, PT_REASON_TRAFFIC);
}

static void
test_ended_access_is_against_every_event_in_observe_mode_too(void **state)
{
	static const enum pd_event_kind kinds[] = {
	    PD_EVENT_OPEN, PD_EVENT_CHECK, PD_EVENT_STORED, PD_EVENT_TRAFFIC};
	struct pd_session_case c;
	size_t i;

	(void)state;
	configure("observe", "");
	account.access = PT_ACCESS_OFF;
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		c = judge(of_kind(kinds[i]), 1);
		assert_true(pd_session_case_is_against(&c));
		assert_int_equal(c.verdict.reason, PT_REASON_ACCESS_OFF);
		assert_false(c.changed);
	}
}

static void
test_pending_block_holds_already(void **state)
{
	struct pd_session_case c;

	(void)state;
	activity.block = (struct pt_pending_block){
	    .reason = PT_BLOCK_CRACKED, .at = TEST_NOW};
	c = judge(of_kind(PD_EVENT_CHECK), 0);
	assert_int_equal(c.verdict.reason, PT_REASON_BLOCKED);
	assert_int_equal(c.verdict.block, PT_BLOCK_CRACKED);
}

static void
test_stamps_of_a_clock_that_was_ahead_are_settled(void **state)
{
	struct pd_session_case c;

	(void)state;
	usage.view = (struct pt_view){
	    .checked_at = TEST_NOW + 86400, .uidvalidity = 1, .uidnext = 3};
	c = judge(of_kind(PD_EVENT_CHECK), 0);
	assert_true(c.changed);
	assert_true(c.view.due <= 300);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_open_tells_whether_inbox_is_held),
	    TEST(test_limit_ends_it_or_is_only_noted_in_observe_mode),
	    TEST(test_check_opens_the_view_once),
	    TEST(test_where_nothing_is_held_nothing_is_remembered),
	    TEST(test_traffic_is_added_and_ends_it_when_used_up),
	    TEST(test_ended_access_is_against_every_event_in_observe_mode_too),
	    TEST(test_pending_block_holds_already),
	    TEST(test_stamps_of_a_clock_that_was_ahead_are_settled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
