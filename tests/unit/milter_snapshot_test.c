/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/snapshot.h"

#include "tests/unit/support/testing.h"

#define THREADS 8
#define TURNS   300

static struct pm_snapshot *
make(const char *text)
{
	struct pm_snapshot *snapshot = NULL;
	struct pt_config *config;
	struct pt_err err;

	if (pt_config_parse("test", text, &config, &err) != 0 ||
	    pm_snapshot_new(config, &snapshot, &err) != 0)
		fail_msg("%s", err.text);
	return snapshot;
}

static void
test_plans_say_what_is_wanted_of_the_mta(void **state)
{
	static const struct {
		const char *plan;
		bool size;
		bool bounces;
	} rows[] = {
	    {"message_size = unlimited\nbounce_min = unlimited", false, false},
	    {"message_size = \"1M\"\nbounce_min = unlimited", true, false},
	    {"message_size = unlimited\nbytes = { \"1M/1d\" }\n"
	     "bounce_min = unlimited",
		true, false},
	    {"message_size = unlimited\nbounce_min = \"2/1d\"", false, true},
	};
	struct pm_snapshot *snapshot;
	char text[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "default_plan = \"free\"\nplan free {\n%s\n}\n",
		    rows[i].plan);
		snapshot = make(text);
		assert_int_equal(snapshot->wants_size, rows[i].size);
		assert_int_equal(snapshot->wants_bounces, rows[i].bounces);
		pm_snapshot_release(snapshot);
	}
}

static void
test_who_holds_one_keeps_it_over_a_reload(void **state)
{
	struct pm_snapshots snapshots;
	struct pm_snapshot *held;
	struct pm_snapshot *fresh;

	(void)state;
	pm_snapshots_init(&snapshots);
	assert_null(pm_snapshots_take(&snapshots));
	pm_snapshots_set(&snapshots, make("help_url = \"https://a.test/\"\n"));
	held = pm_snapshots_take(&snapshots);
	pm_snapshots_set(&snapshots, make("help_url = \"https://b.test/\"\n"));
	fresh = pm_snapshots_take(&snapshots);
	assert_string_equal(held->config->help_url, "https://a.test/");
	assert_string_equal(fresh->config->help_url, "https://b.test/");
	assert_int_equal(atomic_load(&held->holders), 1);
	pm_snapshot_release(held);
	pm_snapshot_release(fresh);
	pm_snapshots_set(&snapshots, NULL);
}

static void *
hold(void *arg)
{
	struct pm_snapshots *snapshots = arg;
	struct pm_snapshot *snapshot;
	unsigned bad = 0;
	unsigned i;

	for (i = 0; i < TURNS; i++) {
		snapshot = pm_snapshots_take(snapshots);
		if (strncmp(snapshot->config->help_url, "https://", 8) != 0)
			bad++;
		pm_snapshot_release(snapshot);
	}
	return bad == 0 ? NULL : arg;
}

static void
test_threads_may_take_one_while_it_is_replaced(void **state)
{
	struct pm_snapshots snapshots;
	pthread_t threads[THREADS];
	void *result;
	size_t i;

	(void)state;
	pm_snapshots_init(&snapshots);
	pm_snapshots_set(&snapshots, make("help_url = \"https://a.test/\"\n"));
	for (i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, hold, &snapshots), 0);
	for (i = 0; i < 50; i++)
		pm_snapshots_set(
		    &snapshots, make("help_url = \"https://b.test/\"\n"));
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_null(result);
	}
	pm_snapshots_set(&snapshots, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plans_say_what_is_wanted_of_the_mta),
	    cmocka_unit_test(test_who_holds_one_keeps_it_over_a_reload),
	    cmocka_unit_test(test_threads_may_take_one_while_it_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
