/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/args.h"

#include "tests/unit/support/testing.h"

#define WORDS_MAX 12

struct words {
	int argc;
	char *argv[WORDS_MAX];
	char bytes[512];
};

/* Splits at blanks; "_" stands for a blank within a word. */
static void
split(const char *line, struct words *out)
{
	char *at;

	memset(out, 0, sizeof(*out));
	(void)snprintf(out->bytes, sizeof(out->bytes), "posternctl %s", line);
	for (at = out->bytes; *at != '\0'; at++) {
		if (at == out->bytes || at[-1] == '\0')
			out->argv[out->argc++] = at;
		if (*at == ' ')
			*at = '\0';
		else if (*at == '_')
			*at = ' ';
	}
}

static int
parse(const char *line, struct words *words, struct pc_call *call,
    struct pt_err *err)
{
	memset(call, 0, sizeof(*call));
	call->config_file = "default";
	split(line, words);
	return pc_args_parse(words->argc, words->argv, call, err);
}

static void
good_lines_are_read(void **state)
{
	static const struct {
		const char *line;
		const char *words;
		const char *args[3];
		const char *option; /* name=value */
		const char *config_file;
		enum pc_format format;
	} cases[] = {
	    {"account list", "account list", {NULL}, NULL, "default",
		PC_FORMAT_TABLE},
	    {"account show ann", "account show", {"ann"}, NULL, "default",
		PC_FORMAT_TABLE},
	    {"-c x -f json quota", "quota", {NULL}, NULL, "x", PC_FORMAT_JSON},
	    {"quota -fflow ann -c y", "quota", {"ann"}, NULL, "y",
		PC_FORMAT_FLOW},
	    {"set ann messages= plan=a_b", "set",
		{"ann", "messages=", "plan=a b"}, NULL, "default",
		PC_FORMAT_TABLE},
	    {"grant ann +5 --until=+2h", "grant", {"ann", "+5"}, "until=+2h",
		"default", PC_FORMAT_TABLE},
	    {"grant ann --until 14:05 5", "grant", {"ann", "5"}, "until=14:05",
		"default", PC_FORMAT_TABLE},
	    {"lock --note -x ann", "lock", {"ann"}, "note=-x", "default",
		PC_FORMAT_TABLE},
	    {"lock -- --note", "lock", {"--note"}, NULL, "default",
		PC_FORMAT_TABLE},
	    {"load -", "load", {"-"}, NULL, "default", PC_FORMAT_TABLE},
	    {"top -n5", "top", {NULL}, "n=5", "default", PC_FORMAT_TABLE},
	    {"config -n", "config", {NULL}, "n=", "default", PC_FORMAT_TABLE},
	};
	struct words words;
	struct pc_call call;
	struct pt_err err;
	char option[32];
	size_t i;
	size_t j;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		if (parse(cases[i].line, &words, &call, &err) != 0)
			fail_msg("%s: %s", cases[i].line, err.text);
		assert_string_equal(call.command->words, cases[i].words);
		for (j = 0; j < 3 && cases[i].args[j] != NULL; j++)
			assert_string_equal(call.args[j], cases[i].args[j]);
		assert_int_equal(call.arg_count, j);
		assert_string_equal(call.config_file, cases[i].config_file);
		assert_int_equal(call.format, cases[i].format);
		if (cases[i].option == NULL)
			continue;
		j = strcspn(cases[i].option, "=");
		memcpy(option, cases[i].option, j);
		option[j] = '\0';
		assert_string_equal(
		    pc_call_option(&call, option), cases[i].option + j + 1);
	}
}

static void
mistakes_are_named(void **state)
{
	static const struct {
		const char *line;
		const char *text;
		bool knows_command;
	} cases[] = {
	    {"", "a command is missing", false},
	    {"quotta", "did you mean \"quota\"", false},
	    {"account", "\"account\": a word is missing", false},
	    {"account shwo", "did you mean \"account show\"", false},
	    {"nonsense\033[31m", "\"nonsense\\x1B[31m\"", false},
	    {"lock", "LOGIN is missing", true},
	    {"set ann", "KEY=VALUE is missing", true},
	    {"sender add ann", "ADDRESS is missing", true},
	    {"unlock ann bob", "\"bob\" is one word too many", true},
	    {"lock ann --nota x", "did you mean --note", true},
	    {"lock ann --note", "its TEXT is missing", true},
	    {"lock ann --until 5", "no such option", true},
	    {"-n 5 top", "no such option", false},
	    {"stats --openmetrics=yes", "takes no value", true},
	    {"quota -f xml", "\"xml\"", true},
	    {"dump -f json", "one format only", true},
	};
	struct words words;
	struct pc_call call;
	struct pt_err err;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(parse(cases[i].line, &words, &call, &err), -1);
		assert_int_equal(err.kind, PT_ERR_USAGE);
		if (strstr(err.text, cases[i].text) == NULL)
			fail_msg("%s: got \"%s\"", cases[i].line, err.text);
		assert_int_equal(call.command != NULL, cases[i].knows_command);
	}
}

static void
help_needs_nothing_else(void **state)
{
	static const struct {
		const char *line;
		const char *words; /* NULL: no command */
		const char *group;
	} cases[] = {
	    {"--help", NULL, NULL},
	    {"help", NULL, NULL},
	    {"help set", "set", NULL},
	    {"set -h", "set", NULL},
	    {"account --help", NULL, "account"},
	};
	struct words words;
	struct pc_call call;
	struct pt_err err;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(parse(cases[i].line, &words, &call, &err), 0);
		assert_true(call.help);
		if (cases[i].words == NULL)
			assert_null(call.command);
		else
			assert_string_equal(
			    call.command->words, cases[i].words);
		if (cases[i].group == NULL)
			assert_null(call.group);
		else
			assert_string_equal(call.group, cases[i].group);
	}
	assert_int_equal(parse("-V", &words, &call, &err), 0);
	assert_true(call.version);
}

static void
patterns_say_how_many_arguments(void **state)
{
	static const struct {
		const char *pattern;
		size_t min;
		size_t max;
	} cases[] = {
	    {"", 0, 0},
	    {"LOGIN", 1, 1},
	    {"[LOGIN]", 0, 1},
	    {"LOGIN +COUNT", 2, 2},
	    {"LOGIN KEY=VALUE...", 2, SIZE_MAX},
	    {"LOGIN [ADDRESS]...", 1, SIZE_MAX},
	};
	size_t min;
	size_t max;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		pc_command_arg_range(cases[i].pattern, &min, &max);
		assert_int_equal(min, cases[i].min);
		assert_int_equal(max, cases[i].max);
	}
}

/* What --help and the man page need of every command. */
static void
every_command_is_described(void **state)
{
	const struct pc_command *command;
	size_t doc_len;
	size_t i;

	(void)state;
	for (i = 0; (command = pc_command_at(i)) != NULL; i++) {
		doc_len = strlen(command->doc);
		assert_non_null(command->run);
		/* One line of the overview. */
		assert_in_range(strlen(command->summary), 10, 46);
		assert_true(doc_len > 20);
		assert_string_equal(command->doc + doc_len - 2, ".\n");
		assert_ptr_equal(pc_command_find(command->words), command);
	}
	assert_true(pc_command_is_group("sender"));
	assert_false(pc_command_is_group("send"));
	assert_false(pc_command_is_group("quota"));
}

/* Whoever reads the output with a program looks it up in the man page. */
static void
every_column_is_described(void **state)
{
	const struct pc_command *command;
	const struct pc_column *column;
	size_t i;

	(void)state;
	for (i = 0; (command = pc_command_at(i)) != NULL; i++) {
		if ((command->columns == NULL) != command->one_format)
			fail_msg("%s", command->words);
		column = command->columns;
		for (; column != NULL && column->name != NULL; column++) {
			if ((column->doc == NULL) !=
			    ((column->flags & PC_HUMAN) != 0))
				fail_msg(
				    "%s: %s", command->words, column->name);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_lines_are_read),
	    cmocka_unit_test(mistakes_are_named),
	    cmocka_unit_test(help_needs_nothing_else),
	    cmocka_unit_test(patterns_say_how_many_arguments),
	    cmocka_unit_test(every_command_is_described),
	    cmocka_unit_test(every_column_is_described),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
