/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What programs counted, hour by hour. */

#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/support/store_fixture.h"
#include "tests/unit/support/store_raw.h"

#define HOUR (TEST_NOW - TEST_NOW % PT_HOUR_SECONDS)

static void
put(struct pt_store *store, const char *program, uint64_t permitted, int64_t at)
{
	struct pt_counters counters = {.permitted = permitted};
	struct pt_err err;

	counters.refused[3] = permitted / 2;
	if (pt_store_put_counters(store, program, &counters, at, &err) != 0)
		fail_msg("put: %s", err.text);
}

struct seen {
	size_t count;
	size_t max;
	struct pt_hour hour[16];
};

static bool
see(const struct pt_hour *hour, void *arg)
{
	struct seen *seen = arg;

	assert_true(seen->count < 16);
	seen->hour[seen->count++] = *hour;
	return seen->count < seen->max;
}

static const struct seen *
look(struct pt_store *store, int64_t from)
{
	static struct seen seen;
	struct pt_err err;

	seen = (struct seen){.max = 16};
	if (pt_store_each_hour(store, from, see, &seen, &err) != 0)
		fail_msg("walk: %s", err.text);
	return &seen;
}

static void
what_counters_grew_by_goes_into_the_hour(void **state)
{
	struct store_fixture *f = *state;
	struct pt_counters counters;
	const struct seen *seen;
	struct pt_err err;

	assert_int_equal(look(f->store, 0)->count, 0);
	put(f->store, "policyd", 10, HOUR);
	put(f->store, "policyd", 14, HOUR + 1800);
	put(f->store, "milter", 100, HOUR + 3599);
	put(f->store, "policyd", 14, HOUR + 3600);
	put(f->store, "policyd", 20, HOUR + 7200);
	seen = look(f->store, 0);
	assert_int_equal(seen->count, 2);
	assert_int_equal(seen->hour[0].start, HOUR);
	assert_int_equal(seen->hour[0].permitted, 114);
	assert_int_equal(seen->hour[0].refused[3], 57);
	assert_int_equal(seen->hour[1].start, HOUR + 7200);
	assert_int_equal(seen->hour[1].permitted, 6);
	assert_int_equal(
	    pt_store_get_counters(f->store, "policyd", &counters, &err), 0);
	assert_int_equal(counters.permitted, 20);
}

static void
a_walk_begins_where_it_is_told_and_stops(void **state)
{
	struct store_fixture *f = *state;
	struct seen seen = {.max = 2};
	struct pt_err err;

	for (int i = 0; i < 5; i++)
		put(f->store, "policyd", (uint64_t)i + 1, HOUR + i * 3600);
	assert_int_equal(look(f->store, HOUR)->count, 5);
	assert_int_equal(look(f->store, HOUR + 1)->count, 4);
	assert_int_equal(look(f->store, HOUR + 3 * 3600)->count, 2);
	assert_int_equal(look(f->store, INT64_MAX)->count, 0);
	assert_int_equal(pt_store_each_hour(f->store, -1, see, &seen, &err), 0);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.hour[1].start, HOUR + 3600);
}

static void
old_hours_are_forgotten(void **state)
{
	struct store_fixture *f = *state;
	struct pt_err err;

	for (int i = 0; i < 5; i++)
		put(f->store, "policyd", (uint64_t)i + 1, HOUR + i * 3600);
	assert_int_equal(pt_store_prune_hours(f->store, -1, &err), 0);
	assert_int_equal(pt_store_prune_hours(f->store, HOUR, &err), 0);
	assert_int_equal(look(f->store, 0)->count, 5);
	assert_int_equal(
	    pt_store_prune_hours(f->store, HOUR + 3600 + 1, &err), 0);
	assert_int_equal(look(f->store, 0)->count, 3);
	assert_int_equal(look(f->store, 0)->hour[0].start, HOUR + 7200);
	assert_int_equal(pt_store_prune_hours(f->store, INT64_MAX, &err), 0);
	assert_int_equal(look(f->store, 0)->count, 0);
	assert_int_equal(pt_store_prune_hours(f->store, INT64_MAX, &err), 0);
}

static void
what_cannot_be_read_does_no_harm(void **state)
{
	static const char newer[] = "\x7f";
	struct store_fixture *f = *state;
	unsigned char key[STORE_KEY_LEN];
	MDB_val hour = {sizeof(key), key};
	MDB_val name = {7, (void *)(uintptr_t) "policyd"};
	MDB_val data = {1, (void *)(uintptr_t) ""};

	put(f->store, "policyd", 5, HOUR);
	/* Nobody knows what has been counted since. */
	store_raw_put(&f->store->activity, STORE_OTHER, name, data);
	put(f->store, "policyd", 1000, HOUR);
	assert_int_equal(look(f->store, 0)->hour[0].permitted, 5);
	put(f->store, "policyd", 1001, HOUR);
	assert_int_equal(look(f->store, 0)->hour[0].permitted, 6);
	/* A damaged hour begins anew, and hides no other. */
	put(f->store, "policyd", 1002, HOUR + 3600);
	pt_store_key_bytes((uint64_t)HOUR, key);
	store_raw_put(&f->store->activity, STORE_HOURS, hour, data);
	assert_int_equal(look(f->store, 0)->count, 1);
	put(f->store, "policyd", 1005, HOUR);
	assert_int_equal(look(f->store, 0)->count, 2);
	assert_int_equal(look(f->store, 0)->hour[0].permitted, 3);
	/* What a later Postern counts is its own. */
	data.mv_data = (void *)(uintptr_t)newer;
	store_raw_put(&f->store->activity, STORE_HOURS, hour, data);
	put(f->store, "policyd", 1006, HOUR);
	assert_int_equal(look(f->store, 0)->count, 1);
}

static void
put_in_child(const struct store_fixture *f, const char *program)
{
	pid_t child = fork();
	struct pt_store *store;

	assert_true(child >= 0);
	if (child != 0)
		return;
	store = store_fixture_open(f, PT_STORE_WRITE);
	for (uint64_t i = 1; i <= 500; i++)
		put(store, program, i, HOUR);
	pt_store_close(store);
	_exit(0);
}

static void
programs_that_count_at_once_lose_nothing(void **state)
{
	static const char *const programs[] = {"policyd", "milter", "keeper"};
	struct store_fixture *f = *state;
	int status;

	for (size_t i = 0; i < 3; i++)
		put_in_child(f, programs[i]);
	for (size_t i = 0; i < 3; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(look(f->store, 0)->hour[0].permitted, 1500);
}

static void
a_full_map_grows_for_hours(void **state)
{
	struct store_fixture *f = *state;
	struct pt_store_usage usage;
	struct pt_counters counters = {0};
	struct seen seen = {.max = 1};
	struct pt_err err;

	assert_int_equal(
	    mdb_env_set_mapsize(f->store->activity.env, (size_t)64 << 10), 0);
	for (uint64_t i = 1; i <= 600; i++) {
		for (unsigned j = 0; j < PT_COUNTER_REASONS; j++)
			counters.refused[j] = i << 40;
		if (pt_store_put_counters(f->store, "policyd", &counters,
			HOUR + (int64_t)i * 3600, &err) != 0)
			fail_msg("put: %s", err.text);
	}
	assert_int_equal(pt_store_usage(f->store, &usage, &err), 0);
	assert_true(usage.activity_map > (uint64_t)64 << 10);
	assert_int_equal(
	    pt_store_each_hour(f->store, HOUR + 600 * 3600, see, &seen, &err),
	    0);
	assert_int_equal(seen.hour[0].start, HOUR + 600 * 3600);
	/* No try counted twice. */
	assert_true(seen.hour[0].refused[0] == (uint64_t)1 << 40);
	assert_int_equal(
	    pt_store_prune_hours(f->store, HOUR + 600 * 3600, &err), 0);
	assert_int_equal(look(f->store, 0)->count, 1);
}

static void
who_only_reads_changes_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct pt_counters counters = {.permitted = 9};
	struct pt_err err;

	put(f->store, "policyd", 5, HOUR);
	pt_store_close(f->store);
	f->store = store_fixture_open(f, PT_STORE_READ);
	assert_int_equal(
	    pt_store_put_counters(f->store, "policyd", &counters, HOUR, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_INTERNAL);
	assert_int_equal(pt_store_prune_hours(f->store, INT64_MAX, &err), -1);
	assert_int_equal(look(f->store, 0)->hour[0].permitted, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(what_counters_grew_by_goes_into_the_hour),
	    STORE_TEST(a_walk_begins_where_it_is_told_and_stops),
	    STORE_TEST(old_hours_are_forgotten),
	    STORE_TEST(what_cannot_be_read_does_no_harm),
	    STORE_TEST(programs_that_count_at_once_lose_nothing),
	    STORE_TEST(a_full_map_grows_for_hours),
	    STORE_TEST(who_only_reads_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
