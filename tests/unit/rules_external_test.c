/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/rules_external.h"

static void
test_enable_switches_on_and_yields_an_app_password(void **state)
{
	const struct pt_password *password;

	(void)state;
	site.plan.protocols = PT_PROTOCOL_IMAP | PT_PROTOCOL_SMTP;
	assert_int_equal(enable(0), 0);
	assert_int_equal(site.account.access, PT_ACCESS_ON);
	assert_int_equal(site.account.access_at, TEST_NOW);
	assert_int_equal(site.account.created_at, TEST_NOW);
	assert_int_equal(site.account.protocols, site.plan.protocols);
	assert_memory_equal(
	    site.account.salt, rules_salt, PT_PASSWORD_SALT_BYTES);
	password =
	    pt_password_find(&site.account, RULES_SECRET, strlen(RULES_SECRET));
	assert_non_null(password);
	assert_int_equal(password->protocols, site.plan.protocols);
	assert_entry("enable", "protocols=imap,smtp id=1 label=\"Phone\"");
}

static void
test_enable_again_keeps_salt_and_counts_on(void **state)
{
	static const unsigned char other[PT_PASSWORD_SALT_BYTES] = {9};
	uint32_t id = 0;

	(void)state;
	assert_int_equal(enable(0), 0);
	assert_true(pt_external_disable(&site.account, &now, &site.trail));
	assert_int_equal(pt_external_enable(&site.config, &site.account,
			     PT_PROTOCOL_POP3, &rules_wish, RULES_OTHER, other,
			     &now, &id, &site.trail, &site.err),
	    0);
	assert_int_equal(id, 2);
	assert_int_equal(site.account.protocols, PT_PROTOCOL_POP3);
	/* The ended one is still known, which it needs its salt for. */
	assert_int_equal(
	    pt_password_find(&site.account, RULES_SECRET, strlen(RULES_SECRET))
		->ending,
	    PT_ENDING_DISABLED);
}

static void
make_inactive(void)
{
	site.account.status = PT_STATUS_INACTIVE;
}

static void
make_abuse(void)
{
	make_blocked(PT_BLOCK_ABUSE, "");
}

static void
make_cracked_long_after_a_change(void)
{
	site.account.main_password_at = TEST_NOW - 61;
	make_cracked();
}

static void
make_small_plan(void)
{
	site.plan.protocols = PT_PROTOCOL_POP3;
}

static void
make_empty_plan(void)
{
	site.plan.protocols = 0;
}

static void
make_unknown_plan(void)
{
	memcpy(site.account.plan, "gold", 5);
}

static const struct {
	void (*make)(void);
	unsigned protocols;
	enum pt_err_kind kind;
	const char *texts[2];
} refusals[] = {
    {make_on, 0, PT_ERR_INPUT,
	{"external access of ann@example.com is on already",
	    "posternctl password create ann@example.com"}},
    {make_inactive, 0, PT_ERR_INPUT,
	{"inactive", "posternctl set ann@example.com status=active"}},
    {make_admin, 0, PT_ERR_INPUT,
	{"(admin: unpaid)", "posternctl unblock ann@example.com"}},
    {make_abuse, 0, PT_ERR_INPUT,
	{"(abuse)", "posternctl unblock ann@example.com"}},
    {make_cracked, 0, PT_ERR_INPUT,
	{"cracked", "posternctl password-changed ann@example.com"}},
    {make_cracked_long_after_a_change, 0, PT_ERR_INPUT,
	{"cracked", "posternctl password-changed ann@example.com"}},
    {make_small_plan, RULES_ALL, PT_ERR_INPUT,
	{"switch on imap,smtp for ann@example.com", "\"free\" allows pop3"}},
    {make_empty_plan, 0, PT_ERR_INPUT,
	{"switch on external access", "\"free\" allows none"}},
    {make_unknown_plan, 0, PT_ERR_CONFIG,
	{"plan of ann@example.com", "posternctl explain ann@example.com"}},
};

static void
test_enable_says_what_stands_in_the_way_and_what_helps(void **state)
{
	struct pt_account before;
	struct pt_trail trail;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(refusals); i++) {
		(void)start(state);
		refusals[i].make();
		before = site.account;
		trail = site.trail;
		assert_int_equal(enable(refusals[i].protocols), -1);
		assert_int_equal(site.err.kind, refusals[i].kind);
		if (strstr(site.err.text, refusals[i].texts[0]) == NULL ||
		    strstr(site.err.text, refusals[i].texts[1]) == NULL)
			fail_msg("row %zu: %s", i, site.err.text);
		assert_memory_equal(&site.account, &before, sizeof(before));
		assert_memory_equal(&site.trail, &trail, sizeof(trail));
	}
}

static void
test_enable_with_a_bad_wish_leaves_access_off(void **state)
{
	const struct pt_password_wish wish = {
	    .label = "", .protocols = PT_PROTOCOL_SMTP};
	uint32_t id = 0;

	(void)state;
	assert_int_equal(pt_external_enable(&site.config, &site.account,
			     PT_PROTOCOL_IMAP, &wish, RULES_SECRET, rules_salt,
			     &now, &id, &site.trail, &site.err),
	    -1);
	assert_int_equal(site.account.access, PT_ACCESS_NEVER);
	assert_int_equal(site.account.protocols, 0);
	assert_int_equal(site.account.password_count, 0);
	assert_int_equal(site.account.created_at, 0);
}

static const enum pt_block_reason mild[] = {
    PT_BLOCK_QUOTA, PT_BLOCK_CONNECTIONS, PT_BLOCK_INACTIVE, PT_BLOCK_UNUSED};

static void
test_enable_ends_the_blocks_that_owners_may_end(void **state)
{
	char detail[80];
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(mild); i++) {
		(void)start(state);
		make_on();
		make_blocked(mild[i], "");
		assert_int_equal(enable(0), 0);
		assert_int_equal(site.account.block_reason, PT_BLOCK_NONE);
		assert_int_equal(site.account.block.at, 0);
		assert_int_equal(site.account.access, PT_ACCESS_ON);
		(void)snprintf(detail, sizeof(detail),
		    "protocols=imap,pop3,smtp id=2 label=\"Phone\" "
		    "ended-block=%s",
		    pt_block_reason_name(mild[i]));
		assert_entry("enable", detail);
	}
}

static int
add(const struct pt_password_wish *wish, uint32_t *id)
{
	return pt_external_add_password(&site.config, &site.account, wish,
	    RULES_OTHER, &now, id, &site.trail, &site.err);
}

static void
test_app_passwords_are_added_and_revoked_one_by_one(void **state)
{
	struct pt_network networks[2];
	const struct pt_password_wish wish = {
	    .label = "Old \"PC\"",
	    .protocols = PT_PROTOCOL_POP3,
	    .expires_at = TEST_NOW + RULES_DAY,
	    .networks = networks,
	    .network_count = 2,
	};
	uint32_t id = 0;

	(void)state;
	assert_int_equal(
	    pt_network_parse("192.0.2.0/24", &networks[0], &site.err), 0);
	assert_int_equal(
	    pt_network_parse("2001:db8::/32", &networks[1], &site.err), 0);
	make_on();
	assert_int_equal(add(&wish, &id), 0);
	assert_int_equal(id, 2);
	assert_entry("password-create",
	    "id=2 label=\"Old \\x22PC\\x22\" protocols=pop3 "
	    "expires=2026-11-22T12:00:00Z network=192.0.2.0/24 "
	    "network=2001:db8::/32");
	assert_int_equal(
	    pt_external_revoke(&site.account, 1, &now, &site.trail, &site.err),
	    0);
	assert_entry("password-revoke", "id=1 label=\"Phone\"");
	assert_int_equal(site.account.passwords[0].ending, PT_ENDING_REVOKED);
	assert_int_equal(pt_password_count_living(&site.account), 1);
	assert_int_equal(site.account.access, PT_ACCESS_ON);
	assert_int_equal(
	    pt_external_revoke(&site.account, 1, &now, &site.trail, &site.err),
	    -1);
	assert_non_null(strstr(
	    site.err.text, "cannot revoke app password 1 of ann@example.com"));
}

static void
test_no_app_password_is_added_while_access_is_off_or_blocked(void **state)
{
	uint32_t id = 0;

	(void)state;
	assert_int_equal(add(&rules_wish, &id), -1);
	assert_string_equal(site.err.text,
	    "cannot add an app password to ann@example.com: its external "
	    "access is off; posternctl enable ann@example.com switches it on");
	make_cracked();
	assert_int_equal(add(&rules_wish, &id), -1);
	assert_non_null(strstr(site.err.text, "access is blocked"));
}

static void
test_no_app_password_is_added_for_what_the_plan_lost(void **state)
{
	const struct pt_password_wish wish = {
	    .label = "", .protocols = PT_PROTOCOL_IMAP};
	uint32_t id = 0;

	(void)state;
	make_on();
	site.plan.protocols = PT_PROTOCOL_POP3;
	assert_int_equal(add(&wish, &id), -1);
	assert_non_null(strstr(site.err.text, "allows pop3"));
}

static int
set_protocols(unsigned protocols)
{
	return pt_external_set_protocols(&site.config, &site.account, protocols,
	    &now, &site.trail, &site.err);
}

static void
test_protocols_change_while_access_is_on(void **state)
{
	(void)state;
	assert_int_equal(set_protocols(PT_PROTOCOL_IMAP), -1);
	make_on();
	assert_int_equal(set_protocols(PT_PROTOCOL_IMAP), 0);
	assert_int_equal(site.account.protocols, PT_PROTOCOL_IMAP);
	assert_entry("protocols", "protocols=imap");
	assert_int_equal(set_protocols(0), -1);
	assert_non_null(strstr(site.err.text, "posternctl disable ann@"));
	site.plan.protocols = PT_PROTOCOL_IMAP;
	assert_int_equal(set_protocols(RULES_ALL), -1);
	assert_int_equal(site.account.protocols, PT_PROTOCOL_IMAP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    EXTERNAL_TEST(test_enable_switches_on_and_yields_an_app_password),
	    EXTERNAL_TEST(test_enable_again_keeps_salt_and_counts_on),
	    EXTERNAL_TEST(
		test_enable_says_what_stands_in_the_way_and_what_helps),
	    EXTERNAL_TEST(test_enable_with_a_bad_wish_leaves_access_off),
	    EXTERNAL_TEST(test_enable_ends_the_blocks_that_owners_may_end),
	    EXTERNAL_TEST(test_app_passwords_are_added_and_revoked_one_by_one),
	    EXTERNAL_TEST(
		test_no_app_password_is_added_while_access_is_off_or_blocked),
	    EXTERNAL_TEST(test_no_app_password_is_added_for_what_the_plan_lost),
	    EXTERNAL_TEST(test_protocols_change_while_access_is_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
