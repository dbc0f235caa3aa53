/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* posternctl notice: the outbox, and how notices read. */

#include <unistd.h>

#include "core/state/store.h"
#include "tests/unit/ctl_fixture.h"

static void
configure(struct fixture *f, const char *more)
{
	char text[2048];
	char dir[512];

	assert_non_null(getcwd(dir, sizeof(dir)));
	(void)snprintf(text, sizeof(text),
	    FIXTURE_CONFIG "help_url = \"https://mail.example.com/h\"\n"
			   "notice { templates = { \"%s/packaging/templates\" "
			   "} languages = { \"en\", \"lv\" } %s }\n",
	    dir, more);
	fixture_configure(f, text);
}

static void
tell(struct pt_records *records, void *arg)
{
	records->account->created_at = TEST_NOW;
	records->account_changed = true;
	records->trail.notice = *(const struct pt_notice *)arg;
}

/* Notices of so many accounts: blocks, and every second a penalty, which was
 * given up. */
static void
fill_outbox(const struct fixture *f, int count)
{
	static struct pt_outbox_change change;
	int64_t now = TEST_NOW;
	struct pt_notice blocked = {
	    .kind = PT_NOTICE_BLOCKED, .block = PT_BLOCK_QUOTA, .at = now};
	struct pt_notice penalty = {.kind = PT_NOTICE_PENALTY, .at = now};
	char text[300];
	struct pt_store *store;
	struct pt_login login;
	struct pt_err err;

	(void)snprintf(text, sizeof(text), "%s/state", f->dir);
	assert_int_equal(pt_store_open(text, PT_STORE_WRITE, &store, &err), 0);
	for (int i = 1; i <= count; i++) {
		(void)snprintf(text, sizeof(text), "u%d@example.com", i);
		login = test_login(text);
		assert_int_equal(
		    pt_store_update_one(store, PT_UPDATE_ACCOUNT, &login, tell,
			i % 2 != 0 ? &blocked : &penalty, &err),
		    0);
		if (i % 2 != 0)
			continue;
		change = (struct pt_outbox_change){.was_next_at = now};
		change.entry.id = (uint64_t)i;
		change.entry.login = login;
		change.entry.notice = penalty;
		change.entry.next_at = INT64_MAX / 2;
		change.entry.gave_up = true;
		change.entry.tries = 40;
		(void)snprintf(change.entry.error, sizeof(change.entry.error),
		    "queue is full");
		assert_int_equal(
		    pt_store_change_outbox(store, &change, 1, &err), 0);
	}
	pt_store_close(store);
}

static unsigned
lines_of(const char *text)
{
	unsigned lines = 0;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

static void
test_list_shows_what_waits_and_what_was_given_up(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "notice list -f flow");
	assert_string_equal(f->out, "");
	fill_outbox(f, 2);
	fixture_run(f, 0, "notice list -f flow");
	fixture_said(f, "id=1 time=2026-11-21T12:00:00Z login=u1@example.com "
			"notice=blocked-quota state=due tries=0");
	fixture_said(f, "login=u2@example.com notice=penalty state=given-up "
			"tries=40");
	fixture_said(f, "queue is full");
}

static void
test_stats_tell_how_long_one_waits_if_any_is_sent(void **state)
{
	struct fixture *f = *state;

	fill_outbox(f, 2);
	fixture_run(f, 0, "stats -f flow");
	fixture_said(f, "name=outbox reason= count=2");
	fixture_said(f, "name=outbox_given_up reason= count=1");
	fixture_said(f, "name=outbox_age reason= count=0");
	configure(f, "from = \"postmaster@example.com\"");
	fixture_run(f, 0, "stats -f flow");
	assert_null(strstr(f->out, "name=outbox_age reason= count=0"));
}

static void
test_retry_makes_it_due_once_more(void **state)
{
	struct fixture *f = *state;

	fill_outbox(f, 300);
	fixture_run(f, 0, "notice retry 2 -f flow");
	assert_string_equal(
	    f->out, "id=2 login=u2@example.com notice=penalty state=due\n");
	fixture_run(f, 0, "notice list -f flow");
	assert_int_equal(lines_of(f->out), 300);
	/* More than one batch; those that are due stay as they are. */
	fixture_run(f, 0, "notice retry all -f flow");
	assert_int_equal(lines_of(f->out), 149);
	fixture_run(f, 0, "notice list -f flow");
	assert_null(strstr(f->out, "given-up"));
	fixture_run(f, 1, "notice retry all");
	fixture_said(f, "no notice waits, and none was given up");
	fixture_run(f, 1, "notice retry 301");
	fixture_run(f, 64, "notice");
	fixture_said(f, "posternctl notice --help lists the commands\n");
	fixture_run(f, 64, "notice retry x");
	fixture_said(f, "posternctl notice list shows");
}

static void
test_drop_takes_one_out(void **state)
{
	struct fixture *f = *state;

	fill_outbox(f, 3);
	fixture_run(f, 0, "notice drop 2");
	fixture_run(f, 1, "notice drop 2");
	fixture_said(f, "there is no notice 2 in the outbox");
	fixture_run(f, 64, "notice drop all");
	fixture_run(f, 0, "notice list -f flow");
	assert_int_equal(lines_of(f->out), 2);
}

static void
test_drop_takes_out_all_of_a_kind(void **state)
{
	struct fixture *f = *state;

	/* More than one batch, and every other one is of that kind. */
	fill_outbox(f, 300);
	fixture_run(f, 0, "notice drop blocked-quota -f flow");
	assert_int_equal(lines_of(f->out), 150);
	fixture_run(f, 1, "notice drop blocked-quota");
	fixture_said(f, "there is no notice blocked-quota in the outbox");
	fixture_run(f, 0, "notice list -f flow");
	assert_int_equal(lines_of(f->out), 150);
	assert_null(strstr(f->out, "blocked-quota"));
}

static void
test_preview_is_how_it_would_read(void **state)
{
	struct fixture *f = *state;

	configure(f, "from = \"postmaster@example.com\" name = \"Example\"");
	fixture_run(f, 0, "notice preview ann blocked-quota");
	fixture_said(f, "From: Example <postmaster@example.com>\n"
			"To: ann@example.com\nSubject: Mail programs");
	fixture_said(f, "\n\n  Messages refused within 1 hour: 51 (limit: "
			"50)\n\n");
	fixture_said(f, "More about this: https://mail.example.com/h\n");
	fixture_run(f, 0, "set ann language=lv");
	fixture_run(f, 0, "notice preview ann enabled");
	fixture_said(f, "Labdien!");
	fixture_run(f, 0, "notice preview ann enabled --language en --source");
	fixture_said(f, "\nAuto-Submitted: auto-generated\n");
	fixture_said(f, "\nContent-Language: en\n");
	fixture_run(f, 64, "notice preview ann enabled --language fi");
	fixture_said(f, "there are no texts in \"fi\"");
	fixture_run(f, 64, "notice preview ann enable");
	fixture_said(f, "perhaps you mean \"enabled\"");
	configure(f, "");
	fixture_run(f, 78, "notice preview ann enabled");
	fixture_said(f, "notices are off: set notice { from }");
}

static void
test_a_trial_goes_through_the_command(void **state)
{
	struct fixture *f = *state;

	configure(f, "from = \"postmaster@example.com\" "
		     "command = \"/usr/bin/test bob@example.com =\"");
	fixture_run(
	    f, 0, "notice preview ann enabled --send-to bob@example.com");
	fixture_said(f, "the command took the mail for bob@example.com");
	fixture_run(
	    f, 75, "notice preview ann enabled --send-to eve@example.com");
	fixture_said(f, "cannot send the notice: the command ended with 1");
}

static void
test_bad_texts_are_a_bad_configuration(void **state)
{
	struct fixture *f = *state;
	char line[64];

	configure(f, "from = \"postmaster@example.com\"");
	fixture_run(f, 0, "check-config");
	fixture_configure(f,
	    FIXTURE_CONFIG "notice { from = \"postmaster@example.com\" "
			   "templates = { \"@DIR@\" } }\n");
	fixture_run(f, 78, "check-config");
	fixture_said(f, "has a file en.txt with section [words]");
	(void)snprintf(line, sizeof(line), "doctor");
	(void)fixture_try(f, line);
	fixture_said(f, "has a file en.txt");
	configure(f, "from = \"postmaster@example.com\" "
		     "command = \"/no/such/command\"");
	(void)fixture_try(f, line);
	fixture_said(f, "cannot run /no/such/command of notice { command }");
	configure(f, "");
	(void)fixture_try(f, line);
	fixture_said(f, "owners are told nothing");
}

#define TEST(fn) \
	cmocka_unit_test_setup_teardown(fn, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_list_shows_what_waits_and_what_was_given_up),
	    TEST(test_stats_tell_how_long_one_waits_if_any_is_sent),
	    TEST(test_retry_makes_it_due_once_more),
	    TEST(test_drop_takes_one_out),
	    TEST(test_drop_takes_out_all_of_a_kind),
	    TEST(test_preview_is_how_it_would_read),
	    TEST(test_a_trial_goes_through_the_command),
	    TEST(test_bad_texts_are_a_bad_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
