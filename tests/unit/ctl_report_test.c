/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The commands that only tell: config, stats, help, and errors. */

#include "core/base/attr.h"
#include "core/rules/reason.h"
#include "ctl/openmetrics.h"
#include "tests/unit/ctl_fixture.h"

static void
what_config_prints_is_a_configuration(void **state)
{
	struct fixture *f = *state;
	char *printed;
	char *changed;

	fixture_run(f, 0, "config -n");
	changed = strdup(f->out);
	assert_non_null(changed);
	fixture_run(f, 0, "config");
	printed = strdup(f->out);
	assert_non_null(printed);
	assert_true(strlen(printed) > strlen(changed));

	fixture_configure(f, printed);
	fixture_run(f, 0, "check-config");
	fixture_run(f, 0, "config");
	assert_string_equal(f->out, printed);
	fixture_configure(f, changed);
	fixture_run(f, 0, "config");
	assert_string_equal(f->out, printed);
	free(printed);
	free(changed);
}

static void
config_shows_what_was_asked_for(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "config -n --plan free");
	assert_non_null(strstr(f->out, "plan free {\n"));
	fixture_said(f, "messages");
	assert_null(strstr(f->out, "premium"));
	assert_null(strstr(f->out, "sessions"));
	fixture_run(f, 0, "config -n -f json");
	fixture_said(f, "{\"section\": null, \"key\": \"mode\", \"value\": "
			"\"enforce\", \"default\": false}");
	fixture_said(f, "\"section\": \"plan premium\"");
	fixture_run(f, 64, "config --plan gold");
	fixture_said(f, "cannot show plan gold");
}

static void
a_bad_configuration_is_reported_by_its_line(void **state)
{
	struct fixture *f = *state;

	fixture_configure(f, "mode = enforce\nmodus = enforce\n");
	fixture_run(f, 78, "check-config");
	fixture_said(f, "postern.conf:2: ");
	fixture_run(f, 78, "explain ann");
	fixture_configure(f, FIXTURE_CONFIG);
	fixture_run(f, 0, "check-config -f flow");
	fixture_said(f, "result=ok mode=enforce plans=\"free, premium\"");
}

static void
without_a_state_the_remedy_is_told(void **state)
{
	static const char *const lines[] = {"quota", "explain ann", "lock ann",
	    "dump", "stats", "account list", "top"};
	struct fixture *f = *state;
	size_t i;

	fixture_configure(f, "state_dir = \"@DIR@/none\"\nplan free { }\n");
	for (i = 0; i < PT_ARRAY_LEN(lines); i++) {
		fixture_run(f, 78, lines[i]);
		fixture_said(f, "posternctl init");
	}
}

static void
an_unlimited_plan_is_said_to_be_one(void **state)
{
	struct fixture *f = *state;

	fixture_configure(f, "state_dir = \"@DIR@/state\"\nplan free { }\n");
	fixture_run(f, 0, "quota ann@example.com -f flow");
	assert_string_equal(f->out,
	    "login=ann@example.com kind=messages window= used= limit= left= "
	    "full_until=\n");
	fixture_run(f, 0, "explain ann@example.com -f tab");
	fixture_said(f, "messages\tno limit\n");
}

static void
a_plan_that_is_gone_is_explained(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "set ann@example.com plan=premium");
	fixture_configure(
	    f, "mode = enforce\nstate_dir = \"@DIR@/state\"\nplan free { }\n");
	fixture_run(f, 0, "explain ann@example.com");
	fixture_said(f, "not in the configuration");
	fixture_said(f, "posternctl set ann@example.com");
	fixture_run(f, 78, "quota ann@example.com");
	fixture_said(f, "posternctl set ann@example.com plan=");
	fixture_configure(f, "state_dir = \"@DIR@/state\"\nplan free { }\n");
	fixture_run(f, 0, "explain ann@example.com");
	fixture_said(f, "because mode is observe");
}

static void
every_command_has_help(void **state)
{
	const struct pc_command *command;
	struct fixture *f = *state;
	const char *at;
	char line[128];
	size_t i;

	for (i = 0; (command = pc_command_at(i)) != NULL; i++) {
		(void)snprintf(line, sizeof(line), "%s --help", command->words);
		fixture_run(f, 0, line);
		assert_int_equal(strncmp(f->out, "usage: posternctl ", 18), 0);
		assert_null(strchr(f->out, '`'));
		fixture_run(f, 0, "--help");
		fixture_said(f, command->summary);
	}
	/* Nothing of the overview is wider than a terminal. */
	for (at = f->out; *at != '\0'; at += strcspn(at, "\n") + 1)
		assert_in_range(strcspn(at, "\n"), 0, 80);
	fixture_run(f, 0, "--version");
	fixture_said(f, POSTERN_VERSION);
}

static void
a_mistake_shows_the_usage(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 64, "lock");
	fixture_said(f, "usage: posternctl lock LOGIN [--note TEXT]\n");
	assert_string_equal(f->out, "");
	fixture_run(f, 64, "history -n 0");
	fixture_run(f, 64, "history -n many");
	fixture_run(f, 65, "quota a~b");
	assert_string_equal(f->out, "");
}

/* Every sample belongs to a family that was announced, and the end is told. */
static void
openmetrics_is_as_its_grammar_wants(void **state)
{
	static struct pc_stats stats;
	char family[128] = "";
	struct pt_err err;
	size_t len;
	char *text;
	char *line;
	char *next;
	FILE *stream = open_memstream(&text, &len);

	(void)state;
	assert_non_null(stream);
	stats.policyd.requests = UINT64_MAX;
	stats.policyd.refused[PT_REASON_QUOTA] = 7;
	stats.policyd.sessions_refused[PT_REASON_SESSIONS] = 8;
	stats.milter.refused[PT_REASON_FROM_NOT_OWNED] = 9;
	stats.milter.refunded = 10;
	stats.keeper.notices_given_up = 11;
	stats.usage.outbox = 12;
	stats.outbox_age = 13;
	stats.keeper_life.is_known = true;
	assert_int_equal(pc_openmetrics_write(stream, &stats, &err), 0);
	assert_int_equal(fclose(stream), 0);
	assert_non_null(strstr(text, "postern_policy_requests_total "
				     "18446744073709551615\n"));
	assert_non_null(strstr(text, "postern_messages_refused_total{program="
				     "\"policyd\",reason=\"quota\"} 7\n"));
	assert_non_null(
	    strstr(text, "postern_messages_refused_total{program=\"milter\","
			 "reason=\"from-not-owned\"} 9\n"));
	assert_non_null(strstr(text, "postern_milter_refunded_total 10\n"));
	assert_non_null(
	    strstr(text, "postern_keeper_notices_given_up_total 11\n"));
	assert_non_null(strstr(text, "postern_outbox 12\n"));
	assert_non_null(strstr(text, "postern_outbox_age_seconds 13\n"));
	assert_non_null(strstr(text, "postern_up{program=\"keeper\"} 0\n"));
	assert_null(strstr(text, "postern_up{program=\"policyd\"}"));
	assert_non_null(strstr(
	    text, "postern_sessions_refused_total{reason=\"sessions\"} 8\n"));
	assert_string_equal(text + len - 6, "# EOF\n");
	for (line = text; *line != '\0'; line = next) {
		next = line + strcspn(line, "\n");
		*next++ = '\0';
		if (sscanf(line, "# TYPE %127s", family) == 1 || line[0] == '#')
			continue;
		if (strncmp(line, family, strlen(family)) != 0)
			fail_msg("%s after %s", line, family);
	}
	free(text);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(what_config_prints_is_a_configuration),
	    TEST(config_shows_what_was_asked_for),
	    TEST(a_bad_configuration_is_reported_by_its_line),
	    TEST(without_a_state_the_remedy_is_told),
	    TEST(an_unlimited_plan_is_said_to_be_one),
	    TEST(a_plan_that_is_gone_is_explained),
	    TEST(every_command_has_help),
	    TEST(a_mistake_shows_the_usage),
	    cmocka_unit_test(openmetrics_is_as_its_grammar_wants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
