/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* client-config: who is told what. */

#include "core/base/attr.h"
#include "tests/unit/ctl_client.h"

static void
what_is_asked_for_must_make_sense(void **state)
{
	static const struct {
		const char *line;
		const char *text;
	} cases[] = {
	    {"client-config ann", "give one of --mobileconfig"},
	    {"client-config ann --text --autoconfig", "give one of"},
	    {"client-config ann --qr", "give one of"},
	    {"client-config ann --autoconfig --language lv",
		"--language goes with --text alone"},
	    {"client-config ann --text --label Phone", "give --new-password"},
	    {"client-config ann --text --note why", "give --new-password"},
	    {"client-config ann --mobileconfig --qr --new-password",
		"holds an address and no app password"},
	    {"client-config ann --text --language fi",
		"there are no texts in \"fi\""},
	    {"client-config ann --text -f json", "-f"},
	};
	struct fixture *f = *state;

	fixture_run(f, 0, "enable ann");
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		fixture_run(f, 64, cases[i].line);
		assert_string_equal(f->out, "");
		fixture_said(f, cases[i].text);
	}
}

static void
whoever_is_not_let_in_is_told_what_to_do(void **state)
{
	static const struct {
		const char *line; /* before */
		const char *text;
	} cases[] = {
	    {"account list", "posternctl enable ann@example.com"},
	    {"enable ann", NULL},
	    {"block ann --reason admin", "posternctl unblock ann@example.com"},
	    {"unblock ann", "posternctl enable ann@example.com"},
	    {"enable ann", NULL},
	    {"block ann --reason cracked",
		"posternctl password-changed ann@example.com"},
	    {"password-changed ann", "posternctl enable ann@example.com"},
	    {"enable ann", NULL},
	    {"set ann status=inactive",
		"posternctl set ann@example.com status=active"},
	    {"set ann status=active", "blocked (inactive)"},
	    {"enable ann", NULL},
	    {"set ann plan=none --now", "may use no protocol"},
	    {"set ann plan=", NULL},
	    {"disable ann", "external access of ann@example.com is off"},
	};
	static const char *const forms[] = {"--text", "--text --qr",
	    "--mobileconfig", "--autoconfig --new-password"};
	struct fixture *f = *state;
	char line[128];

	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		fixture_run(f, 0, cases[i].line);
		for (size_t j = 0; j < PT_ARRAY_LEN(forms); j++) {
			(void)snprintf(line, sizeof(line),
			    "client-config ann %s", forms[j]);
			fixture_run(f, cases[i].text == NULL ? 0 : 1, line);
			if (cases[i].text == NULL)
				continue;
			assert_string_equal(f->out, "");
			fixture_said(f, cases[i].text);
		}
	}
	/* There is no record of him, and there is none now. */
	fixture_run(f, 1, "client-config bob --text");
	fixture_run(f, 1, "account show bob");
}

static void
only_protocols_that_work_are_offered(void **state)
{
	static const struct {
		const char *enable;
		const char *yes[3];
		const char *no[3];
	} cases[] = {
	    {"", {"imap.ex", "smtp.ex"}, {"pop.ex"}},
	    {"--protocols imap", {"imap.ex"}, {"pop.ex", "smtp.ex"}},
	};
	struct fixture *f = *state;
	size_t j;

	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		char line[64];

		(void)snprintf(
		    line, sizeof(line), "enable ann %s", cases[i].enable);
		fixture_run(f, 0, line);
		fixture_run(f, 0, "client-config ann --text");
		for (j = 0; j < 3 && cases[i].yes[j] != NULL; j++)
			fixture_said(f, cases[i].yes[j]);
		for (j = 0; j < 3 && cases[i].no[j] != NULL; j++)
			client_did_not_say(f, cases[i].no[j]);
	}
	/* The programs take all or nothing. */
	fixture_run(f, 1, "client-config ann --autoconfig");
	fixture_said(f, "may use imap alone: --text tells that");
	fixture_run(f, 1, "client-config ann --text --qr");
	fixture_run(f, 0, "set ann plan=all --now");
	fixture_run(f, 0, "enable ann --protocols pop3,smtp");
	fixture_run(f, 0, "client-config ann --mobileconfig");
	fixture_said(f, "<string>EmailTypePOP</string>");
	fixture_said(f, "<integer>110</integer>");
	fixture_run(f, 0, "client-config ann --autoconfig");
	fixture_said(f, "<socketType>STARTTLS</socketType>");
	fixture_said(f, "<checkInterval minutes=\"5\"/>");
	client_did_not_say(f, "imap");
	fixture_run(f, 0, "set ann mail_check=61s");
	fixture_run(f, 0, "client-config ann --autoconfig");
	fixture_said(f, "<checkInterval minutes=\"2\"/>");
	fixture_run(f, 0, "set ann mail_check=unlimited");
	fixture_run(f, 0, "client-config ann --autoconfig");
	client_did_not_say(f, "checkInterval");
}

static void
servers_that_are_not_configured_are_named(void **state)
{
	static const struct {
		const char *block;
		const char *form;
		int code;
		const char *text;
	} cases[] = {
	    {"", "--text", 78, "(keys of client { }: imap,smtp)"},
	    {"client { pop3 = p.example }", "--text", 78, ": imap,smtp)"},
	    {"client { imap = i.example }", "--text", 0, "i.example"},
	    {"client { imap = i.example }", "--autoconfig", 78,
		"client { }: smtp)"},
	    {"client { smtp = s.example }", "--mobileconfig", 78,
		"client { }: imap)"},
	    {"client { smtp = s.example imap = i.example }",
		"--mobileconfig --qr", 78, "set client { url }"},
	};
	struct fixture *f = *state;
	char line[128];

	fixture_run(f, 0, "enable ann");
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		client_configure(f, cases[i].block);
		(void)snprintf(
		    line, sizeof(line), "client-config ann %s", cases[i].form);
		fixture_run(f, cases[i].code, line);
		fixture_said(f, cases[i].text);
		if (cases[i].code != 0)
			assert_string_equal(f->out, "");
	}
}

static void
the_provider_is_named_as_well_as_can_be(void **state)
{
	static const struct {
		const char *more;
		const char *text;
	} cases[] = {
	    {"", "<displayName>example.com</displayName>"},
	    {"name = \"P\xc4\x81rbaude <&>\"",
		"<displayName>P\xc4\x81rbaude &lt;&amp;&gt;</displayName>"},
	};
	struct fixture *f = *state;
	char more[256];

	fixture_run(f, 0, "enable ann");
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)snprintf(more, sizeof(more),
		    "client { imap = i.example smtp = s.example %s }",
		    cases[i].more);
		client_configure(f, more);
		fixture_run(f, 0, "client-config ann --autoconfig");
		fixture_said(f, cases[i].text);
		client_did_not_say(f, "<documentation");
	}
	client_configure(
	    f, "help_url = \"https://h.example/?a&b\" " CLIENT_SERVERS);
	fixture_run(f, 0, "client-config ann --autoconfig");
	fixture_said(f, "<documentation url=\"https://h.example/?a&amp;b\">");
}

/* Everything between two marks, as one text; owned by the caller. */
static char *
cut_out(const char *text, const char *from)
{
	const char *at = strstr(text, from);

	assert_non_null(at);
	return strndup(at, 120);
}

static void
a_second_profile_replaces_the_first(void **state)
{
	struct fixture *f = *state;
	char *first;
	char *second;

	fixture_run(f, 0, "enable ann");
	fixture_run(f, 0, "client-config ann --mobileconfig");
	first = cut_out(f->out, "<string>postern.");
	fixture_run(f, 0, "set ann messages=9/1h");
	fixture_run(f, 0, "client-config ann --mobileconfig --new-password");
	second = cut_out(f->out, "<string>postern.");
	assert_string_equal(first, second);
	free(second);
	client_configure(
	    f, "client { name = Other imap = i.example smtp = s.example }");
	fixture_run(f, 0, "client-config ann --mobileconfig");
	second = cut_out(f->out, "<string>postern.");
	assert_string_equal(first, second);
	free(second);
	fixture_run(f, 0, "enable bob");
	fixture_run(f, 0, "client-config bob --mobileconfig");
	second = cut_out(f->out, "<string>postern.");
	assert_string_not_equal(first, second);
	free(second);
	free(first);
}

static void
a_batch_takes_no_such_command(void **state)
{
	struct fixture *f = *state;
	char path[300];
	char line[400];

	(void)snprintf(path, sizeof(path), "%s/lines", f->dir);
	test_write_file(path, "client-config ann --text\n");
	(void)snprintf(line, sizeof(line), "batch %s", path);
	assert_int_not_equal(fixture_try(f, line), 0);
	fixture_said(f, "client-config");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, client_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(what_is_asked_for_must_make_sense),
	    TEST(whoever_is_not_let_in_is_told_what_to_do),
	    TEST(only_protocols_that_work_are_offered),
	    TEST(servers_that_are_not_configured_are_named),
	    TEST(the_provider_is_named_as_well_as_can_be),
	    TEST(a_second_profile_replaces_the_first),
	    TEST(a_batch_takes_no_such_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
