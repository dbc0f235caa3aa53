/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/door.h"

#include <stdlib.h>

#include "tests/unit/support/store_fixture.h"

#define THREADS 16
#define EACH    200

struct door_site {
	char dir[128];
	char state[160];
	struct pm_door door;
	struct pt_config config; /* empty: no plans, no notices */
};

static int
set_up(void **state)
{
	struct door_site *site = calloc(1, sizeof(*site));
	struct pt_err err;

	assert_non_null(site);
	test_make_dir(site->dir, sizeof(site->dir));
	(void)snprintf(site->state, sizeof(site->state), "%s/state", site->dir);
	if (pt_store_create(site->state, &err) != 0 ||
	    pm_door_open(&site->door, site->state, &err) != 0)
		fail_msg("%s", err.text);
	*state = site;
	return 0;
}

static int
tear_down(void **state)
{
	struct door_site *site = *state;
	struct pt_err err;

	assert_int_equal(pm_door_close(&site->door, &err), 0);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

struct worker {
	struct pm_door *door;
	struct pt_login login;
	unsigned failed;
	uint64_t last;
	bool in_order; /* each saw its own updates, and no older state */
	pthread_t thread;
};

static void *
work(void *arg)
{
	struct worker *worker = arg;
	struct pt_account account;
	struct pt_activity activity;
	struct pt_update update = {
	    .login = &worker->login,
	    .fn = store_fixture_count,
	};
	struct pt_err err;
	uint64_t total;
	unsigned i;

	update.arg = &total;
	worker->in_order = true;
	for (i = 0; i < EACH; i++) {
		if (pm_door_update(worker->door, &update, &err) != 0) {
			worker->failed++;
			continue;
		}
		worker->in_order = worker->in_order && total > worker->last;
		worker->last = total;
		if (pm_door_read(worker->door, &worker->login, &account,
			&activity, &err) != 0)
			worker->failed++;
		else if (activity.total[PT_COUNT_MESSAGES] < total)
			worker->in_order = false;
	}
	return NULL;
}

static void
test_no_update_of_many_threads_is_lost(void **state)
{
	static struct worker workers[THREADS];
	struct door_site *site = *state;
	uint64_t last[2] = {0, 0};
	size_t i;

	for (i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){
		    .door = &site->door,
		    .login = test_login(
			i % 2 == 0 ? "ann@example.com" : "bob@example.com"),
		};
		assert_int_equal(
		    pthread_create(&workers[i].thread, NULL, work, &workers[i]),
		    0);
	}
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
		assert_int_equal(workers[i].failed, 0);
		assert_true(workers[i].in_order);
		if (workers[i].last > last[i % 2])
			last[i % 2] = workers[i].last;
	}
	assert_int_equal(last[0], THREADS / 2 * EACH);
	assert_int_equal(last[1], THREADS / 2 * EACH);
	assert_true(
	    atomic_load(&site->door.batches) <= (unsigned)THREADS * EACH);
}

static void
test_what_comes_after_the_end_fails(void **state)
{
	struct door_site *site = *state;
	const struct pt_login login = test_login("ann@example.com");
	struct pt_update update = {
	    .login = &login,
	    .fn = store_fixture_count,
	};
	struct pt_account account;
	struct pt_evidence evidence;
	static struct pt_pending pending;
	struct pt_err err;
	uint64_t total;

	update.arg = &total;
	assert_int_equal(pm_door_update(&site->door, &update, &err), 0);
	assert_int_equal(pm_door_close(&site->door, &err), 0);
	assert_int_equal(pm_door_update(&site->door, &update, &err), -1);
	assert_int_equal(err.kind, PT_ERR_UNAVAILABLE);
	assert_int_equal(pm_door_complete(&site->door, &site->config, TEST_NOW,
			     &pending, &err),
	    -1);
	assert_int_equal(pending.count, 0);
	assert_int_equal(
	    pm_door_read(&site->door, &login, &account, NULL, &err), -1);
	assert_int_equal(
	    pm_door_read_evidence(&site->door, &login, &evidence, &err), -1);
	assert_int_equal(pm_door_maintain(&site->door, &err), -1);
}

static void
mark(struct pt_records *records, void *arg)
{
	(void)arg;
	records->activity->block = (struct pt_pending_block){
	    .reason = PT_BLOCK_CRACKED, .at = TEST_NOW - 3};
	records->activity_changed = true;
}

static void
make(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->exists = true;
	records->account_changed = true;
}

static void
test_blocks_that_are_pending_go_into_their_accounts_once(void **state)
{
	struct door_site *site = *state;
	const struct pt_login login = test_login("ann@example.com");
	struct pt_update update = {.login = &login, .fn = mark};
	static struct pt_pending pending;
	struct pt_account account;
	struct pt_activity activity;
	struct pt_err err;

	assert_int_equal(pt_store_update_one(site->door.store,
			     PT_UPDATE_ACCOUNT, &login, make, NULL, &err),
	    0);
	assert_int_equal(pm_door_update(&site->door, &update, &err), 0);
	assert_int_equal(pm_door_complete(&site->door, &site->config, TEST_NOW,
			     &pending, &err),
	    0);
	assert_int_equal(pending.count, 1);
	assert_true(pt_login_equal(&pending.job[0].login, &login));
	assert_int_equal(pending.job[0].reason, PT_BLOCK_CRACKED);
	assert_int_equal(
	    pm_door_read(&site->door, &login, &account, &activity, &err), 0);
	assert_int_equal(account.block_reason, PT_BLOCK_CRACKED);
	assert_true(account.block.at == TEST_NOW - 3);
	assert_int_equal(activity.block.reason, PT_BLOCK_NONE);
	atomic_store(&site->door.unsynced, false);
	assert_int_equal(pm_door_complete(&site->door, &site->config, TEST_NOW,
			     &pending, &err),
	    0);
	assert_int_equal(pending.count, 0);
	assert_false(atomic_load(&site->door.unsynced));
}

static void
test_pending_blocks_are_left_to_a_keeper_that_lives(void **state)
{
	struct door_site *site = *state;
	const struct pt_login login = test_login("ann@example.com");
	const struct pt_life life = {.number = 7, .seen_at = TEST_NOW};
	struct pt_update update = {.login = &login, .fn = mark};
	int64_t late = TEST_NOW + PT_LIFE_SECONDS + 1;
	static struct pt_pending pending;
	struct pt_err err;

	assert_int_equal(pm_door_update(&site->door, &update, &err), 0);
	assert_int_equal(
	    pt_store_put_life(site->door.store, PT_LIFE_KEEPER, &life, &err),
	    0);
	assert_int_equal(pm_door_complete(&site->door, &site->config, TEST_NOW,
			     &pending, &err),
	    0);
	assert_int_equal(pending.count, 0);
	assert_int_equal(
	    pm_door_complete(&site->door, &site->config, late, &pending, &err),
	    0);
	assert_int_equal(pending.count, 1);
}

static void
test_nobody_syncs_for_us_unless_policyd_lives(void **state)
{
	struct door_site *site = *state;
	const struct pt_life life = {.number = 7, .seen_at = TEST_NOW};
	struct pt_err err;

	assert_false(pm_door_is_served(&site->door, TEST_NOW));
	assert_int_equal(
	    pt_store_put_life(site->door.store, PT_LIFE_POLICYD, &life, &err),
	    0);
	assert_true(pm_door_is_served(&site->door, TEST_NOW));
	assert_true(pm_door_is_served(&site->door, TEST_NOW + PT_LIFE_SECONDS));
	assert_false(
	    pm_door_is_served(&site->door, TEST_NOW + PT_LIFE_SECONDS + 1));
	/* A clock that was set back: better once too often. */
	assert_false(
	    pm_door_is_served(&site->door, TEST_NOW - PT_LIFE_SECONDS - 1));
}

#define DOOR_TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DOOR_TEST(test_no_update_of_many_threads_is_lost),
	    DOOR_TEST(test_what_comes_after_the_end_fails),
	    DOOR_TEST(test_blocks_that_are_pending_go_into_their_accounts_once),
	    DOOR_TEST(test_pending_blocks_are_left_to_a_keeper_that_lives),
	    DOOR_TEST(test_nobody_syncs_for_us_unless_policyd_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
