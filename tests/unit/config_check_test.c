/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Values that are well written and cannot work. */

#include "tests/unit/config_refusal.h"

static void
test_config_penalty_that_never_decides_is_refused(void **state)
{
	static const struct refusal cases[] = {
	    {"plan a { messages = { \"15/1h\" }\n"
	     "penalty = \"15/1h for 2d after 90/1d\"\n}",
		"t.conf:3: plan a: penalty: 15/1h is no tighter than messages, "
		"which permit 15/1h at any time: lower the limit of the "
		"penalty"},
	    {"plan a { messages = { \"5/1m\", \"30/1d\" }\n"
	     "penalty = \"40/1h for 2d after 20/1d\" }",
		"t.conf:2: plan a: penalty: 40/1h is no tighter than messages, "
		"which permit 30/1d at any time: lower the limit of the "
		"penalty"},
	    {"plan a { penalty = \"4/1h for 2d after 90/1d\"\n\n"
	     "messages = { \"15/1h\", \"50/1d\" } }",
		"t.conf:3: plan a: penalty: nobody can send 90/1d, because "
		"messages permit 50/1d: lower what it begins after"},
	};

	(void)state;
	config_check_refused(cases, PT_ARRAY_LEN(cases));
}

static void
test_config_penalty_tighter_than_its_plan_is_taken(void **state)
{
	static const char *const texts[] = {
	    "plan a { messages = { \"5/1m\", \"15/1h\" }\n"
	    "penalty = \"4/1h for 2d after 90/1d\" } default_plan = a",
	    /* Shorter windows of the plan let more pass in an hour. */
	    "plan a { messages = { \"1/1m\" }\n"
	    "penalty = \"4/1h for 2d after 90/1d\" } default_plan = a",
	    "plan a { penalty = \"4/1h for 2d after 90/1d\" }\n"
	    "default_plan = a",
	};
	struct pt_config *config;
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(texts); i++) {
		assert_int_equal(
		    pt_config_parse("t.conf", texts[i], &config, &err), 0);
		assert_true(config->plans[0].penalty.on);
		pt_config_free(config);
	}
}

static void
test_config_notice_key_that_cannot_work_is_refused(void **state)
{
	static const struct refusal cases[] = {
	    {"notice { copy = nobody }",
		"t.conf:1: copy: \"nobody\" is not an address such as "
		"\"ann@example.com\""},
	    {"notice { name = 'The \"Mail\"' }",
		"t.conf:1: name: \"The \\x22Mail\\x22\" has a quotation mark "
		"or "
		"a backslash in it"},
	    {"notice { name = 'a\tb' }",
		"t.conf:1: name: \"a\\x09b\" has a control character in it"},
	    {"notice { timezone = Europe/Nowhere }",
		"t.conf:1: timezone: \"Europe/Nowhere\" is not a time zone of "
		"this system, such as \"UTC\" or \"Europe/Riga\", which "
		"come with tzdata"},
	    {"notice { timezone = ../../../etc/passwd }",
		"t.conf:1: timezone: \"../../../etc/passwd\" is not a time "
		"zone of this system, such as \"UTC\" or \"Europe/Riga\", "
		"which come with tzdata"},
	    {"notice { templates = { templates } }",
		"t.conf:1: templates: \"templates\" is not an absolute path"},
	    {"notice { max = many }", "t.conf:1: max: \"many\" is not a "
				      "window: write a number, \"/\" "
				      "and a span, such as \"15/1h\""},
	};

	(void)state;
	config_check_refused(cases, PT_ARRAY_LEN(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_config_penalty_that_never_decides_is_refused),
	    cmocka_unit_test(
		test_config_penalty_tighter_than_its_plan_is_taken),
	    cmocka_unit_test(
		test_config_notice_key_that_cannot_work_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
