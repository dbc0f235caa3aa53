/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The From gate over whole header blocks.  Sections are those of RFC 5322
 * where nothing else is said; A6 to A13 are the attacks of "Composition Kills"
 * (USENIX Security 2020).  The grammar alone is in rules_mailbox_test.c, names
 * in rules_display_name_test.c.
 */
#include "core/rules/from_private.h"

#include "tests/unit/rules_from_fixture.h"

static void
test_owned_addresses_pass(void **state)
{
	static const struct row rows[] = {
	    {.why = "login", .block = FROM},
	    {.why = "name", .block = "From: Alice <" OWN ">\n"},
	    {.why = "capitals", .block = "FROM: <Alice@EXAMPLE.com>\n"},
	    {.why = "4.5 obs-from", .block = "From : " OWN "\n"},
	    {.why = "tag", .block = "From: alice+x@example.com\n"},
	    {.why = "list", .block = "From: sales@example.org\n"},
	    {.why = "A-label", .block = "From: alice@xn--bcher-kva.example\n"},
	    {.why = "U-label",
		.block = "From: alice@b\xc3\xbc"
			 "cher.example\n"},
	    {.why = "quoted", .block = "From: \"alice\"@example.com\n"},
	    {.why = "own address as name",
		.block = "From: \"" OWN "\" <" OWN ">\n"},
	    {.why = "Outlook", .block = "From: \"'" OWN "'\" <" OWN ">\n"},
	    {.why = "other own address as name",
		.block = "From: \"sales@example.org\" <" OWN ">\n"},
	    {.why = "own address as comment",
		.block = "From: " OWN " (" OWN ")\n"},
	    {.why = "name with @", .block = "From: \"J @ Work\" <" OWN ">\n"},
	    {.why = "Sender", .block = FROM "Sender: sales@example.org\n"},
	    {.why = "order", .block = "Sender: " OWN "\n" FROM},
	    {.why = "3.6.6 resent twice",
		.block = "Resent-From: " OWN "\nResent-Sender: " OWN
			 "\nResent-From: sales@example.org\n" FROM},
	    {.why = "other fields",
		.block = "Reply-To: ceo@bank.test\nX-From: ceo@bank.test\n"
			 "To: ceo@bank.test\n" FROM "Fromage: x@y.z\n"
			 "Errors-To: x@y.z\nReturn-Path: <x@y.z>\n"},
	    {.why = "folded Subject with a colon",
		.block = "Subject: x\n From: ceo@bank.test\n" FROM},
	    {.why = "look-alike name of a field",
		.block = FROM "\xef\xbc\xa6rom: ceo@bank.test\n"},
	};

	(void)state;
	check(rows, PT_ARRAY_LEN(rows));
}

static void
test_what_is_not_owned_is_refused(void **state)
{
	static const struct row rows[] = {
	    {"no header at all", "", PT_REASON_FROM_MISSING, 0},
	    {"A8 no From, own Sender", "Sender: " OWN "\n",
		PT_REASON_FROM_MISSING, 0},
	    {"A8 only Resent-From", "Resent-From: " OWN "\n",
		PT_REASON_FROM_MISSING, 0},
	    {"empty From", "From:\n", PT_REASON_FROM_MISSING, 0},
	    {"blank From", "From: \n \n", PT_REASON_FROM_MISSING, 0},
	    {"another's", "From: ceo@bank.test\n", PT_REASON_FROM_NOT_OWNED, 0},
	    {"look-alike letter", "From: \xd0\xb0lice@example.com\n",
		PT_REASON_FROM_NOT_OWNED, 0},
	    {"full-width domain", "From: alice@\xef\xbd\x85xample.com\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"ideographic stop in the domain",
		"From: alice@example\xe3\x80\x82"
		"com\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"percent", "From: alice%example.com@bank.test\n",
		PT_REASON_FROM_NOT_OWNED, 0},
	    {"subdomain", "From: alice@sub.example.com\n",
		PT_REASON_FROM_NOT_OWNED, 0},
	    {"dot behind the domain", "From: alice@example.com.\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"A6 two From", FROM FROM, PT_REASON_FROM_DUPLICATE, 0},
	    {"A7 capitals", FROM "fROM: ceo@bank.test\n",
		PT_REASON_FROM_DUPLICATE, 0},
	    {"A7 blank behind", FROM "From : ceo@bank.test\n",
		PT_REASON_FROM_DUPLICATE, 0},
	    {"A7 tab behind", "From\t: ceo@bank.test\n" FROM,
		PT_REASON_FROM_DUPLICATE, 0},
	    {"A7 blank before", FROM " From: ceo@bank.test\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"A7 control in the name", FROM "Fro\x01m: ceo@bank.test\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"A7 soft hyphen in the name", FROM "Fr\xc2\xadom: x@y.z\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"A7 only an odd name", "From\x7f: " OWN "\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"CR hides a From", "Subject: x\rFrom: ceo@bank.test\n" FROM,
		PT_REASON_FROM_UNREADABLE, 0},
	    {"CR hides a Sender", FROM "Subject: x\rSender : x@y.z\n",
		PT_REASON_FROM_UNREADABLE, SENDER},
	    {"A9 several", "From: " OWN ", ceo@bank.test\n",
		PT_REASON_FROM_SEVERAL, 0},
	    {"A9 several own ones", "From: " OWN ", sales@example.org\n",
		PT_REASON_FROM_SEVERAL, 0},
	    {"A10", "From: =?utf-8?Q?ceo=40bank.test?= <" OWN ">\n",
		PT_REASON_FROM_NAME, 0},
	    {"name in quotes", "From: \"ceo@bank.test\" <" OWN ">\n",
		PT_REASON_FROM_NAME, 0},
	    {"name in a comment", "From: " OWN " (ceo@bank.test)\n",
		PT_REASON_FROM_NAME, 0},
	    {"name that shows no address",
		"From: \"ceo@bank..test\" <" OWN ">\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"UTF-7", "From: =?utf-7?Q?ceo+AEA-b.test?= <" OWN ">\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"A13", "From: <" OWN ">:<ceo@bank.test>\n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"bare LF is no field of its own here", "From: " OWN "\r \n",
		PT_REASON_FROM_UNREADABLE, 0},
	    {"A8 Sender", FROM "Sender: ceo@bank.test\n",
		PT_REASON_FROM_NOT_OWNED, SENDER},
	    {"A8 Sender comes twice", FROM "Sender: " OWN "\nsender: " OWN "\n",
		PT_REASON_FROM_DUPLICATE, SENDER},
	    {"3.6.2 Sender is one", FROM "Sender: " OWN ", " OWN "\n",
		PT_REASON_FROM_SEVERAL, SENDER},
	    {"empty Sender", FROM "Sender:\n", PT_REASON_FROM_UNREADABLE,
		SENDER},
	    {"A8 Resent-From", FROM "Resent-From: ceo@bank.test\n",
		PT_REASON_FROM_NOT_OWNED, RESENT_FROM},
	    {"the second Resent-From",
		FROM "Resent-From: " OWN "\nResent-From: ceo@bank.test\n",
		PT_REASON_FROM_NOT_OWNED, RESENT_FROM},
	    {"A8 Resent-Sender", FROM "Resent-Sender: ceo@bank.test\n",
		PT_REASON_FROM_NOT_OWNED, RESENT_SENDER},
	    {"From comes first", "Sender: ceo@bank.test\nFrom: x@y.z\n",
		PT_REASON_FROM_NOT_OWNED, 0},
	};

	(void)state;
	check(rows, PT_ARRAY_LEN(rows));
	assert_string_equal(
	    judge("From: \"CEO@Bank.test\" <" OWN ">\n").address->text,
	    "ceo@bank.test");
	pt_from_init(&from);
	pt_from_add(&from, "From\0", 5, OWN, strlen(OWN));
	assert_int_equal(
	    pt_from_judge(&from, &config, &account, NULL).verdict.reason,
	    PT_REASON_FROM_UNREADABLE);
}

/* Where the grammar of mailbox.h has CFWS, shown here as '_'. */
static void
test_blanks_folds_and_comments_change_nothing(void **state)
{
	static const char *const values[] = {
	    "_" OWN "_",
	    "_<" OWN ">_",
	    "_Alice_B._\"C D\"_<" OWN ">_",
	    "_=?utf-8?Q?A?=_<" OWN ">_",
	};
	static const char *const fillings[] = {
	    "", " ", "\n ", "\r\n\t", " (x)", "(x (y))\n ", " \n  (\\))\t"};
	char block[400];
	uint64_t random = 7;
	size_t i;
	int round;

	(void)state;
	for (round = 0; round < 5000; round++) {
		const char *at = values[(size_t)round % PT_ARRAY_LEN(values)];
		size_t n = (size_t)snprintf(block, sizeof(block), "From:");

		for (; *at != '\0'; at++) {
			i = test_random_below(&random, PT_ARRAY_LEN(fillings));
			n += *at == '_'
				 ? (size_t)snprintf(block + n,
				       sizeof(block) - n, "%s", fillings[i])
				 : (size_t)snprintf(
				       block + n, sizeof(block) - n, "%c", *at);
		}
		(void)snprintf(block + n, sizeof(block) - n, "\n");
		if (judge(block).verdict.code != PT_VERDICT_PERMIT)
			fail_msg("%s", block);
	}
}

static bool
is_known(const char *name)
{
	enum pt_from_field field;

	return pt_from_field_find(name, strlen(name), &field) !=
	       PT_FROM_MATCH_NO;
}

static void
test_the_four_fields_are_known_in_any_spelling(void **state)
{
	static const char *const wanted[] = {"From", "from", "FROM ", "From\t",
	    "Sender", "Resent-From", "resent-sender", "F\x01rom"};
	static const char *const others[] = {"", "Fro", "Froms", "X-From",
	    "Resent", "Reply-To", "From-", "Resent_From", "\xd0\xa4rom"};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(wanted); i++)
		assert_true(is_known(wanted[i]));
	for (i = 0; i < PT_ARRAY_LEN(others); i++)
		assert_false(is_known(others[i]));
	assert_string_equal(
	    pt_from_field_name(PT_FROM_FIELD_RESENT_FROM), "Resent-From");
	assert_string_equal(pt_from_field_name((enum pt_from_field)9), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, set_up)
	    TEST(test_owned_addresses_pass),
	    TEST(test_what_is_not_owned_is_refused),
	    TEST(test_blanks_folds_and_comments_change_nothing),
	    TEST(test_the_four_fields_are_known_in_any_spelling),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
