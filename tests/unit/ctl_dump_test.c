/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* dump and load, and what is shown of a state that was loaded. */

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "tests/unit/ctl_fixture.h"

#define HEAD \
	"{\"postern\": \"dump\", \"version\": 1, \"at\": 1, \"by\": \"x\"}\n"

#define HISTORY(at, what)                                             \
	"{\"postern\": \"history\", \"login\": \"ann@example.com\", " \
	"\"at\": " at ", \"who\": \"root\", \"what\": \"" what "\", " \
	"\"detail\": \"d\"}\n"

#define USAGE                                                             \
	"{\"postern\": \"usage\", \"login\": \"cyd@example.com\", "       \
	"\"logins\": {\"at\": 200, \"total\": 9, \"window\": []}, "       \
	"\"down\": {\"total\": 5, \"window\": [[200, 200, 5]]}, \"up\": " \
	"{\"total\": 0, \"window\": []}, \"pop3_checked_at\": 0, "        \
	"\"view\": {\"checked_at\": 0, \"uidvalidity\": 0, "              \
	"\"uidnext\": 0}, \"sessions\": {\"life\": 0, \"count\": 0}, "    \
	"\"guesses\": {\"window\": [], \"hashes\": []}, "                 \
	"\"last_uses\": []}\n"

static void
write_file(const struct fixture *f, const char *name, const char *text)
{
	char path[600];

	(void)snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	test_write_file(path, text);
}

static int
load(struct fixture *f, const char *text)
{
	char line[700];

	write_file(f, "dump", text);
	(void)snprintf(line, sizeof(line), "load %s/dump -f tab", f->dir);
	return fixture_try(f, line);
}

/* "sent" messages at "at", which fill the window of a minute or not. */
static void
add_activity(struct pt_text *text, const char *login, int64_t at, unsigned sent)
{
	pt_text_addf(text,
	    "{\"postern\": \"activity\", \"login\": \"%s\", \"messages\": "
	    "[[%lld, %lld, %u]], \"recipients\": [], \"bytes\": [], "
	    "\"charged\": [], \"grant\": {\"id\": 0, \"used\": 0}, "
	    "\"sent\": {\"at\": %lld, \"messages\": %u, \"recipients\": %u, "
	    "\"bytes\": 2048}, \"refused\": {\"at\": %lld, \"reason\": 2, "
	    "\"total\": %u, \"attempts\": [1]}}\n",
	    login, (long long)at, (long long)at, sent, (long long)at, sent,
	    sent * 2, (long long)at, 10 - sent);
}

static void
explain_says_which_window_is_full_and_until_when(void **state)
{
	struct fixture *f = *state;
	int64_t now = pt_clock_now();
	char dump[2048];
	char until[PT_CLOCK_TEXT_MAX];
	struct pt_text text;

	pt_text_init(&text, dump, sizeof(dump));
	pt_text_add(&text, HEAD);
	/* Old enough that the test may take half a minute. */
	add_activity(&text, "ann@example.com", now - 20, 5);
	assert_int_equal(load(f, dump), 0);
	fixture_run(f, 0, "explain ann -f tab");
	pt_clock_format(now - 20 + 61, pt_clock_now(), until, sizeof(until));
	fixture_said(f, "cannot send now: Sending limit reached: 5 messages "
			"in 1 minute; try again after ");
	fixture_said(f, until);
	fixture_said(f, "the next message is accepted from ");
	fixture_said(f, "5 of 5 in 1 minute, full until ");
	fixture_said(f, "5 of 15 in 1 hour, 10 left");
	fixture_said(f, "quota (450 4.7.28); 5 messages refused in all");
	fixture_run(f, 0, "grant ann +3");
	fixture_run(f, 0, "explain ann -f tab");
	fixture_said(f, "may send now, on a grant");
	fixture_run(f, 0, "reset ann");
	fixture_run(f, 0, "quota ann -f flow");
	fixture_said(f, "window=60 used=0 limit=5 left=5 full_until=\n");
}

static void
top_ranks_by_what_was_asked_for(void **state)
{
	static const struct {
		const char *line;
		const char *first;
		unsigned rows;
	} cases[] = {
	    {"top -f tab", "cyd@example.com\t5\t10\t2048\t5\t5\t", 3},
	    {"top -f tab --by recipients -n 1", "cyd@example.com\t", 1},
	    {"top -f tab --by refused -n2", "ann@example.com\t2\t", 2},
	    {"top -f tab --by bytes", "ann@example.com\t", 3},
	    {"top -f tab --by messages", "cyd@example.com\t", 3},
	};
	struct fixture *f = *state;
	int64_t now = pt_clock_now();
	struct pt_text text;
	char dump[4096];
	unsigned rows;
	size_t i;
	const char *at;

	pt_text_init(&text, dump, sizeof(dump));
	pt_text_add(&text, HEAD);
	add_activity(&text, "bob@example.com", now - 20, 3);
	add_activity(&text, "ann@example.com", now - 20, 2);
	add_activity(&text, "cyd@example.com", now - 20, 5);
	assert_int_equal(load(f, dump), 0);
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		fixture_run(f, 0, cases[i].line);
		at = strchr(f->out, '\n') + 1;
		if (strncmp(at, cases[i].first, strlen(cases[i].first)) != 0)
			fail_msg("%s: %s", cases[i].line, f->out);
		for (rows = 0; *at != '\0'; at++)
			rows += *at == '\n';
		assert_int_equal(rows, cases[i].rows);
	}
	fixture_run(f, 64, "top --by fame");
	fixture_run(f, 64, "top -n 0");
	fixture_run(f, 0, "quota -f tab");
	fixture_said(f, "ann@example.com\tmessages\t60\t2\t5\t3\t\n");
}

/* The lines of a dump but the first, which has the time in it. */
static char *
body_of(const struct fixture *f)
{
	char *copy = strdup(strchr(f->out, '\n') + 1);

	assert_non_null(copy);
	return copy;
}

static void
a_dump_makes_the_same_state_again(void **state)
{
	struct fixture *f = *state;
	int64_t now = pt_clock_now();
	struct pt_text text;
	char dump[2048];
	char *before;
	char *whole;

	pt_text_init(&text, dump, sizeof(dump));
	pt_text_add(&text, HEAD);
	add_activity(&text, "ann@example.com", now - 20, 2);
	pt_text_add(&text, USAGE);
	assert_int_equal(load(f, dump), 0);
	fixture_run(f, 0, "set ann plan=premium messages=9/1h");
	fixture_run(f, 0, "lock bob --note say~\"why\"");
	fixture_run(f, 0, "sender add ann x@example.org");
	fixture_run(f, 0, "dump");
	before = body_of(f);
	whole = strdup(f->out);
	assert_non_null(whole);

	assert_int_equal(load(f, whole), 0);
	assert_string_equal(f->out, "kind\tread\tchanged\n"
				    "account\t2\t0\nactivity\t1\t0\nusage\t1\t0"
				    "\nsignals\t0\t0\nhistory\t3\t0\n");

	fixture_configure(f, "mode = enforce\nstate_dir = \"@DIR@/second\"\n"
			     "plan free { }\n");
	fixture_init(f);
	assert_int_equal(load(f, whole), 0);
	assert_string_equal(f->out, "kind\tread\tchanged\n"
				    "account\t2\t2\nactivity\t1\t1\nusage\t1\t1"
				    "\nsignals\t0\t0\nhistory\t3\t3\n");
	fixture_run(f, 0, "dump");
	assert_string_equal(strchr(f->out, '\n') + 1, before);
	free(before);
	free(whole);
}

static void
what_a_dump_replaces_is_in_the_history(void **state)
{
	struct fixture *f = *state;
	char *whole;

	fixture_run(f, 0, "lock ann");
	fixture_run(f, 0, "dump");
	whole = strdup(f->out);
	assert_non_null(whole);
	fixture_run(f, 0, "unlock ann");
	assert_int_equal(load(f, whole), 0);
	free(whole);
	fixture_run(f, 0, "history ann -n 1 -f tab");
	fixture_said(f, "load\treplaced by the record of a dump");
	fixture_run(f, 0, "explain ann");
	fixture_said(f, "cannot send now");
}

static void
a_bad_line_changes_nothing(void **state)
{
	static const struct {
		const char *text;
		int code;
		const char *error;
	} cases[] = {
	    {"", 65, "the dump is empty"},
	    {"\n\n", 65, "the dump is empty"},
	    {HISTORY("1", "a"), 65, "1: this is not the first line"},
	    {"{\"postern\": \"dump\", \"version\": 99}\n", 69,
		"1: this dump was written by a later version"},
	    {HEAD HISTORY("1", "a") "{\"postern\"\n", 65, "3: not JSON"},
	    {HEAD HISTORY("1", "a") "\n[]\n", 65, "4: not a JSON object"},
	    {HEAD HISTORY("1", "a") HEAD, 65, "3: a second dump"},
	    {HEAD HISTORY("1", "a") HISTORY("-1", "b"), 65, "3: at: -1"},
	    {HEAD HISTORY("1", "a") "{\"postern\": \"history\", \"postern\": "
				    "\"history\"}\n",
		65, "3: not JSON: duplicate"},
	    {HEAD HISTORY("1", "a") "\377\n", 65, "3: not JSON"},
	};
	struct fixture *f = *state;
	char *huge;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		if (load(f, cases[i].text) != cases[i].code)
			fail_msg("%zu: %d %s", i, f->code, f->errors);
		fixture_said(f, cases[i].error);
		fixture_run(f, 0, "history");
		assert_string_equal(f->out, "");
	}
	huge = malloc(200001);
	assert_non_null(huge);
	memset(huge, 'x', 200000);
	huge[200000] = '\0';
	assert_int_equal(load(f, huge), 65);
	fixture_said(f, "1: longer than 128 KiB");
	free(huge);
	fixture_run(f, 65, "load /nowhere/at/all");
}

/* Twice the same entry in a dump is two entries, however often it is loaded. */
static void
equal_history_entries_are_kept_apart(void **state)
{
	struct fixture *f = *state;
	int i;

	for (i = 0; i < 2; i++) {
		assert_int_equal(
		    load(f, HEAD HISTORY("5", "a") HISTORY("5", "a")), 0);
		fixture_run(f, 0, "history -f tab");
		assert_string_equal(f->out,
		    "time\tlogin\twho\twhat\tdetail\n"
		    "1970-01-01T00:00:05Z\tann@example.com\troot\ta\td\n"
		    "1970-01-01T00:00:05Z\tann@example.com\troot\ta\td\n");
	}
}

static void
a_dump_larger_than_a_batch_is_loaded_whole(void **state)
{
	struct fixture *f = *state;
	size_t cap = 512 * 1024;
	char *dump = malloc(cap);
	struct pt_text text;
	char login[64];
	int i;

	assert_non_null(dump);
	pt_text_init(&text, dump, cap);
	pt_text_add(&text, HEAD);
	for (i = 0; i < 300; i++) {
		(void)snprintf(login, sizeof(login), "u%d@example.com", i);
		add_activity(&text, login, 1000, 1);
		/* Batches of different scopes alternate. */
		if (i % 100 == 50)
			pt_text_add(&text, HISTORY("5", "a"));
	}
	assert_false(text.cut);
	assert_int_equal(load(f, dump), 0);
	free(dump);
	fixture_said(f,
	    "activity\t300\t300\nusage\t0\t0\nsignals\t0\t0\nhistory\t3\t3\n");
	fixture_run(f, 0, "stats -f tab");
	fixture_said(f, "activities\t\t300\n");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(explain_says_which_window_is_full_and_until_when),
	    TEST(top_ranks_by_what_was_asked_for),
	    TEST(a_dump_makes_the_same_state_again),
	    TEST(what_a_dump_replaces_is_in_the_history),
	    TEST(a_bad_line_changes_nothing),
	    TEST(equal_history_entries_are_kept_apart),
	    TEST(a_dump_larger_than_a_batch_is_loaded_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
