/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Plans and access that begin later, and what explain tells of them. */

#include "core/base/clock.h"
#include "core/rules/external.h"
#include "core/state/store.h"
#include "tests/unit/ctl_fixture.h"
#include "tests/unit/ctl_issue.h"

#define LIFE_CONFIG                                                    \
	"mode = enforce\n"                                             \
	"state_dir = \"@DIR@/state\"\n"                                \
	"default_domain = \"example.com\"\n"                           \
	"notice { from = \"postmaster@example.com\" }\n"               \
	"plan free { protocols = { \"imap\" } logins = { \"60/1h\" } " \
	"unused_after = \"60d\" block_after_refusals = \"50/1h\" "     \
	"activation_delay = \"15m\" }\n"                               \
	"plan premium { protocols = { \"imap\", \"pop3\", \"smtp\" } " \
	"plan_delay = \"2d\" activation_delay = \"15m\" "              \
	"unused_after = \"unlimited\" }\n"

static int
set_up(void **state)
{
	if (fixture_set_up(state) != 0)
		return -1;
	fixture_configure(*state, LIFE_CONFIG);
	return 0;
}

/* "2026-11-24 14:05:10 UTC", two days from now, give or take a minute. */
static void
said_in_two_days(const struct fixture *f, const char *before)
{
	int64_t now = pt_clock_now();
	char time[PT_CLOCK_TEXT_MAX];
	char text[128];
	int64_t at;

	for (at = now + 2 * 86400 - 60; at <= now + 2 * 86400; at++) {
		pt_clock_format(at, 0, time, sizeof(time));
		(void)snprintf(text, sizeof(text), "%s%s", before, time);
		if (strstr(f->out, text) != NULL)
			return;
	}
	fail_msg("no time after \"%s\" in: %s", before, f->out);
}

static void
a_plan_with_a_delay_is_told_and_can_be_taken_back(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "set ann plan=premium");
	said_in_two_days(f, "plan: free -> premium from ");
	fixture_run(f, 0, "account show ann");
	fixture_said(f, "plan                   free\n");
	fixture_said(f, "next_plan              premium\n");
	said_in_two_days(f, "next_plan_from         ");
	fixture_run(f, 0, "explain ann");
	fixture_said(f, "plan             free (the default)\n");
	said_in_two_days(f, "next plan        premium from ");
	fixture_run(f, 0, "set ann plan=premium");
	fixture_said(f, "unchanged");
	fixture_run(f, 0, "set ann plan=free");
	said_in_two_days(f, "plan: premium from ");
	fixture_said(f, " -> free\n");
	fixture_run(f, 0, "account show ann");
	assert_null(strstr(f->out, "next_plan"));
}

static void
a_plan_holds_at_once_when_told_to(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "set ann plan=premium --now");
	fixture_said(f, "plan: free -> premium\n");
	fixture_run(f, 0, "set ann plan=");
	fixture_said(f, "plan: premium -> free\n");
	fixture_run(f, 64, "set ann language=lv --now");
	fixture_said(f, "--now is for plan=NAME");
	fixture_run(f, 64, "set ann plan=gold --now");
	fixture_said(f, "there is none of that name");
	/* Nothing of it was done. */
	fixture_run(f, 0, "account show ann");
	fixture_said(f, "plan                   free\n");
}

static void
a_time_zone_is_one_of_the_system(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "set ann timezone=UTC");
	fixture_said(f, "timezone: none -> UTC\n");
	fixture_run(f, 0, "account show ann");
	fixture_said(f, "timezone               UTC\n");
	fixture_run(f, 64, "set ann timezone=Mars/Phobos");
	fixture_said(f, "Europe/Vilnius");
	fixture_run(f, 64, "set ann timezone=../../etc/passwd");
	fixture_run(f, 0, "set ann timezone=");
	fixture_said(f, "timezone: UTC -> none\n");
	fixture_run(f, 64, "set ann timezon=UTC");
	fixture_said(f, "did you mean timezone?");
}

static void
enabling_tells_when_it_begins_and_what_stays_locked(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	fixture_run(f, 0, "lock ann --note ticket~7");
	issue_run(f, "enable ann", secret);
	fixture_said(f, "active from   ");
	fixture_said(f, "sending       locked since ");
	fixture_said(f, "posternctl unlock ann@example.com ends that");
	fixture_run(f, 0, "account show ann");
	fixture_said(f, "active_from            ");
	fixture_run(f, 0, "explain ann");
	fixture_said(f, ": imap; active from ");
	fixture_said(f, "begins at");
	fixture_run(f, 0, "unlock ann");
	issue_run(f, "password create ann -f json", secret);
	fixture_said(f, "\"sending_locked\": null}");
	assert_null(strstr(f->out, "\"active_from\": null"));
}

static void
explain_tells_when_unused_access_ends(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	fixture_run(f, 0, "explain ann");
	assert_null(strstr(f->out, "unused"));
	issue_run(f, "enable ann", secret);
	fixture_run(f, 0, "explain ann");
	fixture_said(f, "unused           access ends ");
	fixture_said(f, " unless it is used before");
	fixture_said(f, "notices          1 since ");
	fixture_said(f, "notice           enabled of ");
	fixture_said(f, ": waits to be sent\n");
	fixture_run(f, 0, "set ann unused_after=unlimited");
	fixture_run(f, 0, "explain ann");
	assert_null(strstr(f->out, "access ends"));
	fixture_run(f, 0, "set ann unused_after= observe=unused_after");
	fixture_run(f, 0, "explain ann");
	fixture_said(f, "access would end ");
}

static void
mark(struct pt_records *records, void *arg)
{
	static const struct pt_figures figures = {
	    PT_FIGURES_REFUSALS, 52, 50, 3600};

	(void)arg;
	records->activity_changed = pt_external_mark_block(records->account,
	    records->activity, PT_BLOCK_QUOTA, &figures, pt_clock_now());
}

static void
mark_block(const struct fixture *f)
{
	struct pt_login login = test_login("ann@example.com");
	struct pt_store *store;
	struct pt_err err;
	char dir[300];

	(void)snprintf(dir, sizeof(dir), "%s/state", f->dir);
	if (pt_store_open(dir, PT_STORE_WRITE, &store, &err) != 0 ||
	    pt_store_update_one(
		store, PT_UPDATE_ACTIVITY, &login, mark, NULL, &err) != 0)
		fail_msg("%s", err.text);
	pt_store_close(store);
}

static void
a_pending_block_is_shown_as_one_that_stands(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	issue_run(f, "enable ann", secret);
	mark_block(f);
	fixture_run(f, 0, "account show ann");
	fixture_said(f, "block                  quota\n");
	fixture_said(f, "block_figures          refusals=52 limit=50/1h\n");
	fixture_said(f, "access                 off\n");
	fixture_said(f, "app_passwords          0\n");
	fixture_run(f, 0, "explain ann -f tab");
	fixture_said(f, "block\tquota since ");
	fixture_said(f, ", after 52 refused messages in 1 hour (limit 50) (");
	fixture_said(f, "about to write it down");
	fixture_said(f, "posternctl enable ann@example.com");
	fixture_said(f, "app passwords\tnone\n");
	/* And so it is written by whoever comes first. */
	issue_run(f, "enable ann", secret);
	fixture_run(f, 0, "history ann");
	fixture_said(f, "reason=quota refusals=52 limit=50/1h");
	fixture_said(f, "ended-block=quota");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_plan_with_a_delay_is_told_and_can_be_taken_back),
	    TEST(a_plan_holds_at_once_when_told_to),
	    TEST(a_time_zone_is_one_of_the_system),
	    TEST(enabling_tells_when_it_begins_and_what_stays_locked),
	    TEST(explain_tells_when_unused_access_ends),
	    TEST(a_pending_block_is_shown_as_one_that_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
