/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Whole mails out of the texts that are installed. */

#include <stdlib.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/zone.h"
#include "core/notice/compose.h"
#include "tests/unit/support/testing.h"

#define LANGUAGES "\"en\", \"lv\", \"lt\", \"et\", \"ru\""

struct site {
	struct pt_config *config;
	struct pt_templates *templates;
	struct pt_account account;
	struct pt_outbox_entry entry;
	struct pt_compose compose;
	char mail[PT_COMPOSE_MAX];
	size_t len;
};

static void
configure(struct site *site, const char *notice)
{
	char text[1024];
	char dir[512];
	struct pt_err err;

	assert_non_null(getcwd(dir, sizeof(dir)));
	(void)snprintf(text, sizeof(text),
	    "help_url = \"https://mail.example.com/help\"\n"
	    "notice { templates = { \"%s/packaging/templates\" } "
	    "languages = { " LANGUAGES " } timezone = \"UTC\" %s }\n",
	    dir, notice);
	pt_templates_free(site->templates);
	pt_config_free(site->config);
	site->templates = NULL;
	if (pt_config_parse("test", text, &site->config, &err) != 0 ||
	    pt_templates_open(site->config, &site->templates, &err) != 0)
		fail_msg("%s", err.text);
	site->compose.config = site->config;
	site->compose.templates = site->templates;
}

static int
set_up(void **state)
{
	struct site *site = calloc(1, sizeof(*site));
	struct pt_login login = test_login("ann@example.com");

	assert_non_null(site);
	pt_account_init(&site->account, &login);
	site->account.exists = true;
	site->entry.id = 7;
	site->entry.login = login;
	site->entry.notice = (struct pt_notice){
	    .kind = PT_NOTICE_BLOCKED,
	    .block = PT_BLOCK_QUOTA,
	    .at = TEST_NOW,
	    .figures = {PT_FIGURES_REFUSALS, 52, 50, 3600},
	};
	site->compose.account = &site->account;
	site->compose.entry = &site->entry;
	site->compose.now = TEST_NOW + 60;
	configure(site, "from = \"postmaster@example.com\" name = \"Example\"");
	*state = site;
	return 0;
}

static int
tear_down(void **state)
{
	struct site *site = *state;

	pt_templates_free(site->templates);
	pt_config_free(site->config);
	free(site);
	return 0;
}

static const char *
composed(struct site *site)
{
	struct pt_err err;

	if (pt_compose(&site->compose, site->mail, &site->len, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(strlen(site->mail), site->len);
	return site->mail;
}

static void
holds(const char *mail, const char *text)
{
	if (strstr(mail, text) == NULL)
		fail_msg("\"%s\" is not in:\n%s", text, mail);
}

static void
lacks(const char *mail, const char *text)
{
	if (strstr(mail, text) != NULL)
		fail_msg("\"%s\" is in:\n%s", text, mail);
}

static void
test_a_mail_has_its_header_and_tells_the_figures(void **state)
{
	struct site *site = *state;
	const char *mail = composed(site);

	assert_memory_equal(mail,
	    "From: \"Example\"\n <postmaster@example.com>\n"
	    "To: ann@example.com\n"
	    "Subject: Mail programs switched off for ann@example.com\n"
	    "Date: Sat, 21 Nov 2026 12:01:00 +0000\n"
	    "Message-ID: <postern.7.1795262400.",
	    150);
	holds(mail, "@example.com>\nAuto-Submitted: auto-generated\n");
	holds(mail, "\nX-Postern-Notice: blocked-quota\n");
	holds(mail, "\nMIME-Version: 1.0\n");
	holds(mail, "\nContent-Language: en\n\nHello,\n");
	holds(mail, "2026-11-21 12:00 UTC");
	holds(mail, "\n   Messages refused within 1 hour: 52 (limit: 50)\n");
	holds(mail, "https://mail.example.com/help");
}

static void
test_the_message_id_is_that_of_the_entry(void **state)
{
	struct site *site = *state;
	char first[PT_COMPOSE_MAX];
	const char *id;
	size_t len;

	(void)snprintf(first, sizeof(first), "%s", composed(site));
	id = strstr(first, "Message-ID: ");
	assert_non_null(id);
	len = strcspn(id, "\n");
	site->compose.now += 3600;
	site->entry.tries = 3;
	assert_non_null(strstr(composed(site), "13:01:00 +0000"));
	assert_memory_equal(strstr(site->mail, "Message-ID: "), id, len);
	site->entry.id = 8;
	assert_memory_not_equal(
	    strstr(composed(site), "Message-ID: "), id, len);
}

static void
test_lines_without_a_value_are_left_out(void **state)
{
	struct site *site = *state;

	site->entry.notice = (struct pt_notice){
	    .kind = PT_NOTICE_ENABLED,
	    .at = TEST_NOW,
	    .protocols = PT_PROTOCOL_IMAP | PT_PROTOCOL_SMTP,
	};
	holds(composed(site), "Allowed: IMAP, SMTP\n");
	lacks(site->mail, "App password:");
	lacks(site->mail, "It works from");
	(void)snprintf(site->entry.notice.label,
	    sizeof(site->entry.notice.label), "My phone");
	site->entry.notice.until = TEST_NOW + 900;
	holds(composed(site), "App password: My phone\n");
	holds(site->mail, "It works from 2026-11-21 12:15 UTC on");
	/* What lay in the past when it happened. */
	site->entry.notice.until = TEST_NOW;
	lacks(composed(site), "It works from");
	lacks(site->mail, "{");
}

static void
test_nothing_from_outside_adds_a_line(void **state)
{
	/* U+202E turns the direction of writing. */
	static const char turned[] = {'\xe2', '\x80', '\xae', '\0'};
	struct site *site = *state;

	site->entry.notice.kind = PT_NOTICE_PASSWORD_CREATED;
	site->entry.notice.block = PT_BLOCK_NONE;
	(void)snprintf(site->entry.notice.label,
	    sizeof(site->entry.notice.label),
	    "a\r\nBcc: eve@example.com\x1b[2J\xc2\x9b%s{login}\xff", turned);
	holds(composed(site), "App password: aBcc: eve@example.com[2J{login}?");
	lacks(site->mail, "\r");
	lacks(site->mail, "\nBcc");
	/* A header field could never come from a login either. */
	site->entry.login = test_login("\"quoted,name@example.com");
	holds(composed(site), "\nTo: \"\\\"quoted,name\"@example.com\n");
	site->entry.login = test_login("=?utf-8?q?x?=@example.com");
	holds(composed(site), "\nSubject: =?UTF-8?B?");
}

static void
test_language_and_time_zone_are_the_accounts(void **state)
{
	static const struct {
		const char *wish;
		const char *got;
	} cases[] = {
	    {"", "en"},
	    {"lv", "lv"},
	    {"LV", "lv"},
	    {"ru-RU", "ru"},
	    {"et_EE", "et"},
	    {"lt", "lt"},
	    {"fi", "en"},
	    {"l", "en"},
	};
	struct site *site = *state;
	char line[64];

	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)snprintf(site->account.language,
		    sizeof(site->account.language), "%s", cases[i].wish);
		(void)snprintf(line, sizeof(line), "\nContent-Language: %s\n",
		    cases[i].got);
		holds(composed(site), line);
	}
	site->compose.language = "et";
	holds(composed(site), "\nContent-Language: et\n");
	site->compose.language = "en";
	if (!pt_zone_exists("Europe/Riga"))
		skip();
	(void)snprintf(site->account.timezone, sizeof(site->account.timezone),
	    "Europe/Riga");
	holds(composed(site), "2026-11-21 14:00 EET");
	site->compose.language = "lv";
	holds(composed(site), " 21.11.2026.=20\n14:00 EET");
	site->compose.language = "et";
	holds(composed(site), "21.11.2026 14:00 EET");
}

static void
test_other_languages_are_encoded(void **state)
{
	struct site *site = *state;
	size_t column = 0;

	configure(
	    site, "from = \"postmaster@example.com\" name = \"P\u0101rbaude\"");
	site->compose.language = "ru";
	holds(composed(site),
	    "From: =?UTF-8?B?UMSBcmJhdWRl?=\n <postmaster@example.com>\n");
	holds(site->mail, "\nSubject: =?UTF-8?B?");
	holds(site->mail, "?=\n =?UTF-8?B?");
	for (size_t i = 0; i < site->len; i++) {
		unsigned char c = (unsigned char)site->mail[i];

		assert_true(c == '\n' || (c >= ' ' && c < 0x7f));
		column = c == '\n' ? 0 : column + 1;
		assert_true(column <= 78);
	}
}

static void
test_every_text_of_every_language_can_be_sent(void **state)
{
	static const char *const languages[] = {"en", "lv", "lt", "et", "ru"};
	struct site *site = *state;
	struct pt_compose_text text;
	struct pt_err err;

	for (size_t i = 0; i < PT_ARRAY_LEN(languages); i++) {
		site->compose.language = languages[i];
		for (unsigned id = 0; id < PT_TEMPLATE_NOTICES; id++) {
			pt_template_notice(
			    (enum pt_template_id)id, &site->entry.notice);
			site->entry.notice.until = TEST_NOW + 86400;
			for (unsigned unit = PT_FIGURES_NONE;
			     unit < PT_FIGURES_UNITS; unit++) {
				site->entry.notice.figures.unit =
				    (enum pt_figures_unit)unit;
				(void)composed(site);
				assert_int_equal(pt_compose_text(&site->compose,
						     &text, &err),
				    0);
				lacks(text.body, "{");
				lacks(text.body, "  \n");
				assert_null(strstr(text.body, "\n\n\n"));
			}
		}
	}
}

static void
test_what_has_no_text_is_refused(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	site->entry.notice.block = PT_BLOCK_NONE;
	assert_int_equal(
	    pt_compose(&site->compose, site->mail, &site->len, &err), -1);
	assert_int_equal(err.kind, PT_ERR_INTERNAL);
	site->entry.notice.block = PT_BLOCK_QUOTA;
	site->config->notice.from[0] = '\0';
	assert_int_equal(
	    pt_compose(&site->compose, site->mail, &site->len, &err), -1);
	holds(err.text, "notice { from }");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_mail_has_its_header_and_tells_the_figures),
	    TEST(test_the_message_id_is_that_of_the_entry),
	    TEST(test_lines_without_a_value_are_left_out),
	    TEST(test_nothing_from_outside_adds_a_line),
	    TEST(test_language_and_time_zone_are_the_accounts),
	    TEST(test_other_languages_are_encoded),
	    TEST(test_every_text_of_every_language_can_be_sent),
	    TEST(test_what_has_no_text_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
