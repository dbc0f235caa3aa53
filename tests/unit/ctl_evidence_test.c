/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What posternctl shows of the milter and of what it noted. */

#include "core/base/clock.h"
#include "core/rules/reason.h"
#include "core/state/store.h"
#include "tests/unit/ctl_fixture.h"

#define CONFIG                                                     \
	"mode = enforce\n"                                         \
	"state_dir = \"@DIR@/state\"\n"                            \
	"default_domain = \"example.com\"\n"                       \
	"plan free { bounce_min = \"25/1d\" bounce_share = 30 }\n" \
	"plan off { bounce_min = unlimited }\n"

struct figures {
	uint64_t sent;
	uint64_t bounced;
};

static void
note(struct pt_records *records, void *arg)
{
	const struct figures *figures = arg;
	struct pt_evidence *evidence = records->evidence;
	int64_t at = pt_clock_now() - 60;

	evidence->sent_log.count = figures->sent > 0 ? 1 : 0;
	evidence->sent_log.entry[0] =
	    (struct pt_window_entry){at, at, figures->sent};
	evidence->bounce_log.count = figures->bounced > 0 ? 1 : 0;
	evidence->bounce_log.entry[0] =
	    (struct pt_window_entry){at, at, figures->bounced};
	evidence->bounces_total = figures->bounced;
	evidence->last_bounce_at = figures->bounced > 0 ? at : 0;
	records->evidence_changed = true;
}

/* Notes them for ann@example.com. */
static void
write_figures(const struct fixture *f, uint64_t sent, uint64_t bounced)
{
	struct pt_store *store = fixture_open_store(f);
	struct pt_login login = test_login("ann@example.com");
	struct figures figures = {sent, bounced};
	struct pt_update update = {
	    .login = &login, .evidence = true, .fn = note, .arg = &figures};
	struct pt_err err;

	if (pt_store_update(store, PT_UPDATE_ACTIVITY, &update, 1, &err) != 0)
		fail_msg("%s", err.text);
	pt_store_close(store);
}

static void
explain_says_how_many_bounces_would_block(void **state)
{
	static const struct {
		uint64_t sent;
		uint64_t bounced;
		const char *said;
	} cases[] = {
	    {0, 0, "0 of 0 recipients that mail was sent to in 1 day: "},
	    {1, 0,
		"0 of 1 recipient that mail was sent to in 1 day (0 %); "
		"25 more would block the account (from 25 and 30 % on)"},
	    {60, 3, "(5 %); 22 more would block"},
	    {100, 27, "(27 %); 3 more would block"},
	    /* 30 % of 101 are 30.3. */
	    {101, 27, "(26 %); 4 more would block"},
	    {1000, 30, "(3 %); 270 more would block"},
	    /* Blocked, or a share that fell since. */
	    {100, 40, "(40 %); 1 more would block"},
	};
	struct fixture *f = *state;

	fixture_configure(f, CONFIG);
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		write_figures(f, cases[i].sent, cases[i].bounced);
		fixture_run(f, 0, "explain ann -f tab");
		fixture_said(f, "\nbounces\t");
		fixture_said(f, cases[i].said);
	}
	fixture_said(f, "\nlast bounce\t");
	fixture_said(f, "; 40 in all\n");
}

static void
explain_says_where_bounces_do_not_count(void **state)
{
	struct fixture *f = *state;

	fixture_configure(f, CONFIG);
	fixture_run(f, 0, "explain ann -f tab");
	fixture_said(f, "\nbounces\t0 of 0 recipients");
	fixture_run(f, 0, "set ann plan=off");
	fixture_run(f, 0, "explain ann -f tab");
	fixture_said(f, "\nbounces\tnot counted in this plan\n");
}

static void
delete_forgets_the_evidence(void **state)
{
	static struct pt_evidence evidence;
	struct fixture *f = *state;
	struct pt_login login = test_login("ann@example.com");
	struct pt_store *store;
	struct pt_err err;

	write_figures(f, 100, 9);
	fixture_run(f, 0, "stats -f tab");
	fixture_said(f, "\tevidences\t\t1\n");
	/* There is nothing but that. */
	fixture_run(f, 0, "account delete ann");
	store = fixture_open_store(f);
	assert_int_equal(
	    pt_store_read_evidence(store, &login, &evidence, &err), 0);
	assert_false(evidence.exists);
	pt_store_close(store);
	fixture_run(f, 0, "stats -f tab");
	fixture_said(f, "\tevidences\t\t0\n");
	fixture_run(f, 1, "account delete ann");
}

static void
a_dump_has_no_evidence(void **state)
{
	struct fixture *f = *state;

	write_figures(f, 100, 9);
	fixture_run(f, 0, "dump");
	assert_null(strstr(f->out, "ann@example.com"));
}

static void
put_milter(const struct fixture *f, const struct pt_counters *counters)
{
	struct pt_store *store = fixture_open_store(f);
	struct pt_err err;

	if (pt_store_put_counters(store, "milter", counters, TEST_NOW, &err) !=
	    0)
		fail_msg("%s", err.text);
	pt_store_close(store);
}

static void
stats_show_the_milter_where_there_is_one(void **state)
{
	static struct pt_counters counters;
	struct fixture *f = *state;

	put_milter(f, &counters);
	fixture_run(f, 0, "stats -f tab");
	fixture_said(f, "policyd\trequests\t\t0\n");
	assert_null(strstr(f->out, "milter"));
	fixture_run(f, 0, "stats --openmetrics");
	assert_null(strstr(f->out, "milter"));
	counters.rewritten = 3;
	counters.bounces_counted = 4;
	counters.refused[PT_REASON_FROM_MISSING] = 5;
	put_milter(f, &counters);
	fixture_run(f, 0, "stats -f tab");
	fixture_said(f, "policyd\trequests\t\t0\n");
	fixture_said(f, "milter\trequests\t\t0\n");
	fixture_said(f, "milter\trefused\tfrom-missing\t5\n");
	fixture_said(f, "milter\trewritten\t\t3\n");
	fixture_said(f, "milter\tbounces_counted\t\t4\n");
	fixture_run(f, 0, "stats --openmetrics");
	fixture_said(
	    f, "postern_messages_permitted_total{program=\"policyd\"}");
	fixture_said(f, "postern_messages_permitted_total{program=\"milter\"}");
	fixture_said(f, "postern_milter_rewritten_total 3\n");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(explain_says_how_many_bounces_would_block),
	    TEST(explain_says_where_bounces_do_not_count),
	    TEST(delete_forgets_the_evidence),
	    TEST(a_dump_has_no_evidence),
	    TEST(stats_show_the_milter_where_there_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
