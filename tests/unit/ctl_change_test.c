/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The commands that change one account. */

#include "core/base/attr.h"
#include "tests/unit/ctl_fixture.h"

static void
a_state_is_made_once(void **state)
{
	struct fixture *f = *state;

	fixture_init(f);
	fixture_said(f, "was there already");
	assert_null(strstr(f->out, "made"));
	fixture_run(f, 64, "init --owner nobody-of-that-name");
	fixture_said(f, "there is no user \"nobody-of-that-name\"");
}

static void
settings_hold_and_are_told_with_what_they_were(void **state)
{
	static const struct {
		const char *line;
		const char *text;
	} cases[] = {
	    {"set ann messages=60/60m", "messages: 5/1m,15/1h -> 60/1h"},
	    {"set ann messages=60/1h", "unchanged"},
	    {"set ann messages=unlimited", "messages: 60/1h -> unlimited"},
	    {"set ann plan=premium status=inactive",
		"plan: free -> premium; status: active -> inactive"},
	    {"set ann messages=", "messages: unlimited"},
	    {"set ann plan= status=",
		"plan: premium -> free; status: inactive -> active"},
	    {"set ann language=lv", "language: none -> lv"},
	    {"set ann bytes=2G/1d", "bytes: unlimited -> 2G/1d"},
	    {"set ann recipients_per_message=3",
		"recipients_per_message: unlimited -> 3"},
	    {"set ann protocols=imap,smtp", "protocols: smtp -> imap,smtp"},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		fixture_run(f, 0, cases[i].line);
		fixture_said(f, cases[i].text);
		fixture_said(f, "ann@example.com");
	}
	fixture_run(f, 0, "history ann -f tab");
	fixture_said(f, "set\tmessages: 5/1m,15/1h -> 60/1h\n");
	assert_null(strstr(f->out, "unchanged"));
	fixture_run(f, 0, "account show ann");
	fixture_said(f, "bytes=2G/1d");
	assert_null(strstr(f->out, "messages="));
}

static void
a_language_without_notices_is_taken_and_told(void **state)
{
	static const struct {
		const char *line;
		const char *errors;
	} cases[] = {
	    {"set ann language=xx",
		"posternctl: notices are not written in xx: en is used\n"},
	    {"set ann language=pt-BR",
		"posternctl: notices are not written in pt-BR: en is used\n"},
	    {"set ann language=LV", ""},
	    {"set ann language=ru-LV", ""},
	    {"set ann language=", ""},
	};
	struct fixture *f = *state;
	size_t i;

	fixture_configure(
	    f, FIXTURE_CONFIG "notice { languages = { en, lv, ru } }\n");
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		fixture_run(f, 0, cases[i].line);
		assert_string_equal(f->errors, cases[i].errors);
		assert_null(strstr(f->out, "unchanged"));
	}
}

static void
settings_that_cannot_be_are_refused_and_change_nothing(void **state)
{
	static const struct {
		const char *line;
		const char *text;
	} cases[] = {
	    {"set ann massages=5/1m", "did you mean messages?"},
	    {"set ann plann=free", "did you mean plan?"},
	    {"set ann plan=premum", "did you mean premium?"},
	    {"set ann plan=gold", "the plans are free, premium"},
	    {"set ann status=dead", "active or inactive"},
	    {"set ann language=l\033v", "write a tag"},
	    {"set ann messages=5", "cannot set: messages"},
	    {"set ann messages=5/1m,5/1m", "cannot set: messages"},
	    {"set ann messages", "write KEY=VALUE"},
	    {"set ann =5", "no such key"},
	    {"set ann recipients_per_message=9 plan=gold", "the plans are"},
	    {"set a~b plan=free", "cannot take \"a b\" for a login"},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_in_range(fixture_try(f, cases[i].line), 64, 65);
		fixture_said(f, cases[i].text);
		fixture_said(f, "posternctl: cannot ");
	}
	fixture_run(f, 1, "account show ann");
	fixture_run(f, 0, "history");
	assert_string_equal(f->out, "");
}

static void
a_lock_stays_until_it_is_taken_away(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "unlock ann");
	fixture_said(f, "unchanged");
	fixture_run(f, 0, "lock ann --note spam~run");
	fixture_said(f, "sending is locked: spam run");
	fixture_run(f, 0, "lock ann");
	fixture_said(f, "unchanged");
	fixture_run(f, 0, "explain ann");
	fixture_said(f, "ann@example.com cannot send now: Sending is locked");
	fixture_said(f, "posternctl unlock ann@example.com");
	fixture_run(f, 0, "unlock ann --note cleaned");
	fixture_said(f, "sending is open: cleaned");
	fixture_run(f, 0, "explain ann");
	fixture_said(f, "ann@example.com may send now");
	fixture_run(f, 0, "history -n 1 -f tab");
	fixture_said(f, "unlock\tsending is open: cleaned");
	assert_null(strstr(f->out, "spam run"));
	fixture_run(f, 64, "lock ann --note a\033b");
	fixture_said(f, "control character");
}

static void
a_grant_replaces_the_one_before(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "grant ann +0");
	fixture_said(f, "there is no grant");
	fixture_run(f, 0, "grant ann +100 --until +2h");
	fixture_said(f, "+100 messages until ");
	fixture_run(f, 0, "quota ann -f json");
	fixture_said(f, "\"kind\": \"grant\", \"window\": null, \"used\": 0, "
			"\"limit\": 100, \"left\": 100");
	fixture_run(f, 0, "grant ann 1");
	fixture_said(f, "+1 message until ");
	fixture_run(f, 0, "grant ann +0");
	fixture_run(f, 0, "quota ann");
	assert_null(strstr(f->out, "grant"));
	fixture_run(f, 64, "grant ann many");
	fixture_run(f, 64, "grant ann +5 --until 2001-01-01");
	fixture_said(f, "lies in the past");
	fixture_run(f, 64, "grant ann +5 --until tomorrow");
	fixture_said(f, "is not a time");
}

static void
senders_are_folded_and_compared_whole(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0,
	    "sender add ann Sales@Example.ORG sales@example.org.au @x.org");
	fixture_said(f, "sales@example.org, sales@example.org.au, @x.org");
	fixture_run(f, 0, "sender add ann sales@example.org");
	fixture_said(f, "unchanged");
	fixture_run(f, 0, "sender remove ann sales@example.org");
	fixture_run(f, 0, "sender remove ann sales@example.org");
	fixture_said(f, "none of them is in the list");
	fixture_run(f, 0, "sender list ann -f tab");
	assert_string_equal(f->out,
	    "sender\trule\n"
	    "ann@example.com\tthe login\n"
	    "ann+...@example.com\tthe login with a tag\n"
	    "ann@example.net\talias domain\n"
	    "sales@example.org.au\tthe account's list\n"
	    "@x.org\tthe account's list\n");
	fixture_run(f, 64, "sender add ann nobody");
	fixture_said(f, "for an address or a @domain");
	fixture_run(f, 64, "sender add ann bob@example.org @");
	fixture_run(f, 0, "sender list ann");
	assert_null(strstr(f->out, "bob@"));
}

static void
a_deleted_account_leaves_its_history(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 1, "account delete ann");
	fixture_said(f, "there is no record of ann@example.com");
	fixture_run(f, 0, "set ann plan=premium");
	fixture_run(f, 0, "set bob plan=premium");
	fixture_run(f, 0, "account delete ann --note moved");
	fixture_run(f, 1, "account show ann");
	fixture_run(f, 0, "account list -f tab");
	assert_null(strstr(f->out, "ann@"));
	fixture_said(
	    f, "bob@example.com\tpremium\tactive\tnever\t0\tno\t\t0\t0\t");
	fixture_run(f, 0, "history ann -f tab");
	fixture_said(f, "delete\tthe account was forgotten: moved");
	assert_null(strstr(f->out, "bob@"));
}

static void
a_login_without_record_has_the_default_windows(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "quota new@example.org -f json");
	assert_string_equal(f->out,
	    "[\n{\"login\": \"new@example.org\", \"kind\": \"messages\", "
	    "\"window\": 60, \"used\": 0, \"limit\": 5, \"left\": 5, "
	    "\"full_until\": null},\n"
	    "{\"login\": \"new@example.org\", \"kind\": \"messages\", "
	    "\"window\": 3600, \"used\": 0, \"limit\": 15, \"left\": 15, "
	    "\"full_until\": null}\n]\n");
	fixture_run(f, 0, "explain new@example.org");
	fixture_said(f, "nothing was ever decided");
	fixture_run(f, 0, "reset new@example.org");
	fixture_said(f, "the windows are empty");
	fixture_run(f, 0, "quota");
	assert_string_equal(f->out, "");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_state_is_made_once),
	    TEST(settings_hold_and_are_told_with_what_they_were),
	    TEST(a_language_without_notices_is_taken_and_told),
	    TEST(settings_that_cannot_be_are_refused_and_change_nothing),
	    TEST(a_lock_stays_until_it_is_taken_away),
	    TEST(a_grant_replaces_the_one_before),
	    TEST(senders_are_folded_and_compared_whole),
	    TEST(a_deleted_account_leaves_its_history),
	    TEST(a_login_without_record_has_the_default_windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
