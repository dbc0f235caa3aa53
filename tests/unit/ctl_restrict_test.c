/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/restrict.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

/* As postconf -x, -F and -Px of Postfix 3.7.11 print them. */
#define MAIN_LINES                                                         \
	"command_directory = /usr/sbin\n"                                  \
	"default_process_limit = 100\n"                                    \
	"mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128\n"      \
	"smtpd_end_of_data_restrictions =\n"                               \
	"smtpd_policy_service_default_action = 451 4.3.5 Server "          \
	"configuration problem\n"                                          \
	"smtpd_relay_restrictions = permit_mynetworks, "                   \
	"permit_sasl_authenticated, defer_unauth_destination\n"            \
	"smtpd_restriction_classes = mua, inner outer\n"                   \
	"mua = check_policy_service unix:p, outer\n"                       \
	"outer = inner, warn_if_reject\n"                                  \
	"inner = permit_mynetworks\n"                                      \
	"smtpd_tls_dcert_file =\n"                                         \
	"127.0.0.1:5870/inet/chroot = n\n"                                 \
	"127.0.0.1:5870/inet/command = smtpd -o "                          \
	"syslog_name=postfix/submission -o smtpd_sasl_auth_enable=yes\n"   \
	"127.0.0.1:5870/inet/smtpd_sender_login_maps = inline:{ {a=b, c} " \
	"}\n"

static void
read_settings(struct pc_settings *settings, const char *text)
{
	struct pt_err err;
	char *copy = strdup(text);

	assert_non_null(copy);
	assert_int_equal(pc_settings_parse(copy, settings, &err), 0);
}

static void
settings_are_what_postconf_prints(void **state)
{
	static const struct {
		const char *name;
		const char *value; /* NULL: not there */
	} cases[] = {
	    {"command_directory", "/usr/sbin"},
	    {"smtpd_end_of_data_restrictions", ""},
	    {"smtpd_tls_dcert_file", ""},
	    {"smtpd_policy_service_default_action",
		"451 4.3.5 Server configuration problem"},
	    {"127.0.0.1:5870/inet/chroot", "n"},
	    {"127.0.0.1:5870/inet/command",
		"smtpd -o syslog_name=postfix/submission -o "
		"smtpd_sasl_auth_enable=yes"},
	    {"127.0.0.1:5870/inet/smtpd_sender_login_maps",
		"inline:{ {a=b, c} }"},
	    {"command", NULL},
	    {"", NULL},
	};
	struct pc_settings settings;
	const char *value;
	size_t i;

	(void)state;
	read_settings(&settings, MAIN_LINES);
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		value = pc_settings_get(&settings, cases[i].name);
		if (cases[i].value == NULL) {
			assert_null(value);
		} else {
			assert_non_null(value);
			assert_string_equal(value, cases[i].value);
		}
	}
	pc_settings_clear(&settings);
}

static void
lines_that_are_no_settings_are_left_out(void **state)
{
	struct pc_settings settings;

	(void)state;
	read_settings(&settings,
	    "\npostconf: warning\n = 5\nname=value\r\na = b\r\nlast =");
	assert_int_equal(settings.count, 2);
	assert_string_equal(pc_settings_get(&settings, "a"), "b");
	assert_string_equal(pc_settings_get(&settings, "last"), "");
	pc_settings_clear(&settings);
	read_settings(&settings, "");
	assert_int_equal(settings.count, 0);
	pc_settings_clear(&settings);
}

static void
a_list_is_split_as_postfix_does(void **state)
{
	static const struct {
		const char *list;
		const char *words; /* with '|' behind each */
	} cases[] = {
	    {"", ""},
	    {" , \t", ""},
	    {"permit_mynetworks, reject", "permit_mynetworks|reject|"},
	    {"a,b c\td", "a|b|c|d|"},
	    {"check_policy_service { unix:x, timeout=5s },permit",
		"check_policy_service|{ unix:x, timeout=5s }|permit|"},
	    {"x { a, { b = c, d } } y", "x|{ a, { b = c, d } }|y|"},
	    {"{ never closed, x", "{ never closed, x|"},
	    {"a } b", "a|}|b|"},
	    {"hash:/etc/x", "hash:/etc/x|"},
	};
	char words[256];
	char word[64];
	struct pt_text text;
	const char *at;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_text_init(&text, words, sizeof(words));
		at = cases[i].list;
		while (pc_restrict_next(&at, word, sizeof(word)))
			pt_text_addf(&text, "%s|", word);
		assert_string_equal(words, cases[i].words);
	}
}

static void
a_policy_service_is_understood_however_it_is_written(void **state)
{
	static const struct {
		const char *word;
		const char *endpoint;
		const char *timeout;
		const char *default_action;
	} cases[] = {
	    {"unix:postern/policy.sock", "unix:postern/policy.sock", "", ""},
	    {"inet:127.0.0.1:10045", "inet:127.0.0.1:10045", "", ""},
	    {"{ unix:p, timeout=5s, default_action=DUNNO }", "unix:p", "5s",
		"DUNNO"},
	    {"{unix:p default_action=DUNNO policy_context=x}", "unix:p", "",
		"DUNNO"},
	    {"{ unix:p, { default_action = 451 4.3.0 Later, please }, "
	     "timeout=9 }",
		"unix:p", "9", "451 4.3.0 Later, please"},
	    {"{ }", "", "", ""},
	    {"{", "{", "", ""},
	};
	struct pc_policy policy;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pc_restrict_parse_policy(cases[i].word, &policy);
		assert_string_equal(policy.text, cases[i].word);
		assert_string_equal(policy.endpoint, cases[i].endpoint);
		assert_string_equal(policy.timeout, cases[i].timeout);
		assert_string_equal(
		    policy.default_action, cases[i].default_action);
	}
}

static bool
describe(
    const struct pc_policy *policy, const struct pc_before *before, void *arg)
{
	pt_text_addf(arg, "%s%s%s%s;", policy->endpoint,
	    before->sasl ? " sasl" : "", before->mynetworks ? " nets" : "",
	    before->everybody ? " all" : "");
	return true;
}

static void
what_stands_before_a_policy_service_is_seen(void **state)
{
	static const struct {
		const char *list;
		const char *found;
	} cases[] = {
	    {"permit_sasl_authenticated, reject", ""},
	    {"check_policy_service unix:a, permit_sasl_authenticated",
		"unix:a;"},
	    {"permit_sasl_authenticated check_policy_service unix:a",
		"unix:a sasl;"},
	    {"permit_mynetworks, check_policy_service { unix:a, timeout=5s }",
		"unix:a nets;"},
	    {"check_client_access hash:/x, reject, check_policy_service "
	     "unix:a",
		"unix:a all;"},
	    {"check_policy_service unix:a, permit_sasl_authenticated, "
	     "check_policy_service inet:b:1",
		"unix:a;inet:b:1 sasl;"},
	    {"check_policy_service", ""},
	    {"reject_unauth_destination, check_policy_service unix:a",
		"unix:a;"},
	};
	struct pt_text text;
	char found[128];
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_text_init(&text, found, sizeof(found));
		pc_restrict_each_policy(cases[i].list, describe, &text);
		assert_string_equal(found, cases[i].found);
	}
}

static void
restriction_classes_are_written_out(void **state)
{
	static const struct {
		const char *list;
		const char *expanded;
	} cases[] = {
	    {"reject", "reject"},
	    {"mua, reject", "check_policy_service, unix:p, permit_mynetworks, "
			    "warn_if_reject, reject"},
	    {"command_directory", "command_directory"},
	    {"", ""},
	};
	struct pc_settings settings;
	struct pt_text text;
	char expanded[256];
	size_t i;

	(void)state;
	read_settings(&settings, MAIN_LINES);
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_text_init(&text, expanded, sizeof(expanded));
		pc_restrict_expand(cases[i].list, &settings, &text);
		assert_string_equal(expanded, cases[i].expanded);
	}
	pc_settings_clear(&settings);
}

static void
classes_that_name_each_other_end(void **state)
{
	struct pc_settings settings;
	struct pt_text text;
	char expanded[256];

	(void)state;
	read_settings(
	    &settings, "smtpd_restriction_classes = a b\na = b\nb = a, a\n");
	pt_text_init(&text, expanded, sizeof(expanded));
	pc_restrict_expand("a", &settings, &text);
	assert_in_range(text.len, 1, 200);
	pc_settings_clear(&settings);
}

static void
the_line_to_write_asks_postern_first_and_once(void **state)
{
	static const struct {
		const char *list;
		const char *policy;
		const char *line;
		const char *gone;
	} cases[] = {
	    {"permit_sasl_authenticated, reject", "unix:p",
		"check_policy_service unix:p, permit_sasl_authenticated, "
		"reject",
		NULL},
	    {"permit_sasl_authenticated, check_policy_service { unix:p, "
	     "timeout=5s }, reject",
		"{ unix:p, timeout=5s }",
		"check_policy_service { unix:p, timeout=5s }, "
		"permit_sasl_authenticated, reject",
		NULL},
	    {"check_policy_service inet:127.0.0.1:10023, reject", "unix:p",
		"check_policy_service unix:p, check_policy_service "
		"inet:127.0.0.1:10023, reject",
		NULL},
	    {"check_policy_service { unix:q, timeout=5s }, reject", "unix:p",
		"check_policy_service unix:p, reject", "unix:q"},
	    {"", "unix:p", "check_policy_service unix:p", NULL},
	};
	struct pt_text text;
	char line[256];
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pt_text_init(&text, line, sizeof(line));
		pc_restrict_put_first(
		    cases[i].list, cases[i].policy, cases[i].gone, &text);
		assert_string_equal(line, cases[i].line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(settings_are_what_postconf_prints),
	    cmocka_unit_test(lines_that_are_no_settings_are_left_out),
	    cmocka_unit_test(a_list_is_split_as_postfix_does),
	    cmocka_unit_test(
		a_policy_service_is_understood_however_it_is_written),
	    cmocka_unit_test(what_stands_before_a_policy_service_is_seen),
	    cmocka_unit_test(restriction_classes_are_written_out),
	    cmocka_unit_test(classes_that_name_each_other_end),
	    cmocka_unit_test(the_line_to_write_asks_postern_first_and_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
