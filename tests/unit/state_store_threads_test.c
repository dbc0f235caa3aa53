/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* A store that goes from thread to thread, one at a time. */

#include <pthread.h>

#include "core/state/store_private.h"
#include "tests/unit/support/store_fixture.h"

#define THREADS 6
#define ROUNDS  60

struct shared {
	pthread_mutex_t mutex;
	struct pt_store *store;
	struct pt_login login;
	unsigned failures; /* under the mutex; asserted when all have ended */
};

static void
change_all(struct pt_records *records, void *arg)
{
	uint64_t *total = arg;

	records->activity->total[PT_COUNT_MESSAGES]++;
	records->activity_changed = true;
	records->usage->logins_total++;
	records->usage_changed = true;
	records->evidence->bounces_total++;
	records->evidence_changed = true;
	*total = records->activity->total[PT_COUNT_MESSAGES];
}

static void
change_account(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->created_at++;
	records->account_changed = true;
}

static bool
see(const struct pt_activity *activity, const struct pt_err *err, void *arg)
{
	unsigned *seen = arg;

	(void)err;
	*seen += activity != NULL;
	return true;
}

static bool
update(struct shared *shared, enum pt_update_scope scope, pt_update_fn *fn,
    void *total)
{
	struct pt_update update = {
	    .login = &shared->login,
	    .usage = true,
	    .evidence = true,
	    .fn = fn,
	    .arg = total,
	};
	struct pt_err err;

	return pt_store_update(shared->store, scope, &update, 1, &err) == 0 &&
	       update.failed == PT_ERR_NONE;
}

/* Each kind of call; what one thread wrote, the next one reads. */
static bool
use_store(struct shared *shared, unsigned round)
{
	struct pt_store *store = shared->store;
	static struct pt_account account;
	static struct pt_activity activity;
	static struct pt_evidence evidence;
	struct pt_counters counters;
	uint64_t total = 0;
	unsigned seen = 0;
	struct pt_err err;

	if (!update(shared, PT_UPDATE_ACTIVITY, change_all, &total) ||
	    pt_store_read(
		store, &shared->login, &account, &activity, NULL, &err) != 0 ||
	    pt_store_read_evidence(store, &shared->login, &evidence, &err) !=
		0 ||
	    activity.total[PT_COUNT_MESSAGES] != total ||
	    evidence.bounces_total != total)
		return false;
	if (round % 10 == 0 &&
	    !update(shared, PT_UPDATE_ACCOUNT, change_account, NULL))
		return false;
	if (pt_store_each_activity(store, see, &seen, &err) != 0 || seen != 1 ||
	    pt_store_get_counters(store, "milter", &counters, &err) != 0)
		return false;
	counters.requests++;
	return pt_store_put_counters(
		   store, "milter", &counters, TEST_NOW, &err) == 0 &&
	       pt_store_maintain(store, &err) == 0;
}

static void *
work(void *arg)
{
	struct shared *shared = arg;

	for (unsigned i = 0; i < ROUNDS; i++) {
		(void)pthread_mutex_lock(&shared->mutex);
		if (!use_store(shared, i))
			shared->failures++;
		(void)pthread_mutex_unlock(&shared->mutex);
	}
	return NULL;
}

static void *
sync_meanwhile(void *arg)
{
	struct shared *shared = arg;
	unsigned failures = 0;
	struct pt_err err;

	for (unsigned i = 0; i < ROUNDS; i++) {
		if (pt_store_sync_part(shared->store, i % 4, 4, &err) != 0 ||
		    (i % 16 == 0 && pt_store_sync(shared->store, &err) != 0))
			failures++;
	}
	(void)pthread_mutex_lock(&shared->mutex);
	shared->failures += failures;
	(void)pthread_mutex_unlock(&shared->mutex);
	return NULL;
}

static void
share(struct shared *shared, struct pt_store *store)
{
	shared->store = store;
	shared->login = test_login("ann@example.com");
	shared->failures = 0;
	assert_int_equal(pthread_mutex_init(&shared->mutex, NULL), 0);
}

static void
run_alone(void *(*fn)(void *), void *arg)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, fn, arg), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

static void
a_mutex_is_all_that_threads_need(void **state)
{
	struct store_fixture *f = *state;
	struct pt_counters counters;
	struct shared shared;
	pthread_t threads[THREADS + 1];
	struct pt_err err;

	share(&shared, f->store);
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, work, &shared), 0);
	assert_int_equal(
	    pthread_create(&threads[THREADS], NULL, sync_meanwhile, &shared),
	    0);
	for (unsigned i = 0; i <= THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(shared.failures, 0);
	assert_int_equal(
	    store_fixture_total(f->store, &shared.login), THREADS * ROUNDS);
	assert_int_equal(
	    store_fixture_bounces(f->store, "ann"), THREADS * ROUNDS);
	assert_int_equal(
	    pt_store_get_counters(f->store, "milter", &counters, &err), 0);
	assert_int_equal(counters.requests, THREADS * ROUNDS);
	(void)pthread_mutex_destroy(&shared.mutex);
}

struct opening {
	const struct store_fixture *f;
	enum pt_store_mode mode;
	struct pt_store *store;
};

static void *
open_and_read(void *arg)
{
	struct opening *opening = arg;
	struct pt_login login = test_login("ann@example.com");
	static struct pt_account account;
	static struct pt_activity activity;
	struct pt_err err;

	if (pt_store_open(
		opening->f->state, opening->mode, &opening->store, &err) != 0)
		return NULL;
	/* So that it holds slots of readers when its thread ends. */
	if (pt_store_read(
		opening->store, &login, &account, &activity, NULL, &err) != 0) {
		pt_store_close(opening->store);
		opening->store = NULL;
	}
	return NULL;
}

static void *
close_it(void *arg)
{
	pt_store_close(arg);
	return NULL;
}

static unsigned
readers_of(struct pt_store *store)
{
	struct pt_store_usage usage;
	struct pt_err err;

	assert_int_equal(pt_store_usage(store, &usage, &err), 0);
	return usage.readers;
}

static void
a_store_outlives_the_thread_that_opened_it(void **state)
{
	static const enum pt_store_mode modes[] = {
	    PT_STORE_WRITE, PT_STORE_ACTIVITY, PT_STORE_KEEP};
	struct store_fixture *f = *state;
	struct shared shared;

	pt_store_close(f->store);
	f->store = NULL;
	for (size_t i = 0; i < 3; i++) {
		struct opening opening = {.f = f, .mode = modes[i]};
		uint64_t total = 0;
		unsigned readers;

		run_alone(open_and_read, &opening);
		assert_non_null(opening.store);
		readers = readers_of(opening.store);
		share(&shared, opening.store);
		for (unsigned n = 1; n <= 5; n++) {
			assert_true(update(
			    &shared, PT_UPDATE_ACTIVITY, change_all, &total));
			assert_int_equal(total, i * 5 + n);
			assert_int_equal(
			    store_fixture_bounces(opening.store, "ann"), total);
		}
		/* Its reader is the same one, and no thread took another. */
		assert_int_equal(readers_of(opening.store), readers);
		(void)pthread_mutex_destroy(&shared.mutex);
		run_alone(close_it, opening.store);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_mutex_is_all_that_threads_need),
	    STORE_TEST(a_store_outlives_the_thread_that_opened_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
