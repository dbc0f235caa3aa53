/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <stdlib.h>

#include "core/base/attr.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/config/keys.h"
#include "tests/unit/support/testing.h"

/* Ends the test when the text is not accepted. */
static struct pt_config *
parse(const char *text)
{
	struct pt_config *config = NULL;
	struct pt_err err = {0};

	if (pt_config_parse("t.conf", text, &config, &err) != 0)
		fail_msg("refused: %s", err.text);
	return config;
}

static void
test_config_empty_text_gives_defaults_and_builtin_plan(void **state)
{
	struct pt_config *config = parse("");
	char buf[512];
	bool differs;

	(void)state;
	assert_int_equal(config->mode, PT_MODE_OBSERVE);
	assert_int_equal(config->log_level, PT_LOG_INFO);
	assert_true(config->require_tls);
	assert_true(config->max_connections.value == 5000);
	assert_true(config->max_sessions.value == 20000);
	assert_int_equal(config->network_count, 0);
	assert_int_equal(config->policy_listen.count, 1);
	assert_int_equal(config->plan_count, 1);
	assert_string_equal(config->plans[0].name, "free");
	assert_ptr_equal(pt_config_plan(config, ""), config->plans);
	assert_null(pt_config_plan(config, "premium"));
	/* The built-in plan limits messages, and nothing else is special. */
	for (size_t i = 0; i < pt_key_count(); i++) {
		assert_int_equal(pt_config_format_key(config, config->plans,
				     pt_key_at(i), buf, sizeof(buf), &differs),
		    0);
		assert_int_equal(
		    differs, strcmp(pt_key_at(i)->name, "messages") == 0);
	}
	(void)pt_plan_format(config->plans, "messages", buf, sizeof(buf));
	assert_string_equal(buf, "5/1m,15/1h");
	pt_config_free(config);
}

static void
test_config_without_plans_has_no_default_plan_either(void **state)
{
	const struct pt_config config = {.plans = NULL, .default_place = 1};

	(void)state;
	assert_null(pt_config_plan(&config, ""));
	assert_null(pt_config_plan(&config, "free"));
}

static void
test_config_default_plan_names_builtin_plan(void **state)
{
	struct pt_config *config = parse("default_plan = basic\n");

	(void)state;
	assert_string_equal(config->plans[0].name, "basic");
	assert_int_equal(config->plans[0].messages.count, 2);
	pt_config_free(config);
}

static const char all_text[] =
    "# a comment\n"
    "mode = enforce // another\n"
    "/* and\n one of\n three lines */ state_dir = \"/srv/p\"\n"
    "default_domain = \"Example.COM\"\n"
    "default_plan = premium\n"
    "require_tls = no\n"
    "trusted_networks = { \"127.0.0.0/8\", ::1, }\n"
    "help_url = 'https://x.example/a?b=c#d'\n"
    "policy_listen = { \"unix:/a\", inet:[::1]:10040 }\n"
    "session_listen = \"unix:/b\"\n"
    "milter_listen = \"\"\n"
    "log_level = debug\n"
    "max_connections = 100000\n"
    "max_sessions = 200000\n"
    "plan free {\r\n"
    "\tmessages = { 5/1m, \"15/1h\" }\r\n"
    "}\n"
    "plan \"premium\" { messages = 100/1h }\n";

static void
test_config_full_text_fills_every_type(void **state)
{
	struct pt_config *config = parse(all_text);

	(void)state;
	assert_int_equal(config->mode, PT_MODE_ENFORCE);
	assert_string_equal(config->state_dir, "/srv/p");
	assert_string_equal(config->default_domain, "example.com");
	assert_false(config->require_tls);
	assert_int_equal(config->network_count, 2);
	assert_true(
	    pt_network_has(config->networks, config->network_count, "::1"));
	assert_string_equal(config->help_url, "https://x.example/a?b=c#d");
	assert_int_equal(config->policy_listen.count, 2);
	assert_string_equal(config->policy_listen.at[1], "inet:[::1]:10040");
	assert_int_equal(config->session_listen.count, 1);
	assert_string_equal(config->milter_listen, "");
	assert_int_equal(config->log_level, PT_LOG_DEBUG);
	assert_true(config->max_connections.value == 100000);
	assert_true(config->max_sessions.value == 200000);
	assert_int_equal(config->plan_count, 2);
	assert_string_equal(pt_config_plan(config, "")->name, "premium");
	assert_int_equal(pt_config_plan(config, "free")->messages.count, 2);
	assert_true(pt_config_plan(config, "")->messages.at[0].limit == 100);
	pt_config_free(config);
}

static void
test_config_sender_aliases_become_a_labels(void **state)
{
	struct pt_config *config = parse(
	    "sender { policy = rewrite several = owned subaddress = \"-_\"\n"
	    "alias_domains = { \" Example.com=a.NET  b.org \",\n"
	    "\"b\xc3\xbc"
	    "cher.example = example.com\" } }\n"
	    "notice { from = \"p@example.com\" languages = { en, pt-BR } }");
	const struct pt_alias_domain *alias = config->sender.aliases;

	(void)state;
	assert_int_equal(config->sender.policy, PT_SENDER_REWRITE);
	assert_int_equal(config->sender.several, PT_SEVERAL_OWNED);
	assert_string_equal(config->sender.subaddress, "-_");
	assert_int_equal(config->sender.alias_count, 2);
	assert_string_equal(alias[0].domain, "example.com");
	assert_int_equal(alias[0].aliases.count, 2);
	assert_string_equal(alias[0].aliases.at[0], "a.net");
	assert_string_equal(alias[0].aliases.at[1], "b.org");
	assert_string_equal(alias[1].domain, "xn--bcher-kva.example");
	assert_string_equal(config->notice.from, "p@example.com");
	assert_string_equal(config->notice.languages.at[1], "pt-BR");
	pt_config_free(config);
}

static void
test_config_environment_in_double_quotes_only(void **state)
{
	struct pt_config *config;

	(void)state;
	assert_int_equal(setenv("POSTERN_TEST_DIR", "/from/outside", 1), 0);
	config = parse("state_dir = \"${POSTERN_TEST_DIR}/${NOT_SET:-x}\"");
	assert_string_equal(config->state_dir, "/from/outside/x");
	pt_config_free(config);
	config = parse("state_dir = '/${POSTERN_TEST_DIR}'");
	assert_string_equal(config->state_dir, "/${POSTERN_TEST_DIR}");
	pt_config_free(config);
	config = parse("state_dir = \"/\\${POSTERN_TEST_DIR}\"");
	assert_string_equal(config->state_dir, "/${POSTERN_TEST_DIR}");
	pt_config_free(config);
}

static void
test_config_format_key_writes_what_can_be_read(void **state)
{
	static const struct {
		const char *text;
		const char *key;
		const char *formatted;
	} cases[] = {
	    {"mode = enforce", "mode", "mode = enforce"},
	    {"require_tls = off", "require_tls", "require_tls = no"},
	    {"state_dir = '/a\"b\\\\c$d'", "state_dir",
		"state_dir = \"/a\\\"b\\\\c\\$d\""},
	    {"milter_listen = ''", "milter_listen", "milter_listen = \"\""},
	    {"trusted_networks = ::1", "trusted_networks",
		"trusted_networks = { \"::1\" }"},
	    {"log_level = warn", "log_level", "log_level = warn"},
	};
	char buf[512];
	bool differs;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		struct pt_config *config = parse(cases[i].text);
		const struct pt_key *key =
		    pt_key_find(PT_SECTION_TOP, cases[i].key);

		assert_int_equal(pt_config_format_key(config, NULL, key, buf,
				     sizeof(buf), &differs),
		    0);
		assert_string_equal(buf, cases[i].formatted);
		assert_true(differs);
		pt_config_free(config);
		config = parse(buf);
		assert_int_equal(pt_config_format_key(config, NULL, key, buf,
				     sizeof(buf), &differs),
		    0);
		assert_string_equal(buf, cases[i].formatted);
		assert_int_equal(
		    pt_config_format_key(config, NULL, key, buf, 4, &differs),
		    -1);
		pt_config_free(config);
	}
}

static void
test_config_refused_text_leaves_next_one_intact(void **state)
{
	static const char *const broken[] = {"state_dir = \"/a", "/* x",
	    "plan a {", "include(\"nowhere.conf\")", "mode = \"a\\q${\"",
	    "plan a { messages = { 5/1m, ", "include(", "mode = observe }"};
	struct pt_config *config = NULL;
	struct pt_err err;

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(broken); i++) {
		assert_int_equal(
		    pt_config_parse("t.conf", broken[i], &config, &err), -1);
		assert_null(config);
		assert_int_equal(err.kind, PT_ERR_CONFIG);
		pt_config_free(parse("mode = enforce # good again\n"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_config_empty_text_gives_defaults_and_builtin_plan),
	    cmocka_unit_test(
		test_config_without_plans_has_no_default_plan_either),
	    cmocka_unit_test(test_config_default_plan_names_builtin_plan),
	    cmocka_unit_test(test_config_full_text_fills_every_type),
	    cmocka_unit_test(test_config_sender_aliases_become_a_labels),
	    cmocka_unit_test(test_config_environment_in_double_quotes_only),
	    cmocka_unit_test(test_config_format_key_writes_what_can_be_read),
	    cmocka_unit_test(test_config_refused_text_leaves_next_one_intact),
	};

	return cmocka_run_group_tests_name("config_load", tests, NULL, NULL);
}
