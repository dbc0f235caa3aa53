/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* batch: many commands in few transactions. */

#include <fcntl.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "ctl/batch_input.h"
#include "ctl/shell_words.h"
#include "tests/unit/ctl_issue.h"

static void
a_line_is_split_as_a_shell_splits_it(void **state)
{
	static const struct {
		const char *line;
		const char *words; /* with | between; NULL: refused */
	} cases[] = {
	    {"", ""},
	    {"  \t ", ""},
	    {"# set ann plan=free", ""},
	    {"set ann plan=free", "set|ann|plan=free"},
	    {"set ann plan=free # why", "set|ann|plan=free"},
	    {"set ann a#b", "set|ann|a#b"},
	    {"lock ann --note 'it is so'", "lock|ann|--note|it is so"},
	    {"lock ann --note \"a \\\"b\\\" \\\\ \\n\"",
		"lock|ann|--note|a \"b\" \\ \\n"},
	    {"lock ann --note='a'\"b\"c", "lock|ann|--note=abc"},
	    {"lock ann --note ''", "lock|ann|--note|"},
	    {"lock a\\ b\\'c \\#", "lock|a b'c|#"},
	    {"set $HOME * ~ `x`", "set|$HOME|*|~|`x`"},
	    {"a b\r", "a|b"},
	    {"set 'ann", NULL},
	    {"set \"ann\\\"", NULL},
	    {"set ann\\", NULL},
	    {"1 2 3 4 5 6", NULL},
	};
	char *words[5];
	struct pt_err err;
	struct pt_text text;
	char joined[128];
	char line[128];
	size_t count;
	size_t i;
	size_t j;
	int rc;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)snprintf(line, sizeof(line), "%s", cases[i].line);
		rc = pc_shell_words(line, words, 5, &count, &err);
		if (cases[i].words == NULL) {
			assert_int_equal(rc, -1);
			assert_int_equal(err.kind, PT_ERR_USAGE);
			continue;
		}
		assert_int_equal(rc, 0);
		pt_text_init(&text, joined, sizeof(joined));
		for (j = 0; j < count; j++)
			pt_text_addf(
			    &text, "%s%s", j == 0 ? "" : "|", words[j]);
		assert_string_equal(joined, cases[i].words);
	}
}

static void
write_lines(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void
lines_that_cannot_be_are_refused_one_by_one(void **state)
{
	static const struct {
		size_t length; /* of a line of "x"; 0: "a\0b" */
		enum pc_batch_read read;
	} cases[] = {
	    {3, PC_BATCH_LINE},
	    {PC_BATCH_LINE_MAX, PC_BATCH_LINE},
	    {PC_BATCH_LINE_MAX + 1, PC_BATCH_REFUSED},
	    {0, PC_BATCH_REFUSED},
	    {200000, PC_BATCH_REFUSED},
	    {65536, PC_BATCH_REFUSED},
	    {1, PC_BATCH_LINE},
	};
	struct fixture *f = *state;
	char path[300];
	char *line = malloc(PC_BATCH_LINE_MAX + 1);
	char *text = malloc(400000);
	struct pc_batch_input input;
	struct pt_err err;
	size_t len = 0;
	size_t i;

	assert_non_null(line);
	assert_non_null(text);
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		memset(text + len, 'x', cases[i].length);
		if (cases[i].length == 0)
			memcpy(text + len, "a\0b", 3);
		len += cases[i].length == 0 ? 3 : cases[i].length;
		text[len++] = '\n';
	}
	/* The last line needs no end. */
	(void)snprintf(path, sizeof(path), "%s/lines", f->dir);
	write_lines(path, text, len - 1);
	assert_int_equal(pc_batch_input_open(&input, path, &err), 0);
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(pc_batch_input_next(&input, true, line, &err),
		    cases[i].read);
		assert_int_equal(input.number, i + 1);
		if (cases[i].read == PC_BATCH_LINE)
			assert_int_equal(strlen(line), cases[i].length);
	}
	assert_int_equal(
	    pc_batch_input_next(&input, true, line, &err), PC_BATCH_END);
	pc_batch_input_close(&input);
	free(line);
	free(text);
}

static void
run_batch(struct fixture *f, int code, const char *options, const char *lines)
{
	char command[400];
	char path[300];

	(void)snprintf(path, sizeof(path), "%s/lines", f->dir);
	write_lines(path, lines, strlen(lines));
	(void)snprintf(command, sizeof(command), "batch %s %s", path, options);
	fixture_run(f, code, command);
}

static void
every_command_that_changes_an_account_can_stand_in_a_batch(void **state)
{
	struct fixture *f = *state;

	run_batch(f, 0, "-f tab",
	    "set ann plan=all\n"
	    "enable ann --protocols imap,smtp\n"
	    "password create ann --label 'An: Phone'\n"
	    "password revoke ann 1\n"
	    "lock ann --note why\n"
	    "unlock ann\n"
	    "grant ann +100\n"
	    "reset ann\n"
	    "sender add ann @example.org x@example.net\n"
	    "sender remove ann x@example.net\n"
	    "block ann --reason cracked\n"
	    "password-changed ann\n"
	    "unblock ann\n"
	    "disable ann\n"
	    "set bob plan=all\n"
	    "account delete bob --note gone\n");
	fixture_said(f, "16 commands: 14 done, 2 unchanged, 0 no, 0 failed\n");
	fixture_run(f, 0, "account show ann -f tab");
	fixture_said(f, "sender\t@example.org\n");
	fixture_said(f, "plan\tall\n");
	fixture_run(f, 0, "history bob -f tab");
	fixture_said(f, "the account was forgotten: gone");
	fixture_run(f, 1, "account show bob");
}

static void
app_passwords_of_a_batch_are_told_with_their_lines(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	run_batch(f, 0, "-f tab",
	    "enable ann\n\n# no more\nenable bob\nlock cyd\n"
	    "enable ann --protocols smtp\n");
	assert_int_equal(issue_find(f->out, secret), 2);
	fixture_said(f, "1\tann@example.com\tenable\tdone\t1\t");
	fixture_said(f, "4\tbob@example.com\tenable\tdone\t1\t");
	fixture_said(f, "6\tann@example.com\tenable\tdone\t\t\t");
	assert_null(strstr(f->out, "cyd"));
	/* They came in this order, and are different. */
	assert_non_null(strstr(strstr(f->out, secret) + 1, "\n6\tann"));
}

static void
a_line_that_fails_harms_no_neighbour(void **state)
{
	struct fixture *f = *state;

	run_batch(f, 64, "-f tab --keep-going",
	    "set ann messages=7/1h\n"
	    "set ann messages=8/1h plan=nothing\n"
	    "set ann recipients=9/1h\n"
	    "frobnicate ann\n"
	    "stats\n"
	    "-c /etc/passwd lock ann\n"
	    "lock ann -f json\n"
	    "lock 'ann\n"
	    "password revoke ann 3\n"
	    "lock\n"
	    "lock ann --note ok\n");
	fixture_said(f, "2\tann@example.com\tset\tfailed\t");
	fixture_said(f, "\n4\t\t\tfailed\t");
	fixture_said(f, "changes no account");
	fixture_said(f, "\n6\t\tlock\tfailed\t");
	fixture_said(f, "\n7\t\tlock\tfailed\t");
	fixture_said(f, "\n8\t\t\tfailed\t");
	fixture_said(f, "\n9\tann@example.com\tpassword revoke\tno\t");
	fixture_said(f, "\n10\t\tlock\tfailed\t");
	fixture_said(f, "11 commands: 3 done, 0 unchanged, 1 no, 7 failed\n");
	fixture_said(
	    f, "cannot run all of the batch: 7 of its commands failed");
	fixture_run(f, 0, "account show ann -f tab");
	fixture_said(f, "messages=7/1h");
	fixture_said(f, "recipients=9/1h");
	fixture_said(f, "lock_note\tok\n");
}

static void
nothing_but_negative_answers_is_one(void **state)
{
	struct fixture *f = *state;

	run_batch(f, 1, "", "account delete nobody\nlock ann\n");
	fixture_said(f, "2 commands: 1 done, 0 unchanged, 1 no, 0 failed\n");
}

/* 128 lines and a half of another transaction. */
static void
many_lines(char *text, size_t cap, const char *first)
{
	struct pt_text lines;
	unsigned i;

	pt_text_init(&lines, text, cap);
	pt_text_add(&lines, first);
	for (i = 0; i < 191; i++)
		pt_text_addf(&lines, "lock u%u\n", i);
	assert_false(lines.cut);
}

static void
a_batch_stops_behind_the_transaction_in_which_a_line_failed(void **state)
{
	struct fixture *f = *state;
	char lines[4096];

	many_lines(lines, sizeof(lines), "set ann plan=nothing\n");
	run_batch(f, 64, "", lines);
	fixture_said(f, "stopped after line 128");
	fixture_said(
	    f, "128 commands: 127 done, 0 unchanged, 0 no, 1 failed\n");
	run_batch(f, 64, "--keep-going", lines);
	fixture_said(
	    f, "192 commands: 64 done, 127 unchanged, 0 no, 1 failed\n");
	fixture_run(f, 0, "account show u190");
}

static void
what_could_not_be_printed_is_revoked(void **state)
{
	struct fixture *f = *state;
	char path[300];
	char words[][16] = {"posternctl", "-c", "batch"};
	char *argv[] = {words[0], words[1], f->conf, words[2], path, NULL};
	FILE *full = fopen("/dev/full", "w");
	char *errors = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&errors, &len);

	assert_non_null(full);
	assert_non_null(stream);
	(void)snprintf(path, sizeof(path), "%s/lines", f->dir);
	write_lines(path, "enable ann\nenable bob\n", 22);
	assert_int_equal(pc_run(5, argv, full, stream), 75);
	(void)fclose(full);
	assert_int_equal(fclose(stream), 0);
	assert_non_null(strstr(errors, "ann@example.com: cannot print"));
	assert_non_null(strstr(errors, "bob@example.com: cannot print"));
	free(errors);
	fixture_run(f, 0, "password list ann --all -f tab");
	fixture_said(f, "\trevoked\t");
}

/* Who is moved in has switched nothing on; who is blocked must know. */
static void
without_notices_owners_are_told_of_blocks_alone(void **state)
{
	static const char lines[] =
	    "enable ann\npassword create ann\nblock ann --reason admin\n";
	struct fixture *f = *state;

	fixture_configure(
	    f, FIXTURE_CONFIG "notice { from = \"pm@example.com\" }\n");
	run_batch(f, 0, "--no-notices", lines);
	fixture_run(f, 0, "notice list -f flow");
	fixture_said(f, "notice=blocked-admin");
	assert_string_equal(strchr(f->out, '\n'), "\n");
	run_batch(f, 0, "", "unblock ann\nenable ann\n");
	fixture_run(f, 0, "notice list -f flow");
	fixture_said(f, "notice=enabled");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_is_split_as_a_shell_splits_it),
	    cmocka_unit_test_setup_teardown(
		lines_that_cannot_be_are_refused_one_by_one, issue_set_up,
		fixture_tear_down),
	    cmocka_unit_test_setup_teardown(
		every_command_that_changes_an_account_can_stand_in_a_batch,
		issue_set_up, fixture_tear_down),
	    cmocka_unit_test_setup_teardown(
		app_passwords_of_a_batch_are_told_with_their_lines,
		issue_set_up, fixture_tear_down),
	    cmocka_unit_test_setup_teardown(
		a_line_that_fails_harms_no_neighbour, issue_set_up,
		fixture_tear_down),
	    cmocka_unit_test_setup_teardown(nothing_but_negative_answers_is_one,
		issue_set_up, fixture_tear_down),
	    cmocka_unit_test_setup_teardown(
		a_batch_stops_behind_the_transaction_in_which_a_line_failed,
		issue_set_up, fixture_tear_down),
	    cmocka_unit_test_setup_teardown(
		what_could_not_be_printed_is_revoked, issue_set_up,
		fixture_tear_down),
	    cmocka_unit_test_setup_teardown(
		without_notices_owners_are_told_of_blocks_alone, fixture_set_up,
		fixture_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
