/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The From gate under each setting of the section "sender", and with maps. */
#include "tests/unit/rules_from_fixture.h"

static void
test_several_authors_may_all_be_owned(void **state)
{
	static const struct row rows[] = {
	    {"RFC 6854 both owned", "From: A <" OWN ">, sales@example.org\n",
		PT_REASON_NONE, 0},
	    {"one is not", "From: " OWN ", ceo@bank.test\n",
		PT_REASON_FROM_NOT_OWNED, 0},
	    {"RFC 6854 group", "From: A: " OWN ";\n", PT_REASON_FROM_UNREADABLE,
		0},
	    {"two fields all the same", FROM FROM, PT_REASON_FROM_DUPLICATE, 0},
	    {"Sender is one all the same", FROM "Sender: " OWN ", " OWN "\n",
		PT_REASON_FROM_SEVERAL, SENDER},
	};

	(void)state;
	config.sender.several = PT_SEVERAL_OWNED;
	check(rows, PT_ARRAY_LEN(rows));
}

static void
test_more_addresses_than_are_kept_are_refused(void **state)
{
	char block[2000] = "From: ";
	size_t i;

	(void)state;
	config.sender.several = PT_SEVERAL_OWNED;
	for (i = 0; i < PT_FROM_ADDRESSES_MAX; i++)
		(void)snprintf(block + strlen(block),
		    sizeof(block) - strlen(block), "%salice+%zu@example.com",
		    i == 0 ? "" : ", ", i);
	(void)snprintf(
	    block + strlen(block), sizeof(block) - strlen(block), "\n");
	assert_int_equal(judge(block).verdict.code, PT_VERDICT_PERMIT);
	(void)snprintf(block + strlen(block) - 1, sizeof(block) - strlen(block),
	    ", " OWN "\n");
	assert_int_equal(
	    judge(block).verdict.reason, PT_REASON_FROM_UNREADABLE);
}

static void
test_a_name_may_show_anything_where_it_is_allowed(void **state)
{
	static const struct row rows[] = {
	    {"quoted", "From: \"ceo@bank.test\" <" OWN ">\n", PT_REASON_NONE,
		0},
	    {"encoded", "From: =?utf-7?Q?ceo+AEA-b?= <" OWN ">\n",
		PT_REASON_NONE, 0},
	    {"not quoted", "From: ceo@bank.test <" OWN ">\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"the address itself", "From: \"" OWN "\" <ceo@bank.test>\n",
		PT_REASON_FROM_NOT_OWNED, 0},
	};

	(void)state;
	config.sender.display_name = PT_DISPLAY_NAME_ALLOW;
	check(rows, PT_ARRAY_LEN(rows));
}

static void
test_a_foreign_sender_can_be_removed(void **state)
{
	static const struct {
		const char *block;
		unsigned remove;
		enum pt_reason_id reason;
	} rows[] = {
	    {FROM, 0, PT_REASON_NONE},
	    {FROM "Sender: " OWN "\n", 0, PT_REASON_NONE},
	    {FROM "Sender: ceo@bank.test\n", 1U << SENDER, PT_REASON_NONE},
	    {FROM "Sender: ceo\n", 1U << SENDER, PT_REASON_NONE},
	    {FROM "Sender:\n", 1U << SENDER, PT_REASON_NONE},
	    {FROM "Sender: " OWN "\nSender: " OWN "\n", 1U << SENDER,
		PT_REASON_NONE},
	    {FROM "Sender: \"ceo@bank.test\" <" OWN ">\n", 1U << SENDER,
		PT_REASON_NONE},
	    {FROM "Sender: x@y.z\nResent-Sender: x@y.z\n",
		1U << SENDER | 1U << RESENT_SENDER, PT_REASON_NONE},
	    {FROM "Sender: x@y.z\nResent-From: x@y.z\n", 0,
		PT_REASON_FROM_NOT_OWNED},
	    {"Sender: x@y.z\nFrom: x@y.z\n", 0, PT_REASON_FROM_NOT_OWNED},
	    {"Sender: x@y.z\n", 0, PT_REASON_FROM_MISSING},
	    {FROM "Sen\x01"
		  "der: x@y.z\n",
		0, PT_REASON_FROM_UNREADABLE},
	};
	struct pt_from_verdict verdict;
	size_t i;

	(void)state;
	config.sender.foreign_sender = PT_FOREIGN_SENDER_REMOVE;
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		verdict = judge(rows[i].block);
		if (verdict.verdict.reason != rows[i].reason ||
		    verdict.remove_fields != rows[i].remove)
			fail_msg("%s: %s, %x", rows[i].block,
			    pt_reason_get(verdict.verdict.reason)->name,
			    verdict.remove_fields);
	}
}

static void
test_maps_decide_what_nothing_else_does(void **state)
{
	enum pt_owned by_maps[PT_FROM_ADDRESSES_MAX] = {PT_OWNED_NO};
	struct pt_from_verdict verdict;

	(void)state;
	read_block(&from, "From: " OWN "\nSender: bob@example.com\n");
	assert_int_equal(from.count, 2);
	by_maps[0] = PT_OWNED_UNKNOWN;
	by_maps[1] = PT_OWNED_YES;
	verdict = pt_from_judge(&from, &config, &account, by_maps);
	assert_int_equal(verdict.verdict.code, PT_VERDICT_PERMIT);
	by_maps[1] = PT_OWNED_UNKNOWN;
	verdict = pt_from_judge(&from, &config, &account, by_maps);
	assert_int_equal(verdict.verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.verdict.reason, PT_REASON_SENDER_UNAVAILABLE);
	config.sender.foreign_sender = PT_FOREIGN_SENDER_REMOVE;
	verdict = pt_from_judge(&from, &config, &account, by_maps);
	assert_int_equal(verdict.verdict.code, PT_VERDICT_DEFER);
	assert_int_equal(verdict.remove_fields, 0);
	/* What is surely wrong is not tried again. */
	read_block(&from, "From: bob@example.com\nResent-From: x@y.z\n");
	by_maps[0] = PT_OWNED_UNKNOWN;
	by_maps[1] = PT_OWNED_NO;
	verdict = pt_from_judge(&from, &config, &account, by_maps);
	assert_int_equal(verdict.verdict.code, PT_VERDICT_REFUSE);
}

static void
test_plain_is_what_needs_no_list(void **state)
{
	static const struct {
		const char *block;
		bool is_plain;
	} rows[] = {
	    {FROM, true},
	    {FROM "Sender: alice+x@example.com\n", true},
	    {"From: \"" OWN "\" <" OWN ">\n", true},
	    {"From: sales@example.org\n", false},
	    {FROM "Sender: sales@example.org\n", false},
	    {FROM FROM, false},
	    {"", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		read_block(&from, rows[i].block);
		assert_int_equal(
		    pt_from_is_plain(&from, &config, &account.login),
		    rows[i].is_plain);
	}
	read_block(&from, FROM "Sender: x@y.z\n");
	assert_true(pt_from_field_is_plain(
	    &from, &config, &account.login, PT_FROM_FIELD_FROM));
	assert_false(pt_from_field_is_plain(
	    &from, &config, &account.login, PT_FROM_FIELD_SENDER));
	assert_true(pt_from_field_is_plain(
	    &from, &config, &account.login, PT_FROM_FIELD_RESENT_FROM));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, set_up)
	    TEST(test_several_authors_may_all_be_owned),
	    TEST(test_more_addresses_than_are_kept_are_refused),
	    TEST(test_a_name_may_show_anything_where_it_is_allowed),
	    TEST(test_a_foreign_sender_can_be_removed),
	    TEST(test_maps_decide_what_nothing_else_does),
	    TEST(test_plain_is_what_needs_no_list),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
