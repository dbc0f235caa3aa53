/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Files of texts: what is read, from where, and what is refused. */

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/notice/template.h"
#include "tests/unit/support/testing.h"

struct site {
	char dir[256]; /* with first/ in it, before those we ship */
	char first[300];
	struct pt_config *config;
	struct pt_templates *templates;
};

static int
set_up(void **state)
{
	struct site *site = calloc(1, sizeof(*site));
	char shipped[512];
	char text[1400];
	struct pt_err err;

	assert_non_null(site);
	assert_non_null(getcwd(shipped, sizeof(shipped)));
	test_make_dir(site->dir, sizeof(site->dir));
	(void)snprintf(site->first, sizeof(site->first), "%s/first", site->dir);
	assert_int_equal(mkdir(site->first, 0700), 0);
	(void)snprintf(text, sizeof(text),
	    "notice { from = \"p@example.com\" languages = { \"en\", \"lv\" } "
	    "templates = { \"%s\", \"%s/packaging/templates\" } }\n",
	    site->first, shipped);
	if (pt_config_parse("test", text, &site->config, &err) != 0)
		fail_msg("%s", err.text);
	*state = site;
	return 0;
}

static int
tear_down(void **state)
{
	struct site *site = *state;

	pt_templates_free(site->templates);
	pt_config_free(site->config);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

static void
write_file(
    const struct site *site, const char *name, const char *text, size_t len)
{
	char path[400];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", site->first, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void
reads(struct site *site, const char *text)
{
	struct pt_err err;

	write_file(site, "en.txt", text, strlen(text));
	pt_templates_free(site->templates);
	site->templates = NULL;
	if (pt_templates_open(site->config, &site->templates, &err) != 0)
		fail_msg("%s", err.text);
}

static void
refuses(struct site *site, const char *text, size_t len, const char *why)
{
	struct pt_err err;

	write_file(site, "en.txt", text, len);
	assert_int_equal(pt_templates_check(site->config, &err), -1);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
	if (strstr(err.text, why) == NULL)
		fail_msg("\"%s\" is not in: %s", why, err.text);
}

static void
test_a_file_may_hold_only_what_differs(void **state)
{
	struct site *site = *state;
	const struct pt_template_language *en;

	reads(site,
	    "\xef\xbb\xbf# Ours\r\n\r\n[penalty]\r\nSubject:  Slowly, {login} "
	    "\r\n\r\n\r\nPlease wait\tuntil {until}.\r\n# not shown\r\n\r\n"
	    "\r\nThanks\r\n\r\n");
	en = pt_templates_find(site->templates, "en");
	assert_string_equal(
	    en->texts[PT_TEMPLATE_PENALTY].subject, "Slowly, {login}");
	assert_string_equal(en->texts[PT_TEMPLATE_PENALTY].body,
	    "Please wait until {until}.\n\nThanks\n");
	/* The rest is as it is shipped, and so is the other language. */
	assert_non_null(
	    strstr(en->texts[PT_TEMPLATE_ENABLED].body, "\nOn {time}, access"));
	assert_string_equal(en->words.forms[PT_UNIT_HOUR][1], "hours");
	assert_non_null(strstr(pt_templates_find(site->templates, "lv")
				   ->texts[PT_TEMPLATE_PENALTY]
				   .body,
	    "Labdien!"));
}

static void
test_mistakes_are_told_with_file_and_line(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
	    {"Hello\n", "/first/en.txt:1: a text stands in a section"},
	    {"# x\n\n[enabld]\n", "en.txt:3: there is no section of this"},
	    {"[]\n", "en.txt:1: there is no section of this"},
	    {"[penalty]\nHello\n", "en.txt:2: a section begins with"},
	    {"[penalty]\nSubject: \nx\n", "en.txt:2: a subject has"},
	    {"[penalty]\nSubject: {until}\nx\n",
		"en.txt:2: {until} cannot stand here: there are {login} "
		"{provider}"},
	    {"[penalty]\nSubject: x\n\nHi {logn},\n",
		"en.txt:4: {logn} cannot stand here: there are {login} "},
	    {"[penalty]\nSubject: x\n\nHi {login,\n",
		"en.txt:4: a \"{\" begins"},
	    {"[penalty]\nSubject: x\n\n", "en.txt:1: [penalty] has no text"},
	    {"[footer]\n\n[penalty]\n", "en.txt:1: [footer] has no text"},
	    {"[footer]\nx\n[footer]\n", "en.txt:3: this section stands twice"},
	    {"[footer]\n\xc4\n", "en.txt:2: the line is not UTF-8"},
	    {"[footer]\na\x1b[2J\n", "en.txt:2: there is a control"},
	    {"[words]\nplural: english\nday: day days\n",
		"en.txt:1: [words] needs a line \"week:\" with 2 forms"},
	    {"[words]\nplural: dual\n", "en.txt:2: \"dual\" is not known"},
	    {"[words]\ndate: julian\n",
		"en.txt:2: \"julian\" is not known here: there are iso, dotted "
		"and latvian"},
	    {"[words]\nmonth: a b\n", "en.txt:2: \"month\" is not known"},
	    {"[words]\nday: a b c d\n", "en.txt:2: no language here has"},
	    {"[words]\nday: a\nday: b\n", "en.txt:3: this line stands twice"},
	    {"[words]\nday\n", "en.txt:2: a line here is \"WORD: TEXT\""},
	    {"[words]\nday: \n", "en.txt:2: there is nothing behind"},
	    {"[figures]\nmails: 1\n", "en.txt:2: \"mails\" is not known"},
	    {"[figures]\nbytes: {login}\n",
		"en.txt:2: {login} cannot stand here: there are {used} "
		"{limit} {period}"},
	    {"[figures]\nbytes: {used}\n",
		"en.txt:1: [figures] needs a line \"messages:\""},
	};
	struct site *site = *state;

	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++)
		refuses(
		    site, cases[i].text, strlen(cases[i].text), cases[i].why);
	refuses(site, "[footer]\na\0b\n", 13, "en.txt:2: there is a control");
}

static void
test_what_is_too_long_is_refused(void **state)
{
	struct site *site = *state;
	size_t cap = PT_TEMPLATE_FILE_MAX + 2;
	char *text = malloc(cap);
	size_t len;

	assert_non_null(text);
	len = (size_t)snprintf(text, cap, "[footer]\n");
	memset(text + len, 'a', 1001);
	text[len + 1001] = '\n';
	refuses(site, text, len + 1002, "en.txt:2: the line is longer");
	memset(text + len, 'a', 5 * 900);
	for (size_t i = 1; i <= 5; i++)
		text[len + 900 * i - 1] = '\n';
	refuses(site, text, len + 4500, "en.txt:1: [footer] is longer than");
	memset(text, '\n', cap);
	refuses(site, text, cap, "it is larger than 64 kB");
	free(text);
}

static void
test_a_language_without_texts_is_refused(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	write_file(site, "fi.txt", "[footer]\nx\n", 11);
	(void)snprintf(site->config->notice.languages.at[1], 3, "fi");
	assert_int_equal(pt_templates_check(site->config, &err), -1);
	assert_non_null(
	    strstr(err.text, "has a file fi.txt with section [words]"));
	/* Nobody is told anything, so nothing need be there. */
	site->config->notice.from[0] = '\0';
	assert_int_equal(pt_templates_check(site->config, &err), 0);
}

static void
test_each_notice_has_its_text(void **state)
{
	struct pt_notice notice = {.kind = PT_NOTICE_NONE};

	(void)state;
	for (unsigned id = 0; id < PT_TEMPLATE_NOTICES; id++) {
		pt_template_notice((enum pt_template_id)id, &notice);
		assert_int_equal(pt_template_of(&notice), id);
	}
	for (unsigned kind = 1; kind < PT_NOTICE_KINDS; kind++) {
		notice.kind = (enum pt_notice_kind)kind;
		notice.block = PT_BLOCK_QUOTA;
		assert_int_not_equal(
		    pt_template_of(&notice), PT_TEMPLATE_NOTICES);
	}
	for (unsigned block = PT_BLOCK_QUOTA; block <= PT_BLOCK_ADMIN;
	     block++) {
		notice.kind = PT_NOTICE_BLOCKED;
		notice.block = (enum pt_block_reason)block;
		assert_memory_equal(
		    pt_template_name(pt_template_of(&notice)), "blocked-", 8);
		assert_string_equal(
		    pt_template_name(pt_template_of(&notice)) + 8,
		    pt_block_reason_name((enum pt_block_reason)block));
	}
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_file_may_hold_only_what_differs),
	    TEST(test_mistakes_are_told_with_file_and_line),
	    TEST(test_what_is_too_long_is_refused),
	    TEST(test_a_language_without_texts_is_refused),
	    cmocka_unit_test(test_each_notice_has_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
