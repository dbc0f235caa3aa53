/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The work of the keeper by hand, and what doctor and stats say of it. */

#include "core/base/clock.h"
#include "core/service/sole.h"
#include "core/state/store.h"
#include "tests/unit/ctl_fixture.h"

#define DAY ((int64_t)86400)
#define CONFIG                                   \
	"mode = enforce\n"                       \
	"state_dir = \"@DIR@/state\"\n"          \
	"default_domain = \"example.com\"\n"     \
	"policy_listen = { \"unix:@DIR@/p\" }\n" \
	"plan free { protocols = { \"imap\" } "  \
	"unused_after = \"60d\" }\n"

static void
change(struct fixture *f, enum pt_update_scope scope, const char *name,
    pt_update_fn *fn, void *arg)
{
	struct pt_login login = test_login(name);
	struct pt_store *store = fixture_open_store(f);
	struct pt_err err;

	if (pt_store_update_one(store, scope, &login, fn, arg, &err) != 0)
		fail_msg("%s", err.text);
	pt_store_close(store);
}

static void
expire(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->passwords[0].expires_at = pt_clock_now() - 100 * DAY;
	records->account_changed = true;
}

static void
mark(struct pt_records *records, void *arg)
{
	records->activity->block = (struct pt_pending_block){
	    .reason = PT_BLOCK_QUOTA,
	    .at = pt_clock_now() - *(const int64_t *)arg,
	};
	records->activity_changed = true;
}

static void
mark_blocked(struct fixture *f, const char *name, int64_t seconds)
{
	change(f, PT_UPDATE_ACTIVITY, name, mark, &seconds);
}

static int
set_up(void **state)
{
	if (fixture_set_up(state) != 0)
		return -1;
	fixture_configure(*state, CONFIG);
	return 0;
}

static void
sweep_completes_what_is_pending_and_says_so(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "enable ann@example.com");
	fixture_run(f, 0, "enable bob@example.com");
	mark_blocked(f, "ann", 5);
	fixture_run(f, 0, "sweep -f tab");
	fixture_said(f, "work\twhat\tcount\n");
	fixture_said(f, "pending\tblocked\t1\n");
	fixture_said(f, "pending\tfailed\t0\n");
	fixture_said(f, "accounts\tlooked at\t2\n");
	fixture_said(f, "notices\tleft\t0\n");
	fixture_run(f, 0, "account show ann@example.com -f tab");
	fixture_said(f, "block\tquota\n");
	fixture_run(f, 0, "sweep -f tab");
	fixture_said(f, "pending\tblocked\t0\n");
	fixture_run(f, 0, "sweep -f json");
	fixture_said(f, "{\"work\": \"accounts\", \"what\": \"looked at\", "
			"\"count\": 2}");
}

static void
a_trial_lists_who_would_change_and_changes_nobody(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "enable ann@example.com");
	fixture_run(f, 0, "enable bob@example.com");
	change(f, PT_UPDATE_ACCOUNT, "ann", expire, NULL);
	mark_blocked(f, "bob", 5);
	fixture_run(f, 0, "sweep --dry-run -f tab");
	assert_string_equal(
	    f->out, "login\twould\tuntil\nann@example.com\texpire\t\n");
	/* What was pending is left alone, too. */
	fixture_run(f, 0, "sweep -f tab");
	fixture_said(f, "pending\tblocked\t1\n");
	fixture_said(f, "accounts\texpired\t1\n");
	assert_null(strstr(f->errors, "nothing to do"));
	fixture_run(f, 0, "sweep --dry-run -f tab");
	assert_string_equal(f->out, "login\twould\tuntil\n");
	assert_string_equal(f->errors, "posternctl: no account would change\n");
	fixture_run(f, 0, "sweep -f tab");
	assert_string_equal(f->errors, "posternctl: there was nothing to do\n");
}

static void
notices_are_left_to_who_sends_them(void **state)
{
	struct fixture *f = *state;
	struct pt_err err;
	char dir[300];
	int fd = -1;

	(void)snprintf(dir, sizeof(dir), "%s/state", f->dir);
	assert_int_equal(pt_sole_take(dir, PT_SOLE_NOTICES, &fd, &err), 1);
	fixture_run(f, 0, "sweep -f tab");
	fixture_said(f, "notices are left to postern-keeper");
	assert_null(strstr(f->out, "notices\tsent"));
	fixture_said(f, "notices\tleft\t0\n");
	assert_int_equal(close(fd), 0);
	fixture_run(f, 0, "sweep -f tab");
	fixture_said(f, "notices\tsent\t0\n");
}

static void
put_life(struct fixture *f, int64_t seen_at)
{
	const struct pt_life life = {.number = 3, .seen_at = seen_at};
	struct pt_store *store = fixture_open_store(f);
	struct pt_err err;

	assert_int_equal(
	    pt_store_put_life(store, PT_LIFE_KEEPER, &life, &err), 0);
	pt_store_close(store);
}

static void
doctor_says_whether_the_keeper_lives_and_what_waits_for_it(void **state)
{
	struct fixture *f = *state;

	(void)fixture_try(f, "doctor -f tab");
	fixture_said(f, "note\tkeeper\tpostern-keeper does not run");
	fixture_said(f, "systemctl enable --now postern-keeper");
	assert_null(strstr(f->out, "problem\tkeeper"));
	fixture_run(f, 0, "enable ann@example.com");
	mark_blocked(f, "ann", 5);
	(void)fixture_try(f, "doctor -f tab");
	assert_null(strstr(f->out, "problem\tkeeper"));
	mark_blocked(f, "ann", 600);
	(void)fixture_try(f, "doctor -f tab");
	fixture_said(f, "problem\tkeeper\t1 blocks or notices wait");
	put_life(f, pt_clock_now());
	(void)fixture_try(f, "doctor -f tab");
	fixture_said(f, "ok\tkeeper\tpostern-keeper is at work");
	fixture_said(f, "the log of postern-keeper says why");
}

static void
stats_show_the_keeper_where_there_is_one(void **state)
{
	const struct pt_counters counters = {
	    .notices_sent = 3, .notices_failed = 2, .swept = 9};
	struct fixture *f = *state;
	struct pt_store *store;
	struct pt_err err;

	fixture_run(f, 0, "stats -f tab");
	assert_null(strstr(f->out, "keeper"));
	store = fixture_open_store(f);
	assert_int_equal(
	    pt_store_put_counters(store, "keeper", &counters, TEST_NOW, &err),
	    0);
	pt_store_close(store);
	fixture_run(f, 0, "stats -f tab");
	fixture_said(f, "keeper\tnotices_sent\t\t3\n");
	fixture_said(f, "keeper\tnotices_failed\t\t2\n");
	fixture_said(f, "keeper\tswept\t\t9\n");
	fixture_run(f, 0, "stats --openmetrics");
	fixture_said(f, "postern_keeper_swept_total 9\n");
}

static void
stats_tell_who_lives(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "stats --openmetrics");
	assert_null(strstr(f->out, "postern_up{"));
	put_life(f, pt_clock_now());
	fixture_run(f, 0, "stats --openmetrics");
	fixture_said(f, "postern_up{program=\"keeper\"} 1\n");
	fixture_run(f, 0, "stats -f tab");
	fixture_said(f, "keeper\tup\t\t1\n");
	put_life(f, pt_clock_now() - PT_LIFE_SECONDS - 1);
	fixture_run(f, 0, "stats --openmetrics");
	fixture_said(f, "postern_up{program=\"keeper\"} 0\n");
	fixture_said(f, "postern_clock_doubted 0\n");
	/* It was seen last when the clock was far ahead. */
	put_life(f, pt_clock_now() + 400000);
	fixture_run(f, 0, "stats --openmetrics");
	fixture_said(f, "postern_up{program=\"keeper\"} 0\n");
	fixture_said(f, "postern_clock_doubted 1\n");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(sweep_completes_what_is_pending_and_says_so),
	    TEST(a_trial_lists_who_would_change_and_changes_nobody),
	    TEST(notices_are_left_to_who_sends_them),
	    TEST(doctor_says_whether_the_keeper_lives_and_what_waits_for_it),
	    TEST(stats_show_the_keeper_where_there_is_one),
	    TEST(stats_tell_who_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
