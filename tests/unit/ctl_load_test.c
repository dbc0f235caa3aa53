/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* load: batches of every shape, and its temporary file. */

#include "core/base/attr.h"
#include "core/base/text.h"
#include "tests/unit/ctl_fixture.h"

#define HEAD \
	"{\"postern\": \"dump\", \"version\": 1, \"at\": 1, \"by\": \"x\"}\n"

/* With so many addresses of 30 bytes. */
static void
write_account(FILE *file, int number, int senders)
{
	fprintf(file,
	    "{\"postern\": \"account\", \"login\": \"u%d@example.com\", "
	    "\"created_at\": %d, \"plan\": \"\", \"status\": \"active\", "
	    "\"language\": \"\", \"lock\": {\"at\": 0, \"note\": \"\"}, "
	    "\"block_reason\": \"\", \"block\": {\"at\": 0, \"note\": \"\"}, "
	    "\"grant\": {\"until\": 0, \"amount\": 0, \"id\": 0}, "
	    "\"overrides\": [], \"senders\": [",
	    number, number + 1);
	for (int i = 0; i < senders; i++)
		fprintf(file, "%s\"address-%08d@example.org\"",
		    i == 0 ? "" : ", ", i);
	fprintf(file, "]}\n");
}

static void
write_history(FILE *file, int number)
{
	fprintf(file,
	    "{\"postern\": \"history\", \"login\": \"u%d@example.com\", "
	    "\"at\": 5, \"who\": \"root\", \"what\": \"a\", \"detail\": "
	    "\"d\"}\n",
	    number);
}

static void
write_activity(FILE *file, int number)
{
	fprintf(file,
	    "{\"postern\": \"activity\", \"login\": \"u%d@example.com\", "
	    "\"messages\": [[9, 9, 1]], \"recipients\": [], \"bytes\": [], "
	    "\"charged\": [], \"grant\": {\"id\": 0, \"used\": 0}, "
	    "\"sent\": {\"at\": 9, \"messages\": %d, \"recipients\": 1, "
	    "\"bytes\": 9}, \"refused\": {\"at\": 0, \"reason\": 0, "
	    "\"total\": 0, \"attempts\": []}}\n",
	    number, number + 1);
}

static FILE *
open_dump(const struct fixture *f)
{
	char path[600];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/dump", f->dir);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(HEAD, file) >= 0);
	return file;
}

static int
load(struct fixture *f, FILE *file)
{
	char line[700];

	assert_int_equal(fclose(file), 0);
	(void)snprintf(line, sizeof(line), "load %s/dump -f tab", f->dir);
	return fixture_try(f, line);
}

static void
batches_of_every_shape_are_loaded_whole(void **state)
{
	static const struct {
		int accounts;
		int senders; /* of each */
		int step;    /* each so many-th has an activity record, too */
	} cases[] = {
	    {1023, 0, 2000},
	    {1024, 0, 2000},
	    {1025, 0, 2000},
	    {2500, 1, 127},
	    {700, 130, 2000}, /* more bytes than a batch has room for */
	    {700, 130, 50},
	    {300, 0, 1},
	};
	struct fixture *f = *state;
	char text[400];

	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		FILE *file = open_dump(f);
		int activities = 0;

		for (int j = 0; j < cases[i].accounts; j++) {
			write_account(file, j, cases[i].senders);
			if (j % cases[i].step != cases[i].step - 1)
				continue;
			write_activity(file, j);
			write_history(file, j);
			activities++;
		}
		if (load(f, file) != 0)
			fail_msg("%zu: %s", i, f->errors);
		(void)snprintf(
		    text, sizeof(text), "account\t%d\t", cases[i].accounts);
		fixture_said(f, text);
		(void)snprintf(
		    text, sizeof(text), "activity\t%d\t", activities);
		fixture_said(f, text);
		/* What it says is there now: a second time changes nothing. */
		fixture_run(f, 0, "dump");
		(void)snprintf(text, sizeof(text),
		    "\"login\": \"u%d@example.com\", \"created_at\": %d",
		    cases[i].accounts - 1, cases[i].accounts);
		fixture_said(f, text);
		(void)snprintf(
		    text, sizeof(text), "load %s/dump -f tab", f->dir);
		fixture_run(f, 0, text);
		(void)snprintf(
		    text, sizeof(text), "account\t%d\t0\n", cases[i].accounts);
		fixture_said(f, text);
		(void)snprintf(text, sizeof(text),
		    "activity\t%d\t0\nusage\t0\t0\nsignals\t0\t0\nhistory\t%d"
		    "\t0\n",
		    activities, activities);
		fixture_said(f, text);
	}
}

static void
the_last_record_of_a_login_holds(void **state)
{
	struct fixture *f = *state;
	FILE *file = open_dump(f);

	for (int i = 0; i < 40; i++) {
		write_account(file, 7, i);
		write_account(file, 8, 40 - i);
	}
	assert_int_equal(load(f, file), 0);
	fixture_run(f, 0, "sender list u7 -f tab");
	fixture_said(f, "address-00000038@example.org");
	fixture_run(f, 0, "sender list u8 -f tab");
	fixture_said(f, "address-00000000@example.org");
	assert_null(strstr(f->out, "address-00000001@example.org"));
}

static void
without_room_for_what_was_checked_nothing_is_loaded(void **state)
{
	struct fixture *f = *state;
	FILE *file = open_dump(f);
	char *before = getenv("TMPDIR");

	if (before != NULL)
		before = strdup(before);
	write_account(file, 1, 1);
	assert_int_equal(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
	assert_int_equal(load(f, file), 75);
	assert_int_equal(
	    before == NULL ? unsetenv("TMPDIR") : setenv("TMPDIR", before, 1),
	    0);
	free(before);
	fixture_said(f, "cannot make a temporary file in /nowhere/at/all");
	fixture_run(f, 0, "account list -f tab");
	assert_null(strstr(f->out, "u1@example.com"));
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(batches_of_every_shape_are_loaded_whole),
	    TEST(the_last_record_of_a_login_holds),
	    TEST(without_room_for_what_was_checked_nothing_is_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
