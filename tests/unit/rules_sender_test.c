/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/sender.h"

#include "tests/unit/support/testing.h"

static struct pt_account account;

static char example_com[] = "example.com";
static char example_net[] = "example.net";
static char xn_example[] = "xn--bcher-kva.example";
static char *alias_names[] = {example_net, xn_example};
static struct pt_alias_domain aliases[] = {
    {example_com, {2, alias_names}},
};

static const struct pt_sender_config config = {
    .subaddress = "+",
    .alias_count = 1,
    .aliases = aliases,
};

static bool
owns(const char *sender)
{
	return pt_sender_owns_envelope(&config, &account, sender,
		   strlen(sender), PT_OWNED_NO) == PT_OWNED_YES;
}

static int
set_up(void **state)
{
	struct pt_login login = test_login("alice@example.com");

	(void)state;
	pt_account_init(&account, &login);
	assert_true(pt_words_add(&account.senders, "sales@example.org"));
	assert_true(pt_words_add(&account.senders, "@alice.example"));
	return 0;
}

static void
test_what_a_login_owns(void **state)
{
	static const char *const owned[] = {
	    "",
	    "alice@example.com",
	    "ALICE@Example.COM",
	    "alice+lists@example.com",
	    "alice+@example.com",
	    "alice+a+b@example.com",
	    "alice@example.net",
	    "alice+x@example.net",
	    ("alice@b\xc3\xbc"
	     "cher.example"),
	    "alice@xn--bcher-kva.example",
	    "sales@example.org",
	    "Sales@EXAMPLE.org",
	    "anything@alice.example",
	};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(owned); i++) {
		if (!owns(owned[i]))
			fail_msg("not owned: %s", owned[i]);
	}
}

static void
test_what_a_login_does_not_own(void **state)
{
	static const char *const foreign[] = {
	    "bob@example.com",
	    "alic@example.com",
	    "alicex@example.com",
	    "alice-lists@example.com",
	    "+alice@example.com",
	    "alice@example.org",
	    "alice@sub.example.com",
	    "alice@example.com.evil.example",
	    "alice@alice.example.org",
	    "sales+x@example.org",
	    "sales@example.org@example.com",
	    "alice@example.com\n",
	    " alice@example.com",
	    "alice",
	    "@",
	    "alice@",
	    "@example.com",
	    "<alice@example.com>",
	    "\xd0\xb0lice@example.com", /* Cyrillic a */
	    "alice@ex\xc0\xaample.com",
	};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(foreign); i++) {
		if (owns(foreign[i]))
			fail_msg("owned: %s", foreign[i]);
	}
	assert_int_equal(pt_sender_owns_envelope(&config, &account,
			     "alice@example.com\0x", 19, PT_OWNED_NO),
	    PT_OWNED_NO);
}

static void
test_without_subaddress_no_tag_is_owned(void **state)
{
	struct pt_sender_config plain = config;

	(void)state;
	plain.subaddress[0] = '\0';
	assert_int_equal(pt_sender_owns_envelope(&plain, &account,
			     "alice+x@example.com", 19, PT_OWNED_NO),
	    PT_OWNED_NO);
	assert_int_equal(pt_sender_owns_envelope(&plain, &account,
			     "alice@example.com", 17, PT_OWNED_NO),
	    PT_OWNED_YES);
}

static void
test_alias_domains_belong_to_their_domain_only(void **state)
{
	struct pt_login login = test_login("alice@example.edu");

	(void)state;
	pt_account_init(&account, &login);
	assert_false(owns("alice@example.net"));
	assert_true(owns("alice@example.edu"));
}

static void
test_maps_matter_only_where_nothing_else_says_yes(void **state)
{
	static const struct {
		const char *sender;
		enum pt_owned by_maps;
		enum pt_owned expected;
	} rows[] = {
	    {"alice@example.com", PT_OWNED_NO, PT_OWNED_YES},
	    {"alice@example.com", PT_OWNED_UNKNOWN, PT_OWNED_YES},
	    {"Alice+x@example.com", PT_OWNED_UNKNOWN, PT_OWNED_YES},
	    {"sales@example.org", PT_OWNED_UNKNOWN, PT_OWNED_YES},
	    {"bob@example.com", PT_OWNED_NO, PT_OWNED_NO},
	    {"bob@example.com", PT_OWNED_YES, PT_OWNED_YES},
	    {"bob@example.com", PT_OWNED_UNKNOWN, PT_OWNED_UNKNOWN},
	    {"", PT_OWNED_UNKNOWN, PT_OWNED_YES},
	    {"no address", PT_OWNED_YES, PT_OWNED_NO},
	};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		assert_int_equal(
		    pt_sender_owns_envelope(&config, &account, rows[i].sender,
			strlen(rows[i].sender), rows[i].by_maps),
		    rows[i].expected);
	}
}

static void
test_what_is_plain_needs_no_list_and_no_map(void **state)
{
	struct pt_login login = test_login("alice@example.com");
	struct pt_login own = test_login("alice+a@example.net");
	struct pt_login listed = test_login("sales@example.org");

	(void)state;
	assert_true(pt_sender_owns_plainly(&config, &login, &own));
	assert_false(pt_sender_owns_plainly(&config, &login, &listed));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_what_a_login_owns, set_up),
	    cmocka_unit_test_setup(test_what_a_login_does_not_own, set_up),
	    cmocka_unit_test_setup(
		test_without_subaddress_no_tag_is_owned, set_up),
	    cmocka_unit_test_setup(
		test_alias_domains_belong_to_their_domain_only, set_up),
	    cmocka_unit_test_setup(
		test_maps_matter_only_where_nothing_else_says_yes, set_up),
	    cmocka_unit_test_setup(
		test_what_is_plain_needs_no_list_and_no_map, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
