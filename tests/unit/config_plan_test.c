/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "core/config/keys.h"
#include "core/config/plan.h"
#include "tests/unit/support/testing.h"

#define TEXT_MAX 512

static void
test_plan_defaults_are_those_of_the_manual(void **state)
{
	struct pt_plan plan;

	(void)state;
	pt_plan_defaults(&plan, "gold");
	assert_string_equal(plan.name, "gold");
	assert_int_equal(plan.protocols,
	    PT_PROTOCOL_IMAP | PT_PROTOCOL_POP3 | PT_PROTOCOL_SMTP);
	assert_int_equal(plan.messages.count, 0);
	assert_int_equal(plan.recipients.count, 0);
	assert_int_equal(plan.bytes.count, 0);
	assert_int_equal(plan.logins.count, 0);
	assert_int_equal(plan.download.count, 0);
	assert_int_equal(plan.upload.count, 0);
	assert_false(plan.recipients_per_message.on);
	assert_false(plan.message_size.on);
	assert_true(plan.mail_check.on);
	assert_true(plan.mail_check.value == 300);
	assert_int_equal(plan.imap_check, PT_IMAP_CHECK_HOLD);
	assert_true(plan.sessions.on);
	assert_true(plan.sessions.value == 15);
	assert_int_equal(plan.block_after_refusals.count, 1);
	assert_true(plan.block_after_refusals.at[0].limit == 50);
	assert_true(plan.block_after_refusals.at[0].seconds == 3600);
	assert_int_equal(plan.guesses.count, 1);
	assert_true(plan.guesses.at[0].limit == 100);
	assert_int_equal(plan.bounce_min.count, 1);
	assert_true(plan.bounce_min.at[0].limit == 25);
	assert_true(plan.bounce_min.at[0].seconds == 86400);
	assert_true(plan.bounce_share.on);
	assert_true(plan.bounce_share.value == 30);
	assert_true(plan.unused_after.value == 5184000);
	assert_true(plan.activation_delay.on);
	assert_true(plan.activation_delay.value == 0);
	assert_true(plan.plan_delay.value == 0);
	assert_true(plan.check_burst.value == 60);
}

static void
test_plan_default_of_every_key_formats_as_in_table(void **state)
{
	struct pt_plan plan;
	char buf[TEXT_MAX];
	size_t seen = 0;

	(void)state;
	pt_plan_defaults(&plan, "free");
	for (size_t i = 0; i < pt_key_count(); i++) {
		if (pt_key_at(i)->section != PT_SECTION_PLAN)
			continue;
		assert_int_equal(
		    pt_plan_format(&plan, pt_key_at(i)->name, buf, sizeof(buf)),
		    0);
		assert_string_equal(buf, pt_key_at(i)->initial);
		seen++;
	}
	assert_int_not_equal(seen, 0);
}

static void
test_plan_override_valid_formats_back(void **state)
{
	static const struct {
		const char *key;
		const char *value;
		const char *canonical;
	} cases[] = {
	    {"messages", "50/1h", "50/1h"},
	    {"messages", "15/1h,5/1m", "5/1m,15/1h"},
	    {"messages", " 5/1m , 15/1h ", "5/1m,15/1h"},
	    {"messages", "unlimited", "unlimited"},
	    {"bytes", "1024M/1d", "1G/1d"},
	    {"protocols", "smtp,imap", "imap,smtp"},
	    {"protocols", "imap,imap", "imap"},
	    {"protocols", "none", "none"},
	    {"imap_check", "refuse", "refuse"},
	    {"recipients_per_message", "0", "0"},
	    {"recipients_per_message", "unlimited", "unlimited"},
	    {"message_size", "30M", "30M"},
	    {"message_size", "unlimited", "unlimited"},
	    {"mail_check", "90s", "90s"},
	    {"block_after_refusals", "5/10m", "5/10m"},
	    {"guesses", "unlimited", "unlimited"},
	    {"bounce_min", "unlimited", "unlimited"},
	    {"bounce_share", "100", "100"},
	    {"unused_after", "8w", "8w"},
	    {"penalty", "4/1h for 2d after 90/1d", "4/1h for 2d after 90/1d"},
	    {"penalty", "0/1h  for\t60m after 90/24h",
		"0/1h for 1h after 90/1d"},
	    {"penalty", "unlimited", "unlimited"},
	    {"client_addresses", "32/1h", "32/1h"},
	    {"client_addresses", "unlimited", "unlimited"},
	    {"new_recipients", "0/1d", "0/1d"},
	    {"warn_at", "99", "99"},
	    {"warn_at", "unlimited", "unlimited"},
	    {"logins_factor", "2", "2"},
	    {"logins_factor", "unlimited", "unlimited"},
	    {"on_block", "hold-queue", "hold-queue"},
	    {"observe", "penalty,client_addresses", "penalty,client_addresses"},
	    {"observe", "unused_after", "unused_after"},
	    {"observe", "none", "none"},
	};
	struct pt_plan plan;
	struct pt_err err;
	char buf[TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_plan_defaults(&plan, "free");
		assert_int_equal(
		    pt_plan_override(&plan, cases[i].key, cases[i].value, &err),
		    0);
		assert_int_equal(
		    pt_plan_format(&plan, cases[i].key, buf, sizeof(buf)), 0);
		assert_string_equal(buf, cases[i].canonical);
		assert_int_equal(
		    pt_plan_override(&plan, cases[i].key, buf, &err), 0);
	}
}

static void
test_plan_override_replaces_what_the_plan_says(void **state)
{
	struct pt_plan plan;
	struct pt_err err;

	(void)state;
	pt_plan_defaults(&plan, "free");
	assert_int_equal(
	    pt_plan_override(&plan, "messages", "5/1m,15/1h", &err), 0);
	assert_int_equal(pt_plan_override(&plan, "messages", "50/1h", &err), 0);
	assert_int_equal(plan.messages.count, 1);
	assert_true(plan.messages.at[0].limit == 50);
}

static void
test_plan_override_bad_refused_and_plan_kept(void **state)
{
	static const struct {
		const char *key;
		const char *value;
		const char *why;
	} cases[] = {
	    {"mesages", "5/1m",
		"\"mesages\" is not a key of a plan; did you mean "
		"\"messages\"?"},
	    {"mode", "enforce", "\"mode\" is not a key of a plan"},
	    {"", "x", "\"\" is not a key of a plan"},
	    {"a\nb", "x", "\"a\\x0Ab\" is not a key of a plan"},
	    {"messages", "", "messages: the value is missing"},
	    {"messages", ",", "messages: \"\" is not a window"},
	    {"messages", "5/1m,", "messages: \"\" is not a window"},
	    {"messages", ",5/1m", "messages: \"\" is not a window"},
	    {"messages", "5/1m 15/1h", "messages: \"1m 15/1h\" is not a span"},
	    {"messages", "unlimited,5/1m",
		"messages: \"unlimited\" is not a window"},
	    {"messages", "5/1m,5/1h", "messages: 5 in 1 minute has no effect"},
	    {"messages", "1/1s,2/2s,3/3s,4/4s,5/5s,6/6s,7/7s,8/8s,9/9s",
		"messages: there are more than 8 windows"},
	    {"messages", "5M/1d", "messages: \"5M\" is not a number"},
	    {"bounce_share", "101",
		"bounce_share: \"101\" is not a number from 1"},
	    {"bounce_share", "0", "bounce_share: \"0\" is not a number from 1"},
	    {"guesses", "5/1m,10/1h", "guesses: \"1m,10/1h\" is not a span"},
	    {"protocols", "imap,nntp",
		"protocols: \"nntp\" is none of: imap, pop3, smtp"},
	    {"protocols", "", "protocols: the value is missing"},
	    {"imap_check", "on", "imap_check: \"on\" is none of: hold, "},
	    {"imap_check", "", "imap_check: \"\" is none of"},
	    {"sessions", "many",
		"sessions: \"many\" is neither a number nor \"unlimited\""},
	    {"sessions", "-1", "sessions: \"-1\" is neither"},
	    {"message_size", "30MB", "message_size: \"30MB\" is not a size"},
	    {"mail_check", "5", "mail_check: \"5\" is not a span"},
	    {"penalty", "4/1h", "penalty: \"4/1h\" is not a penalty: write"},
	    {"penalty", "4/1h for 2d after 90/1d please",
		"penalty: \"4/1h for 2d after 90/1d please\" is not a penalty"},
	    {"penalty", "4/1h during 2d after 90/1d",
		"penalty: \"4/1h during 2d after 90/1d\" is not a penalty"},
	    {"penalty", "4/1h for 0s after 90/1d",
		"penalty: \"4/1h for 0s after 90/1d\" lasts no time at all"},
	    {"penalty", "4/1h for 2d after 0/1d",
		"penalty: \"4/1h for 2d after 0/1d\" would hold for who has"},
	    {"penalty", "4/1h for 2d after 90",
		"penalty: \"90\" is not a window"},
	    {"client_addresses", "33/1h",
		"client_addresses: \"33/1h\" does not permit from 1 to 32"},
	    {"client_addresses", "0/1h",
		"client_addresses: \"0/1h\" does not permit from 1 to 32"},
	    {"client_addresses", "x",
		"client_addresses: \"x\" is not a window"},
	    {"warn_at", "100", "warn_at: \"100\" is not a number from 1 to 99"},
	    {"warn_at", "0", "warn_at: \"0\" is not a number from 1 to 99"},
	    {"logins_factor", "1",
		"logins_factor: \"1\" is not a number from 2 on"},
	    {"on_block", "hold",
		"on_block: \"hold\" is none of: none, hold-queue"},
	    {"observe", "penalties",
		"observe: \"penalties\" is none of: penalty, client_addresses"},
	};
	struct pt_plan plan;
	struct pt_plan before;
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_plan_defaults(&plan, "free");
		before = plan;
		assert_int_equal(
		    pt_plan_override(&plan, cases[i].key, cases[i].value, &err),
		    -1);
		assert_int_equal(err.kind, PT_ERR_INPUT);
		assert_ptr_equal(strstr(err.text, cases[i].why), err.text);
		assert_memory_equal(&plan, &before, sizeof(plan));
	}
}

static void
test_plan_override_long_value_refused(void **state)
{
	struct pt_plan plan;
	struct pt_err err;
	char value[3000];

	(void)state;
	pt_plan_defaults(&plan, "free");
	memset(value, ',', sizeof(value));
	value[sizeof(value) - 1] = '\0';
	assert_int_equal(pt_plan_override(&plan, "messages", value, &err), -1);
	assert_non_null(strstr(err.text, "longer than 1023 bytes"));
	value[100] = '\0';
	assert_int_equal(pt_plan_override(&plan, "protocols", value, &err), -1);
	assert_non_null(strstr(err.text, "more than 32 items"));
}

static void
test_plan_format_unknown_key_or_small_buffer_fails(void **state)
{
	struct pt_plan plan;
	char buf[4];

	(void)state;
	pt_plan_defaults(&plan, "free");
	assert_int_equal(pt_plan_format(&plan, "mode", buf, sizeof(buf)), -1);
	assert_int_equal(
	    pt_plan_format(&plan, "guesses", buf, sizeof(buf)), -1);
	assert_int_equal(
	    pt_plan_format(&plan, "sessions", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "15");
}

static void
test_keys_have_one_name_a_section_and_words_that_end(void **state)
{
	size_t in_section[PT_SECTIONS] = {0};

	(void)state;
	for (size_t i = 0; i < pt_key_count(); i++)
		in_section[pt_key_at(i)->section]++;
	/* options.c has room for so many in one block. */
	for (size_t i = 0; i < PT_ARRAY_LEN(in_section); i++)
		assert_in_range(in_section[i], 5, 58);
	for (size_t i = 0; i < pt_key_count(); i++) {
		const struct pt_key *key = pt_key_at(i);

		assert_ptr_equal(pt_key_find(key->section, key->name), key);
		assert_non_null(key->initial);
		assert_string_equal(key->doc + strlen(key->doc) - 1, "\n");
		assert_int_equal(key->words != NULL,
		    key->type == PT_KEY_CHOICE || key->type == PT_KEY_FLAGS);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plan_defaults_are_those_of_the_manual),
	    cmocka_unit_test(
		test_plan_default_of_every_key_formats_as_in_table),
	    cmocka_unit_test(test_plan_override_valid_formats_back),
	    cmocka_unit_test(test_plan_override_replaces_what_the_plan_says),
	    cmocka_unit_test(test_plan_override_bad_refused_and_plan_kept),
	    cmocka_unit_test(test_plan_override_long_value_refused),
	    cmocka_unit_test(
		test_plan_format_unknown_key_or_small_buffer_fails),
	    cmocka_unit_test(
		test_keys_have_one_name_a_section_and_words_that_end),
	};

	return cmocka_run_group_tests_name("config_plan", tests, NULL, NULL);
}
