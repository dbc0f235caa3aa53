/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What posternctl shows and resets of the limits beside the windows. */

#include "core/base/clock.h"
#include "tests/unit/ctl_fixture.h"

#define HEAD                            \
	"mode = enforce\n"              \
	"state_dir = \"@DIR@/state\"\n" \
	"default_domain = \"example.com\"\n"

#define CONFIG                                                              \
	HEAD "plan free { messages = { \"15/1h\" } client_addresses = "     \
	     "\"2/1h\"\npenalty = \"4/1h for 2d after 90/1d\" "             \
	     "new_recipients = \"9/1d\"\nblock_after_refusals = \"50/1h\" " \
	     "observe = { new_recipients } }\n"

static void
note(struct pt_records *records, void *arg)
{
	const int64_t at = pt_clock_now() - 60;
	const struct pt_window_log three = {1, {{at, at, 3}}};

	(void)arg;
	records->activity->log[PT_COUNT_MESSAGES] = three;
	records->activity->refused = three;
	records->activity->penalty =
	    (struct pt_penalty_term){.since = at, .until = at + 7200};
	records->activity_changed = true;
	records->signals->strangers = three;
	records->signals->client_count = 2;
	records->signals->clients[0] = (struct pt_client){.hash = 1, .at = at};
	records->signals->clients[1] = (struct pt_client){.hash = 2, .at = at};
	records->signals->now.count = 1;
	records->signals->now.bits[5] = 1;
	records->signals_changed = true;
}

static int
set_up(void **state)
{
	const struct pt_login login = test_login("ann@example.com");
	struct pt_update update = {
	    .login = &login,
	    .signals = true,
	    .fn = note,
	};
	struct pt_store *store;
	struct pt_err err;

	(void)fixture_set_up(state);
	fixture_configure(*state, CONFIG);
	store = fixture_open_store(*state);
	assert_int_equal(
	    pt_store_update(store, PT_UPDATE_ACTIVITY, &update, 1, &err), 0);
	pt_store_close(store);
	return 0;
}

static void
quota_shows_each_limit_with_its_use(void **state)
{
	static const char *const rows[] = {
	    "kind=messages window=3600 used=3 limit=15 left=12 full_until=\n",
	    "kind=penalty window=3600 used=3 limit=4 left=1 full_until=\n",
	    "kind=penalty-term window= used= limit= left= full_until=20",
	    "kind=client-addresses window=3600 used=2 limit=2 left=0 "
	    "full_until=20",
	    "kind=new-recipients window=86400 used=3 limit=9 left=6 "
	    "full_until=\n",
	    "kind=refusals window=3600 used=3 limit=50 left=47 full_until=\n",
	};
	struct fixture *f = *state;
	size_t i;

	fixture_run(f, 0, "quota ann -f flow");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fixture_said(f, rows[i]);
	fixture_run(f, 0, "quota -f flow");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fixture_said(f, rows[i]);
}

static void
explain_says_what_stands_beside_the_windows(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "explain ann -f tab");
	fixture_said(f, "penalty\t3 of 4 in 1 hour, until ");
	fixture_said(f, "client addresses\t2 of 2 in 1 hour, full until ");
	fixture_said(f, "new recipients\t3 of 9 in 1 day (only watched)\n");
	fixture_said(
	    f, "refusals\t3 of 50 in 1 hour; more of them block the account\n");
	fixture_run(f, 0, "explain bob -f tab");
	fixture_said(f, "penalty\tnone at the moment\n");
	fixture_said(f, "client addresses\t0 of 2 in 1 hour\n");
}

static void
explain_tells_the_end_of_a_term_that_nobody_extended(void **state)
{
	struct fixture *f = *state;
	const char *term;
	char until[64];

	fixture_configure(f,
	    HEAD "plan free { penalty = \"3/1h for 2d after 90/1d\" "
		 "penalty_extend = yes }\n");
	fixture_run(f, 0, "explain ann -f tab");
	fixture_said(f, "answer\tann@example.com cannot send now: ");
	term = strstr(f->out, "\npenalty\t3 of 3 in 1 hour, until ");
	assert_non_null(term);
	term = strstr(term, "until ") + strlen("until ");
	(void)snprintf(
	    until, sizeof(until), "%.*s", (int)strcspn(term, ",\n"), term);
	/* In the reason, too, which is the first line. */
	f->out[strcspn(f->out + strlen("topic\ttext\n"), "\n") +
	       strlen("topic\ttext\n")] = '\0';
	fixture_said(f, until);
}

static void
a_plan_without_them_is_not_spoken_of(void **state)
{
	struct fixture *f = *state;

	fixture_configure(
	    f, HEAD "plan free { block_after_refusals = unlimited }\n");
	fixture_run(f, 0, "explain ann -f tab");
	assert_null(strstr(f->out, "penalty"));
	assert_null(strstr(f->out, "client addresses"));
	assert_null(strstr(f->out, "refusals\t"));
	fixture_run(f, 0, "quota ann -f flow");
	assert_null(strstr(f->out, "penalty"));
}

static void
reset_ends_them_and_keeps_acquaintances(void **state)
{
	const struct pt_login login = test_login("ann@example.com");
	struct fixture *f = *state;
	struct pt_signals signals;
	struct pt_store *store;
	struct pt_err err;

	fixture_run(f, 0, "reset ann");
	fixture_run(f, 0, "quota ann -f flow");
	assert_null(strstr(f->out, "penalty"));
	assert_null(strstr(f->out, "refusals"));
	fixture_said(f, "kind=client-addresses window=3600 used=0 ");
	fixture_said(f, "kind=new-recipients window=86400 used=0 ");
	store = fixture_open_store(f);
	assert_int_equal(
	    pt_store_read_signals(store, &login, &signals, &err), 0);
	assert_int_equal(signals.now.count, 1);
	pt_store_close(store);
	fixture_run(f, 0, "reset ann");
	fixture_said(f, "the windows are empty");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(quota_shows_each_limit_with_its_use),
	    TEST(explain_says_what_stands_beside_the_windows),
	    TEST(explain_tells_the_end_of_a_term_that_nobody_extended),
	    TEST(a_plan_without_them_is_not_spoken_of),
	    TEST(reset_ends_them_and_keeps_acquaintances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
