/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The page of client-config: languages, limits, and texts of one's own. */

#include <sys/stat.h>

#include "core/base/attr.h"
#include "tests/unit/ctl_client.h"

/* Has the page a line of exactly these words? */
static void
has_line(const struct fixture *f, const char *line)
{
	const char *at = f->out;
	size_t len = strlen(line);

	while ((at = strstr(at, line)) != NULL) {
		if ((at == f->out || at[-1] == '\n') && at[len] == '\n')
			return;
		at++;
	}
	fail_msg("the line \"%s\" is not in: %s", line, f->out);
}

static void
each_language_says_all_of_it(void **state)
{
	static const struct {
		const char *tag;
		const char *lines[4];
	} cases[] = {
	    {"en", {"  Outgoing mail server (SMTP): smtp.example.com",
		       "- Messages sent within 15 minutes: at most 7",
		       "- Recipients of one message: at most 30",
		       "- Size of one message: at most 30 MB"}},
	    {"lv",
		{"  Izejo\xc5\xa1\xc4\x81 pasta serveris (SMTP): "
		 "smtp.example.com",
		    "  Ports: 993",
		    "- Vienas v\xc4\x93stules izm\xc4\x93rs: ne vair\xc4\x81k "
		    "k\xc4\x81 30 MB",
		    "  Lietot\xc4\x81jv\xc4\x81rds: ann@example.com"}},
	    {"lt", {"  Prievadas: 993", "  \xc5\xa0ifravimas: SSL/TLS",
		       "- Vieno lai\xc5\xa1ko gav\xc4\x97j\xc5\xb3: ne daugiau "
		       "kaip 30",
		       "  Naudotojo vardas: ann@example.com"}},
	    {"et",
		{"  Port: 993", "- Saadetavaid kirju 15 minuti jooksul: kuni 7",
		    "  Kasutajanimi: ann@example.com",
		    "  V\xc3\xa4ljuva posti server (SMTP): "
		    "smtp.example.com"}},
	    {"ru",
		{"  \xd0\x9f\xd0\xbe\xd1\x80\xd1\x82: 465",
		    "  \xd0\x9f\xd0\xbe\xd1\x80\xd1\x82: 993",
		    "\xd0\x9f\xd0\xbe\xd0\xb4\xd1\x80\xd0\xbe\xd0\xb1\xd0\xbd"
		    "\xd0\xb5\xd0\xb5: https://h.example/x",
		    NULL}},
	};
	struct fixture *f = *state;
	char line[128];

	client_configure(
	    f, "help_url = \"https://h.example/x\"\n" CLIENT_SERVERS);
	fixture_run(f, 0, "enable ann");
	fixture_run(f, 0,
	    "set ann messages=7/15m,60/1d message_size=30M "
	    "recipients_per_message=30");
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)snprintf(line, sizeof(line),
		    "client-config ann --text --language %s", cases[i].tag);
		fixture_run(f, 0, line);
		for (size_t j = 0; j < 4 && cases[i].lines[j] != NULL; j++)
			has_line(f, cases[i].lines[j]);
		client_did_not_say(f, "{");
		client_did_not_say(f, "Thunderbird");
		client_did_not_say(f, " \n");
		(void)snprintf(
		    line, sizeof(line), "set ann language=%s", cases[i].tag);
		fixture_run(f, 0, line);
		fixture_run(f, 0, "client-config ann --text");
		has_line(f, cases[i].lines[0]);
	}
}

static void
what_the_plan_does_not_limit_is_not_told(void **state)
{
	static const struct {
		const char *set;
		const char *yes;
		const char *no;
	} cases[] = {
	    {"messages=unlimited", "once within 5 minutes", "Messages sent"},
	    {"mail_check=2m", "once within 2 minutes", "5 minutes"},
	    {"mail_check=unlimited", "IMAP", "Look for new mail"},
	    {"mail_check=", "Look for new mail", "Recipients of"},
	    {"imap_check=off", "IMAP", "Look for new mail"},
	    {"recipients_per_message=3", "one message: at most 3\n", "Size"},
	    {"message_size=1M", "one message: at most 1 MB\n", "Size:"},
	};
	struct fixture *f = *state;
	char line[128];

	fixture_run(f, 0, "enable ann");
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)snprintf(line, sizeof(line), "set ann %s", cases[i].set);
		fixture_run(f, 0, line);
		fixture_run(f, 0, "client-config ann --text");
		fixture_said(f, cases[i].yes);
		client_did_not_say(f, cases[i].no);
	}
	/* Who cannot send needs no limits of sending. */
	fixture_run(f, 0, "set ann messages=5/1m");
	fixture_run(f, 0, "enable ann --protocols imap");
	fixture_run(f, 0, "client-config ann --text");
	client_did_not_say(f, "Messages sent");
	client_did_not_say(f, "at most");
}

static void
a_delay_before_the_first_use_is_told(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "enable ann");
	fixture_run(f, 0, "client-config ann --text");
	client_did_not_say(f, "let in from");
	fixture_run(f, 0, "set ann activation_delay=1d");
	fixture_run(f, 0, "client-config ann --text");
	fixture_said(f, "  Mail programs are let in from 20");
}

static void
the_page_can_be_worded_anew(void **state)
{
	static const struct {
		const char *text;
		int code; /* with a new app password */
		const char *said;
	} cases[] = {
	    {"[client-config]\n{login} at {provider}: {password}\n\n"
	     "{imap}:{imap_port} {imap_tls}\n{pop3}\n{limit}/{period}\n",
		0, "ann@example.com at Example & <Mail>: "},
	    {"[client-config]\n{imap}\n", 78, "does not show the {password}"},
	    {"[client-config]\n{until} {password}\n", 78, "{password}"},
	    {"[client-config]\n{figures}\n", 78,
		"en.txt:2: {figures} cannot stand here: there are {login} "
		"{provider} {contact} {help_url} {until} {limit} {period} "
		"{label} {imap} {imap_port} {imap_tls} {pop3} {pop3_port} "
		"{pop3_tls} {smtp} {smtp_port} {smtp_tls} {check} "
		"{recipients} {size} {password} {thunderbird}"},
	    {"[penalty]\nSubject: x\n\n{password}\n", 78,
		"en.txt:4: {password} cannot stand here"},
	};
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];
	char more[2048];
	char cwd[512];
	char path[300];

	assert_non_null(getcwd(cwd, sizeof(cwd)));
	(void)snprintf(path, sizeof(path), "%s/own", f->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/own/en.txt", f->dir);
	(void)snprintf(more, sizeof(more),
	    ISSUE_CONFIG CLIENT_SERVERS
	    "notice { templates = { \"@DIR@/own\", \"%s/packaging/templates\" "
	    "} }\n",
	    cwd);
	fixture_configure(f, more);
	fixture_run(f, 0, "enable ann");
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		test_write_file(path, cases[i].text);
		fixture_run(f, cases[i].code,
		    "client-config ann --text --new-password");
		fixture_said(f, cases[i].said);
		assert_int_equal(
		    issue_find(f->out, secret), cases[i].code == 0 ? 1 : 0);
	}
	/* Nothing was made but what was shown. */
	fixture_run(f, 0, "password list ann -f tab");
	client_did_not_say(f, "\n3\t");
}

static void
a_label_cannot_change_the_page(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "enable ann");
	fixture_run(f, 0,
	    "client-config ann --text --new-password --label "
	    "{login}<&>\"'\xe2\x80\xae\xe2\x80\xac\xc4\x85%n");
	/* Marks that turn the direction of writing are gone. */
	has_line(f, "  Its name in your settings: "
		    "{login}<&>\"'\xc4\x85%n");
	fixture_run(f, 0, "enable \"q<&>'{}\"");
	fixture_run(f, 0, "client-config \"q<&>'{}\" --text");
	has_line(f, "  User name: \"q<&>'{}\"@example.com");
}

static void
a_login_that_would_be_shown_as_another_is_refused(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "enable x\xe2\x80\xae\xe2\x80\xacy");
	fixture_run(f, 65,
	    "client-config x\xe2\x80\xae\xe2\x80\xacy --text --new-password");
	fixture_said(f, "the login has a character that cannot be shown");
	fixture_run(f, 0, "password list x\xe2\x80\xae\xe2\x80\xacy -f tab");
	client_did_not_say(f, "\n2\t");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, client_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(each_language_says_all_of_it),
	    TEST(what_the_plan_does_not_limit_is_not_told),
	    TEST(a_delay_before_the_first_use_is_told),
	    TEST(the_page_can_be_worded_anew),
	    TEST(a_label_cannot_change_the_page),
	    TEST(a_login_that_would_be_shown_as_another_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
